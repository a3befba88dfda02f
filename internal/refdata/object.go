package refdata

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// object reads the values of one mapping by key. A key in the file that is never read is
// an error.
type object struct {
	*reader
	pos    position
	fields map[string]field
	// keys holds the keys that were read, in order.
	keys []string
	// draft is the account that the mapping belongs to.
	draft *draft
}

// field is a key with its value. The node of the value is nil for null.
type field struct {
	// keyPos is the position of the key, and pos that of its value.
	keyPos, pos position
	node        ast.Node
}

// mapping calls f with the mapping n, and adds errors for unknown and duplicate keys.
func (r *reader) mapping(n ast.Node, at position, f func(o *object)) {
	if r.mappings++; r.mappings > maxMappings {
		if r.mappings == maxMappings+1 {
			r.errs.add(at, "The file has over %d mappings, aliases included: split it", maxMappings)
		}
		return
	}
	var pairs []*ast.MappingValueNode
	switch n := r.resolve(n, at).(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.errs.add(at, "Must be a mapping of keys to values")
		return
	}
	o := &object{reader: r, pos: at, fields: make(map[string]field, len(pairs))}
	for _, pair := range pairs {
		o.add(pair)
	}
	f(o)
	o.end()
}

func (o *object) add(pair *ast.MappingValueNode) {
	key, ok := pair.Key.(*ast.StringNode)
	if !ok {
		o.errs.add(positionOf(pair.Key, pair.Key.String()), "Must be a plain key")
		return
	}
	at := positionOf(pair.Key, key.Value)
	if first, exists := o.fields[key.Value]; exists {
		o.errs.add(at, "Duplicate key: it is already in line %d", first.keyPos.line)
		return
	}
	value := positionOf(pair.Value, key.Value)
	o.fields[key.Value] = field{keyPos: at, pos: value, node: o.resolve(pair.Value, value)}
}

// end adds an error for each key that was never read.
func (o *object) end() {
	for key, f := range o.fields {
		if !slices.Contains(o.keys, key) {
			o.errs.add(f.keyPos, "Unknown key: the keys are %s", strings.Join(o.keys, ", "))
		}
	}
}

// value returns the field of a key, and whether the file has a value for it. It marks
// the key as known.
func (o *object) value(key string) (field, bool) {
	if !slices.Contains(o.keys, key) {
		o.keys = append(o.keys, key)
	}
	f := o.fields[key]
	return f, f.node != nil
}

// position returns the position of a key's value, or of the mapping if it has no such key.
func (o *object) position(key string) position {
	if f, exists := o.fields[key]; exists {
		return f.pos
	}
	return position{o.pos.line, o.pos.column, key}
}

// errorf adds an error for a key's value.
func (o *object) errorf(key, format string, args ...any) {
	o.errs.add(o.position(key), format, args...)
}

// required parses the value of a key that must be present.
func required[T any](o *object, key string, parse func(string) (T, error)) (value T) {
	if _, exists := o.value(key); !exists {
		o.errorf(key, "Required")
		return value
	}
	return optional(o, key, value, parse)
}

// optional parses the value of a key. It returns fallback if the key is absent or its value
// invalid.
func optional[T any](o *object, key string, fallback T, parse func(string) (T, error)) T {
	f, exists := o.value(key)
	if !exists {
		return fallback
	}
	text, ok := o.scalar(f.node, f.pos)
	if !ok {
		return fallback
	}
	value, err := parse(text)
	if err != nil {
		o.errs.add(f.pos, "%s", err)
		return fallback
	}
	return value
}

// items returns the nodes of a list, or nil if the key is absent.
func (o *object) items(key string) []ast.Node {
	f, exists := o.value(key)
	if !exists {
		return nil
	}
	list, ok := f.node.(*ast.SequenceNode)
	if !ok {
		o.errs.add(f.pos, "Must be a list")
		return nil
	}
	if len(list.Values) > maxEntries {
		o.errs.add(f.pos, "Has more than %d entries: split the file", maxEntries)
		return nil
	}
	return list.Values
}

// list calls f with each mapping of a list.
func (o *object) list(key string, f func(o *object)) {
	for _, n := range o.items(key) {
		o.mapping(n, positionOf(n, key), func(item *object) {
			item.draft = o.draft
			f(item)
		})
	}
}

// nested calls f with the mapping of a key, and reports whether the key is present.
func (o *object) nested(key string, f func(o *object)) bool {
	value, exists := o.value(key)
	if exists {
		o.mapping(value.node, value.pos, func(inner *object) {
			inner.draft = o.draft
			f(inner)
		})
	}
	return exists
}

// texts parses a list of scalars without duplicates.
func (o *object) texts(key string, parse func(string) (string, error)) []string {
	var texts []string
	listed := make(map[string]bool)
	for _, n := range o.items(key) {
		at := positionOf(n, key)
		text, ok := o.scalar(o.resolve(n, at), at)
		if !ok {
			continue
		}
		text, err := parse(text)
		switch {
		case err != nil:
			o.errs.add(at, "%s", err)
		case listed[text]:
			o.errs.add(at, "%q is listed twice", text)
		default:
			texts, listed[text] = append(texts, text), true
		}
	}
	return texts
}
