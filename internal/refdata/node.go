package refdata

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// reader reads the nodes of a file and gathers its faults.
type reader struct {
	faults Faults
	// root is the key of the list that a file is.
	root    string
	anchors map[string]ast.Node
	// nodes counts the mappings that were read.
	nodes int
}

// parse answers the file's one document, or nil after noting why there is none.
func (r *reader) parse(text []byte) ast.Node {
	begin := place{line: 1, column: 1}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(text) > MaxSize:
		r.faults.add(begin, "The file has more than %d MiB: split it", MaxSize>>20)
		return nil
	case !utf8.Valid(text):
		r.faults.add(begin, "The file is not UTF-8: convert it")
		return nil
	case json.Valid(text): // a tab in it is space, and as one it has a column
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
	}
	tokens := lexer.Tokenize(string(text))
	if at, deep := tooDeep(tokens); deep {
		r.faults.add(at, "Nested too deeply: no more than %d brackets or list items in each other", maxDepth)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // noted with other faults, not alone
	if err != nil {
		r.syntax(err)
		return nil
	}
	if len(file.Docs) > 1 {
		r.faults.add(placeOf(file.Docs[1].Body, ""), "The file must be one document: put the lists of %s together", r.root)
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		r.missing()
		return nil
	}
	r.anchors = make(map[string]ast.Node)
	ast.Walk(r, file.Docs[0].Body)
	return file.Docs[0].Body
}

// missing notes that the file does not have its list.
func (r *reader) missing() { r.faults.add(place{1, 1, r.root}, "Required: a list of %s", r.root) }

// tooDeep answers where brackets, or items of lists on one line, are nested more
// deeply than any file needs.
func tooDeep(tokens token.Tokens) (place, bool) {
	depth, items, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			items, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			items++
		}
		if depth > maxDepth || items > maxDepth {
			return place{line: t.Position.Line, column: t.Position.Column}, true
		}
	}
	return place{}, false
}

func (r *reader) syntax(err error) {
	at, message := place{line: 1, column: 1}, err.Error()
	if fault := (*yaml.SyntaxError)(nil); errors.As(err, &fault) {
		at.line, at.column = fault.Token.Position.Line, fault.Token.Position.Column
		message = fault.Message
	}
	r.faults.add(at, "Not valid YAML or JSON: %s", message)
}

// Visit notes the anchors of the file.
func (r *reader) Visit(n ast.Node) ast.Visitor {
	if anchor, is := n.(*ast.AnchorNode); is {
		r.anchors[anchor.Name.GetToken().Value] = anchor.Value
	}
	return r
}

// resolve answers the node that an anchor or alias stands for, and nil for null.
func (r *reader) resolve(n ast.Node, at place) ast.Node {
	for range maxDepth {
		switch is := n.(type) {
		case *ast.AnchorNode:
			n = is.Value
		case *ast.AliasNode:
			name := is.Value.GetToken().Value
			if n = r.anchors[name]; n == nil {
				r.faults.add(at, "There is no anchor &%s", name)
				return nil
			}
		case *ast.TagNode:
			r.faults.add(at, "Write the value without the tag %s", is.GetToken().Value)
			return nil
		case *ast.NullNode:
			return nil
		default:
			return n
		}
	}
	r.faults.add(at, "The alias stands for itself: write the value out")
	return nil
}

// scalar answers a value's text as it was written, without quotes.
func (r *reader) scalar(n ast.Node, at place) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	r.faults.add(at, "Must be one value, not a list or a mapping")
	return "", false
}

// placeOf answers where a node begins.
func placeOf(n ast.Node, key string) place {
	if m, is := n.(*ast.MappingNode); is && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if m, is := n.(*ast.MappingValueNode); is {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return place{1, 1, key}
	}
	position := n.GetToken().Position
	return place{position.Line, position.Column, key}
}
