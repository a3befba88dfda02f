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

// reader reads the nodes of a file and collects errors.
type reader struct {
	errs FileError
	// root is the key of the list in the file.
	root    string
	anchors map[string]ast.Node
	// mappings is the number of mappings that were read.
	mappings int
}

// parse returns the only document of the file. If there is none, it adds an error and
// returns nil.
func (r *reader) parse(text []byte) ast.Node {
	begin := position{line: 1, column: 1}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case !utf8.Valid(text):
		r.errs.add(begin, "The file is not UTF-8: convert it")
		return nil
	case json.Valid(text): // YAML does not allow tabs; as spaces they keep the columns
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
	}
	tokens := lexer.Tokenize(string(text))
	if at, deep := tooDeep(tokens); deep {
		r.errs.add(at, "Nested too deeply: no more than %d brackets or list items in each other", maxDepth)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // reported by object.add, with all other errors
	if err != nil {
		r.addSyntaxError(err)
		return nil
	}
	if len(file.Docs) > 1 {
		r.errs.add(positionOf(file.Docs[1].Body, ""), "The file must be one document: merge the lists of %s", r.root)
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		r.addMissing()
		return nil
	}
	r.anchors = make(map[string]ast.Node)
	ast.Walk(r, file.Docs[0].Body)
	return file.Docs[0].Body
}

// addMissing adds the error for a file without its list.
func (r *reader) addMissing() { r.errs.add(position{1, 1, r.root}, "Required: a list of %s", r.root) }

// tooDeep reports whether brackets, or list items on one line, are nested deeper than
// maxDepth, and returns the position. It protects the stack of the parser.
func tooDeep(tokens token.Tokens) (position, bool) {
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
			return position{line: t.Position.Line, column: t.Position.Column}, true
		}
	}
	return position{}, false
}

// addSyntaxError adds an error of the YAML parser.
func (r *reader) addSyntaxError(err error) {
	at, message := position{line: 1, column: 1}, err.Error()
	if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) {
		at.line, at.column = syntax.Token.Position.Line, syntax.Token.Position.Column
		message = syntax.Message
	}
	r.errs.add(at, "Not valid YAML or JSON: %s", message)
}

// Visit records the anchors of the file.
func (r *reader) Visit(n ast.Node) ast.Visitor {
	if anchor, ok := n.(*ast.AnchorNode); ok {
		r.anchors[anchor.Name.GetToken().Value] = anchor.Value
	}
	return r
}

// resolve returns the node that an anchor or alias refers to. It returns nil for null and
// for a node that can't be resolved, which it reports.
func (r *reader) resolve(n ast.Node, at position) ast.Node {
	for range maxDepth {
		switch node := n.(type) {
		case *ast.AnchorNode:
			n = node.Value
		case *ast.AliasNode:
			name := node.Value.GetToken().Value
			if n = r.anchors[name]; n == nil {
				r.errs.add(at, "There is no anchor &%s", name)
				return nil
			}
		case *ast.TagNode:
			r.errs.add(at, "Write the value without the tag %s", node.GetToken().Value)
			return nil
		case *ast.NullNode:
			return nil
		default:
			return n
		}
	}
	r.errs.add(at, "The alias refers to itself: write the value out")
	return nil
}

// scalar returns the text of a value as it is written, without quotes. If n is not a
// scalar, it adds an error.
func (r *reader) scalar(n ast.Node, at position) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	r.errs.add(at, "Must be one value, not a list or a mapping")
	return "", false
}

// positionOf returns the position at which a node begins.
func positionOf(n ast.Node, key string) position {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return position{1, 1, key}
	}
	at := n.GetToken().Position
	return position{at.Line, at.Column, key}
}
