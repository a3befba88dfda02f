package column

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Attribute is a field of a T that a [JSON] column stores.
type Attribute[T any] struct {
	key string
	// isEmpty reports whether the field is empty, and encode appends its JSON form to dst.
	isEmpty func(v *T) bool
	encode  func(dst []byte, v *T) []byte
	// decode sets the field. A nil document stands for the empty field.
	decode func(v *T, document []byte) error
}

// Text returns an attribute that is a text.
func Text[T any, V ~string](key string, field func(*T) *V) Attribute[T] {
	return newAttribute(key, field, func(text V) bool { return text == "" })
}

// Slice returns an attribute that is a list of elements with a JSON form.
func Slice[T, E any](key string, field func(*T) *[]E) Attribute[T] {
	return newAttribute(key, field, func(list []E) bool { return len(list) == 0 })
}

// Map returns an attribute that maps names to texts.
func Map[T any](key string, field func(*T) *map[string]string) Attribute[T] {
	return newAttribute(key, field, func(m map[string]string) bool { return len(m) == 0 })
}

// Object returns an attribute that is a V with a JSON form, or nil.
func Object[T, V any](key string, field func(*T) **V) Attribute[T] {
	return newAttribute(key, field, func(object *V) bool { return object == nil })
}

// Number returns an attribute that is an integer.
func Number[T any, V ~int | ~int64](key string, field func(*T) *V) Attribute[T] {
	return Attribute[T]{
		key:     key,
		isEmpty: func(v *T) bool { return *field(v) == 0 },
		encode:  func(dst []byte, v *T) []byte { return strconv.AppendInt(dst, int64(*field(v)), 10) },
		decode: func(v *T, document []byte) error {
			if document == nil {
				*field(v) = 0
				return nil
			}
			n, err := strconv.ParseInt(string(document), 10, 64)
			*field(v) = V(n)
			return err
		},
	}
}

// Truth returns an attribute that is a bool.
func Truth[T any](key string, field func(*T) *bool) Attribute[T] {
	return newAttribute(key, field, func(b bool) bool { return !b })
}

// Moment returns an attribute that is an instant, in microseconds since 1970.
func Moment[T any](key string, field func(*T) *time.Time) Attribute[T] {
	return Attribute[T]{
		key:     key,
		isEmpty: func(v *T) bool { return field(v).IsZero() },
		encode:  func(dst []byte, v *T) []byte { return strconv.AppendInt(dst, Micros(*field(v)), 10) },
		decode: func(v *T, document []byte) error {
			*field(v) = time.Time{}
			if document == nil {
				return nil
			}
			n, err := strconv.ParseInt(string(document), 10, 64)
			*field(v) = time.UnixMicro(n).UTC()
			return err
		},
	}
}

// Numbers returns an attribute that is a list of integers. It is stored without the zeros at
// its end.
func Numbers[T any](key string, field func(*T) []int64) Attribute[T] {
	return Attribute[T]{
		key:     key,
		isEmpty: func(v *T) bool { return len(trimZeros(field(v))) == 0 },
		encode:  func(dst []byte, v *T) []byte { return append(appendNumbers(append(dst, '"'), field(v)), '"') },
		decode: func(v *T, document []byte) error {
			return parseNumbers(strings.Trim(string(document), `"`), field(v))
		},
	}
}

func newAttribute[T, V any](key string, field func(*T) *V, isEmpty func(V) bool) Attribute[T] {
	return Attribute[T]{
		key:     key,
		isEmpty: func(v *T) bool { return isEmpty(*field(v)) },
		encode: func(dst []byte, v *T) []byte {
			document, err := json.Marshal(*field(v))
			if err != nil { // texts and maps of texts always have a JSON form
				panic(err)
			}
			return append(dst, document...)
		},
		decode: func(v *T, document []byte) error {
			var empty V
			*field(v) = empty // not the previous row's map, which that row still refers to
			if document == nil {
				return nil
			}
			return json.Unmarshal(document, field(v))
		},
	}
}

// JSON returns a column that stores attributes as one JSON object without the empty ones,
// or as an empty text if all are empty.
func JSON[T any](name string, attributes ...Attribute[T]) Column[T] {
	return Column[T]{
		name, "text", "''", nil,
		func(v *T) any { return &attributesOf[T]{v, attributes} },
		func(v *T) any { return encodeAttributes(v, attributes) },
	}
}

// OptionalJSON is like [JSON] for a field that points to a V, or is nil. Nil is stored as an
// empty text, and an empty V as an empty object.
func OptionalJSON[T, V any](name string, field func(*T) **V, attributes ...Attribute[V]) Column[T] {
	return Column[T]{
		name, "text", "''", nil,
		func(v *T) any { return &optionalAttributes[V]{field(v), attributes} },
		func(v *T) any {
			if *field(v) == nil {
				return ""
			}
			return cmp.Or(encodeAttributes(*field(v), attributes), "{}")
		},
	}
}

// Shortened returns a column with a JSON form as one whose text is shortened.
func (c Column[T]) Shortened(d *Dictionary) Column[T] {
	dest, value := c.dest, c.value
	c.dest = func(v *T) any { return expanding{dest(v).(sql.Scanner), d} }
	c.value = func(v *T) any { return d.Shorten(value(v).(string)) }
	return c
}

// expanding scans a shortened text.
type expanding struct {
	sql.Scanner
	*Dictionary
}

// Scan implements [database/sql.Scanner].
func (e expanding) Scan(src any) error {
	text, ok := textOf(src)
	if !ok {
		return fmt.Errorf("cannot scan a %T as a text", src)
	}
	return e.Scanner.Scan(e.Expand(text))
}

// optionalAttributes scans a column of [OptionalJSON] into v.
type optionalAttributes[V any] struct {
	v          **V
	attributes []Attribute[V]
}

// Scan implements [database/sql.Scanner].
func (d *optionalAttributes[V]) Scan(src any) error {
	*d.v = nil
	if text, ok := textOf(src); ok && text == "" {
		return nil
	}
	*d.v = new(V)
	return (&attributesOf[V]{*d.v, d.attributes}).Scan(src)
}

func encodeAttributes[T any](v *T, attributes []Attribute[T]) string {
	var object []byte
	for _, a := range attributes {
		if a.isEmpty(v) {
			continue
		}
		separator := byte(',')
		if object == nil {
			separator = '{'
		}
		object = append(append(object, separator, '"'), a.key...)
		object = a.encode(append(object, '"', ':'), v)
	}
	if object == nil {
		return ""
	}
	return string(append(object, '}'))
}

// attributesOf scans a column of [JSON] into the fields of v.
type attributesOf[T any] struct {
	v          *T
	attributes []Attribute[T]
}

// Scan implements [database/sql.Scanner].
func (d *attributesOf[T]) Scan(src any) error {
	text, ok := textOf(src)
	if !ok {
		return fmt.Errorf("cannot scan a %T as attributes", src)
	}
	var documents map[string]json.RawMessage
	if text != "" {
		if err := json.Unmarshal([]byte(text), &documents); err != nil {
			return fmt.Errorf("decode attributes: %w", err)
		}
	}
	for _, a := range d.attributes {
		if err := a.decode(d.v, documents[a.key]); err != nil {
			return fmt.Errorf("decode attribute %s: %w", a.key, err)
		}
		delete(documents, a.key)
	}
	for key := range documents { // it would be lost when the row is written
		return fmt.Errorf("unknown attribute %q", key)
	}
	return nil
}

// Encoded declares a column of the JSON form of a field that points to a V, or is nil. Nil is
// stored as an empty text.
func Encoded[T, V any](name string, field func(*T) **V) Column[T] {
	return Column[T]{
		name, "text", "''", nil,
		func(v *T) any { return decoding[V]{field(v)} },
		func(v *T) any {
			if *field(v) == nil {
				return ""
			}
			text, err := json.Marshal(*field(v))
			if err != nil {
				panic(err) // a type that has no JSON form
			}
			return string(text)
		},
	}
}

// decoding scans a column of [Encoded].
type decoding[V any] struct{ v **V }

// Scan implements [database/sql.Scanner].
func (d decoding[V]) Scan(src any) error {
	*d.v = nil
	text, ok := textOf(src)
	switch {
	case !ok:
		return fmt.Errorf("%T is not a text", src)
	case text == "":
		return nil
	}
	*d.v = new(V)
	return json.Unmarshal([]byte(text), *d.v)
}
