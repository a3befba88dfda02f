package check

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pb33f/libopenapi-validator/content"
	"github.com/pb33f/libopenapi/datamodel/high/base"
)

// element is an XML element.
type element struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Text       string     `xml:",chardata"`
	Elements   []element  `xml:",any"`
}

// decodeXML converts an XML document to JSON values, as the xml members of the schema define
// it. The validator's own decoder treats a wrapper without elements as an element, and
// ignores properties in allOf and oneOf.
func decodeXML(input *content.DecodeInput) (any, error) {
	var root element
	decoder := xml.NewDecoder(input.Body)
	if err := decoder.Decode(&root); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("unexpected content after the root element")
	}
	if name := rootName(input.Schema); root.XMLName.Local != name {
		return nil, fmt.Errorf("root element is %q, want %q", root.XMLName.Local, name)
	}
	return root.value(input.Schema), nil
}

// rootName returns the name of the root element.
func rootName(schema *base.Schema) string {
	if schema.XML != nil {
		return schema.XML.Name
	}
	for _, one := range schema.OneOf {
		return rootName(one.Schema())
	}
	return ""
}

// value returns the JSON value of an element. Elements that the schema doesn't describe
// keep their names, so that validation reports them.
func (e element) value(schema *base.Schema) any {
	if !isObject(schema) && len(e.Elements) == 0 && len(e.Attributes) == 0 {
		return e.Text
	}
	object, lists := make(map[string]any), make(map[string][]any)
	for _, a := range e.Attributes {
		name, _ := property(schema, a.Name.Local, true)
		object[name] = a.Value
	}
	for _, child := range e.Elements {
		name, described := property(schema, child.XMLName.Local, false)
		switch {
		case described == nil || !slices.Contains(described.Type, "array"):
			object[name] = child.value(described)
		case described.XML != nil && described.XML.Wrapped:
			object[name] = child.wrapped(described)
		default:
			lists[name] = append(lists[name], child.value(described.Items.A.Schema()))
		}
	}
	for name, list := range lists {
		object[name] = list
	}
	return object
}

// wrapped returns the elements of an array in a wrapper element.
func (e element) wrapped(array *base.Schema) any {
	items := array.Items.A.Schema()
	list := []any{}
	for _, child := range e.Elements {
		if items.XML == nil || child.XMLName.Local != items.XML.Name {
			return fmt.Sprintf("unexpected <%s> in <%s>", child.XMLName.Local, e.XMLName.Local)
		}
		list = append(list, child.value(items))
	}
	return list
}

// property returns the JSON name and the schema of an XML element or attribute. It ignores
// the XML names of schemas of objects, which apply only to items of arrays.
func property(schema *base.Schema, name string, attribute bool) (string, *base.Schema) {
	if schema == nil {
		return name, nil
	}
	if schema.Properties != nil {
		for known, proxy := range schema.Properties.FromOldest() {
			described := proxy.Schema()
			spelled, isAttribute := known, false
			if described.XML != nil && !isObject(described) {
				isAttribute = described.XML.Attribute
				if described.XML.Name != "" {
					spelled = described.XML.Name
				}
			}
			if spelled == name && isAttribute == attribute {
				return known, described
			}
		}
	}
	for _, part := range slices.Concat(schema.AllOf, schema.OneOf) {
		if known, described := property(part.Schema(), name, attribute); described != nil {
			return known, described
		}
	}
	return name, nil
}

// isObject reports whether the schema describes an object.
func isObject(schema *base.Schema) bool {
	return schema != nil && (slices.Contains(schema.Type, "object") || len(schema.OneOf) > 0 || len(schema.AllOf) > 0)
}
