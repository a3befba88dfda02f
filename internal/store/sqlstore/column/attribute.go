package column

import (
	"encoding/json"
	"fmt"
)

// Attribute is a field of a T that a [JSON] column stores.
type Attribute[T any] struct {
	key string
	// encode returns the JSON form of the field, or nil if the field is empty.
	encode func(v *T) ([]byte, error)
	// decode sets the field. A nil document stands for the empty field.
	decode func(v *T, document []byte) error
}

// Text returns an attribute that is a text.
func Text[T any](key string, field func(*T) *string) Attribute[T] {
	return newAttribute(key, field, func(text string) bool { return text == "" })
}

// Map returns an attribute that maps names to texts.
func Map[T any](key string, field func(*T) *map[string]string) Attribute[T] {
	return newAttribute(key, field, func(m map[string]string) bool { return len(m) == 0 })
}

func newAttribute[T, V any](key string, field func(*T) *V, isEmpty func(V) bool) Attribute[T] {
	return Attribute[T]{
		key: key,
		encode: func(v *T) ([]byte, error) {
			if isEmpty(*field(v)) {
				return nil, nil
			}
			return json.Marshal(*field(v))
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
		name, "text", "''",
		func(v *T) any { return &attributesOf[T]{v, attributes} },
		func(v *T) any { return encodeAttributes(v, attributes) },
	}
}

func encodeAttributes[T any](v *T, attributes []Attribute[T]) string {
	var object []byte
	for _, a := range attributes {
		document, err := a.encode(v)
		if err != nil { // texts and maps of texts always have a JSON form
			panic(err)
		}
		if document == nil {
			continue
		}
		separator := byte(',')
		if object == nil {
			separator = '{'
		}
		object = append(append(object, separator, '"'), a.key...)
		object = append(append(object, '"', ':'), document...)
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
