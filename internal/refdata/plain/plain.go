// Package plain converts the accounts of a reference file to JSON.
package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxValues bounds the values of a file, which aliases multiply.
const maxValues = 5_000_000

// Accounts returns the accounts of a file as JSON, by their ids: each has the form of an entry of the
// admin API, and every value is a text, as it is written in the file. The file must be one that
// refdata.Parse accepts.
func Accounts(text []byte) (map[int64]json.RawMessage, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if json.Valid(text) { // YAML does not allow tabs
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, err
	}
	if len(file.Docs) != 1 {
		return nil, fmt.Errorf("the file has %d documents, not one", len(file.Docs))
	}
	c := converter{anchors: make(map[string]ast.Node)}
	ast.Walk(&c, file.Docs[0].Body)
	root, err := c.value(file.Docs[0].Body)
	if err != nil {
		return nil, err
	}
	mapping, _ := root.(map[string]any)
	list, _ := mapping["accounts"].([]any)
	accounts := make(map[int64]json.RawMessage, len(list))
	for _, entry := range list {
		fields, _ := entry.(map[string]any)
		id, err := strconv.ParseInt(fmt.Sprint(fields["id"]), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("an account has no id: %w", err)
		}
		if accounts[id], err = json.Marshal(fields); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// converter converts the nodes of a file.
type converter struct {
	anchors map[string]ast.Node
	values  int
}

// Visit records the anchors of the file.
func (c *converter) Visit(n ast.Node) ast.Visitor {
	if anchor, is := n.(*ast.AnchorNode); is {
		c.anchors[anchor.Name.GetToken().Value] = anchor.Value
	}
	return c
}

// value returns a node as a text, a list, a map, or nil for null.
func (c *converter) value(n ast.Node) (any, error) {
	if c.values++; c.values > maxValues {
		return nil, fmt.Errorf("the file has over %d values, aliases included: split it", maxValues)
	}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil, nil //nolint:nilnil // null
	case *ast.AnchorNode:
		return c.value(n.Value)
	case *ast.AliasNode:
		return c.value(c.anchors[n.Value.GetToken().Value])
	case *ast.MappingNode:
		return c.mapping(n.Values)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, v := range n.Values {
			var err error
			if list[i], err = c.value(v); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	}
	return n.GetToken().Value, nil
}

// mapping returns the values of a mapping without those that are null.
func (c *converter) mapping(pairs []*ast.MappingValueNode) (any, error) {
	values := make(map[string]any, len(pairs))
	for _, pair := range pairs {
		value, err := c.value(pair.Value)
		if err != nil {
			return nil, err
		}
		if value != nil {
			values[pair.Key.GetToken().Value] = value
		}
	}
	return values, nil
}
