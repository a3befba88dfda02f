// Package published declares the fields of the objects of the Brand API that describe an
// account, its campaigns, partners and contracts. The encoder, the profiles of the
// reference file and the OpenAPI document derive from this declaration. docs/protocol.md,
// section 20, describes the objects.
package published

import "slices"

// Kind is the published type of a field.
type Kind int

// The kinds. Integers, numbers and booleans are JSON numbers and booleans since version 14
// of the protocol, and strings in older versions and in XML.
const (
	Text Kind = iota
	URI
	Timestamp
	Integer
	Number
	Boolean
	Object
)

// Field is a field of an object.
type Field struct {
	Name string
	Kind Kind
	// Element is the name of each element in XML if the field is an array, and else empty.
	Element string
	// Values are the values of an enumeration. A field of any other kind has none.
	Values []string
	// Fields are the fields of an object in published order.
	Fields []Field
	// Known reports whether the ledger knows the value, so that a profile can't set it.
	Known bool
	// Since is the first version of the protocol with the field, or 0 for all.
	Since int
	// Extension reports whether the Brand API doesn't have the field.
	Extension bool
}

// Find returns the field with a name.
func Find(fields []Field, name string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

func text(name string) Field      { return Field{Name: name} }
func uri(name string) Field       { return Field{Name: name, Kind: URI} }
func timestamp(name string) Field { return Field{Name: name, Kind: Timestamp} }
func integer(name string) Field   { return Field{Name: name, Kind: Integer} }
func number(name string) Field    { return Field{Name: name, Kind: Number} }
func boolean(name string) Field   { return Field{Name: name, Kind: Boolean} }

func oneOf(name string, values ...string) Field { return Field{Name: name, Values: values} }

func object(name string, fields ...Field) Field {
	return Field{Name: name, Kind: Object, Fields: fields}
}

// list returns the field as an array. element is the name of each element in XML.
func (f Field) list(element string) Field {
	f.Element = element
	return f
}

// known returns the field as one whose value the ledger knows.
func (f Field) known() Field {
	f.Known = true
	return f
}

// since returns the field as one that a version of the protocol added.
func (f Field) since(version int) Field {
	f.Since = version
	return f
}

// extension returns the field as one that the Brand API doesn't have.
func (f Field) extension() Field {
	f.Known, f.Extension = true, true
	return f
}
