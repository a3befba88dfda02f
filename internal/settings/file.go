package settings

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/spelling"
)

// maxFile bounds a configuration file.
const maxFile = 1 << 20

// file is a configuration file.
type file struct {
	name   string
	values map[string]value
}

// value is the value of a key.
type value struct {
	text string
	line int
}

// at returns the position of a line for a message.
func (f *file) at(line int) string { return fmt.Sprintf("%s:%d", f.name, line) }

// readFile reads a configuration file, whose keys must be known. It reports all errors of the
// file.
func readFile(name string, known []string) (*file, error) {
	text, err := output.ReadFile(name, maxFile)
	if err != nil {
		return nil, fmt.Errorf("read the configuration file: %w", err)
	}
	f := &file{name: name, values: make(map[string]value)}
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("%s: the file is not UTF-8: convert it", name)
	}
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0, parser.AllowDuplicateMapKey()) // reported by add
	if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, fmt.Errorf("%s: not valid YAML: %s", f.at(syntax.Token.Position.Line), syntax.Message)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: not valid YAML: %w", name, err)
	}
	var errs []error
	for i, document := range parsed.Docs {
		switch {
		case i > 0:
			errs = append(errs, fmt.Errorf("%s: the file must be one document", name))
		case document.Body != nil:
			errs = append(errs, f.addAll(document.Body, known))
		}
	}
	return f, errors.Join(errs...)
}

// addAll adds the keys of the mapping that the file is.
func (f *file) addAll(body ast.Node, known []string) error {
	var entries []*ast.MappingValueNode
	switch n := body.(type) {
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	case *ast.CommentGroupNode, *ast.NullNode:
		return nil
	default:
		return fmt.Errorf("%s: write one setting per line, as listen: 127.0.0.1:8080", f.at(body.GetToken().Position.Line))
	}
	errs := make([]error, len(entries))
	for i, entry := range entries {
		line := entry.Key.GetToken().Position.Line
		if err := f.add(entry.Key.GetToken().Value, entry.Value, line, known); err != nil {
			errs[i] = fmt.Errorf("%s: %w", f.at(line), err)
		}
	}
	return errors.Join(errs...)
}

// add adds a key with its value.
func (f *file) add(key string, node ast.Node, line int, known []string) error {
	if !slices.Contains(known, key) {
		message := fmt.Sprintf("unknown setting %q", key)
		if near := spelling.Nearest(key, known); near != "" {
			message += fmt.Sprintf(": did you mean %s?", near)
		}
		return errors.New(message)
	}
	if before, twice := f.values[key]; twice {
		return fmt.Errorf("%s: also set in line %d; remove one of them", key, before.line)
	}
	text, err := scalars(node)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	f.values[key] = value{text, line}
	return nil
}

// scalars returns the text of a value as it is written, without quotes. It returns the values
// of a list with commas between them.
func scalars(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, nil
	case *ast.NullNode:
		return "", errors.New("has no value: set one or remove the line")
	case *ast.SequenceNode:
		texts := make([]string, len(n.Values))
		for i, item := range n.Values {
			if _, list := item.(*ast.SequenceNode); list {
				return "", errors.New("must not be a list of lists")
			}
			text, err := scalars(item)
			if err != nil {
				return "", err
			}
			if strings.Contains(text, ",") {
				return "", fmt.Errorf("%q: write the values without commas", text)
			}
			texts[i] = text
		}
		return strings.Join(texts, ","), nil
	}
	return "", errors.New("must be a value or a list of values")
}

// path returns a path that the file has. It is relative to the folder of the file.
func (f *file) path(text string) string {
	if text == "" || text == "-" || strings.HasPrefix(text, "~") || filepath.IsAbs(text) {
		return text
	}
	return filepath.Join(filepath.Dir(f.name), text)
}
