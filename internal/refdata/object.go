package refdata

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// object reads the keys of one mapping. Each may be asked for once; those that
// nobody asked for are faults.
type object struct {
	*reader
	at     place
	fields map[string]field
	known  []string
	// draft is the account that the mapping belongs to.
	draft *draft
}

// field is a key with its value, nil for null.
type field struct {
	// key is where the key stands, at where its value does.
	key, at place
	node    ast.Node
}

// mapping reads a node's keys by f and notes those that are unknown or doubled.
func (r *reader) mapping(n ast.Node, at place, f func(o *object)) {
	if r.nodes++; r.nodes > maxNodes {
		if r.nodes == maxNodes+1 {
			r.faults.add(at, "The file has over %d mappings, aliases included: split it", maxNodes)
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
		r.faults.add(at, "Must be a mapping of keys to values")
		return
	}
	o := &object{reader: r, at: at, fields: make(map[string]field, len(pairs))}
	for _, pair := range pairs {
		o.add(pair)
	}
	f(o)
	o.end()
}

func (o *object) add(pair *ast.MappingValueNode) {
	key, is := pair.Key.(*ast.StringNode)
	if !is {
		o.faults.add(placeOf(pair.Key, pair.Key.String()), "Must be a plain key")
		return
	}
	at := placeOf(pair.Key, key.Value)
	if first, twice := o.fields[key.Value]; twice {
		o.faults.add(at, "Given twice: it is in line %d already", first.key.line)
		return
	}
	value := placeOf(pair.Value, key.Value)
	o.fields[key.Value] = field{key: at, at: value, node: o.resolve(pair.Value, value)}
}

// end notes the keys that nobody asked for.
func (o *object) end() {
	for key, f := range o.fields {
		if !slices.Contains(o.known, key) {
			o.faults.add(f.key, "Unknown key: here are %s", strings.Join(o.known, ", "))
		}
	}
}

// take answers a key's value, unless there is none.
func (o *object) take(key string) (field, bool) {
	if !slices.Contains(o.known, key) {
		o.known = append(o.known, key)
	}
	f := o.fields[key]
	return f, f.node != nil
}

// place answers where a key's value stands, or else where the mapping begins.
func (o *object) place(key string) place {
	if f, found := o.fields[key]; found {
		return f.at
	}
	return place{o.at.line, o.at.column, key}
}

// fault notes a fault of a key's value.
func (o *object) fault(key, format string, args ...any) { o.faults.add(o.place(key), format, args...) }

// need reads a value that must be there.
func need[T any](o *object, key string, parse func(string) (T, error)) (value T) {
	if _, given := o.take(key); !given {
		o.fault(key, "Required")
		return value
	}
	return may(o, key, value, parse)
}

// may reads a value and answers another where there is none.
func may[T any](o *object, key string, otherwise T, parse func(string) (T, error)) T {
	f, given := o.take(key)
	if !given {
		return otherwise
	}
	text, is := o.scalar(f.node, f.at)
	if !is {
		return otherwise
	}
	value, err := parse(text)
	if err != nil {
		o.faults.add(f.at, "%s", err)
		return otherwise
	}
	return value
}

// items answers the nodes of a list; a key that is not there has none.
func (o *object) items(key string) []ast.Node {
	f, given := o.take(key)
	if !given {
		return nil
	}
	list, is := f.node.(*ast.SequenceNode)
	if !is {
		o.faults.add(f.at, "Must be a list")
		return nil
	}
	if len(list.Values) > maxEntries {
		o.faults.add(f.at, "Has more than %d entries: split the file", maxEntries)
		return nil
	}
	return list.Values
}

// list reads a list of mappings.
func (o *object) list(key string, f func(o *object)) {
	for _, n := range o.items(key) {
		o.mapping(n, placeOf(n, key), func(item *object) {
			item.draft = o.draft
			f(item)
		})
	}
}

// within reads a mapping, and reports whether it is there.
func (o *object) within(key string, f func(o *object)) bool {
	value, given := o.take(key)
	if given {
		o.mapping(value.node, value.at, func(inner *object) {
			inner.draft = o.draft
			f(inner)
		})
	}
	return given
}

// texts reads a list of values, each once.
func (o *object) texts(key string, parse func(string) (string, error)) []string {
	var texts []string
	for _, n := range o.items(key) {
		at := placeOf(n, key)
		text, is := o.scalar(o.resolve(n, at), at)
		if !is {
			continue
		}
		text, err := parse(text)
		switch {
		case err != nil:
			o.faults.add(at, "%s", err)
		case slices.Contains(texts, text):
			o.faults.add(at, "%q is there twice", text)
		default:
			texts = append(texts, text)
		}
	}
	return texts
}
