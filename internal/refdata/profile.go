package refdata

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Limits of a profile.
const (
	// maxProfileList is the maximum number of elements of an array.
	maxProfileList = 1000
	// maxProfile is the maximum size of a profile in bytes, as JSON.
	maxProfile = 64 << 10
)

// profile reads the profile of an entry, whose object has the published fields.
func (o *object) profile(fields []published.Field) program.Profile {
	values := make(map[string]any)
	o.nested("profile", func(o *object) { values = o.published(fields) })
	p, err := program.NewProfile(values)
	if err != nil {
		o.errorf("profile", "Can't be written as JSON: %s", err)
	}
	if len(p) > maxProfile {
		o.errorf("profile", "Has more than %d KiB: shorten its texts", maxProfile>>10)
	}
	return p
}

// published returns the values of published fields in a mapping. Empty values are left out:
// they equal absent ones.
func (o *object) published(fields []published.Field) map[string]any {
	values := make(map[string]any)
	for name, f := range o.fields {
		o.keys = append(o.keys, name)
		field, exists := published.Find(fields, name)
		switch {
		case !exists:
			o.errs.add(f.keyPos, "%s", scalar.UnknownField(name, fields))
		case field.Known:
			o.errs.add(f.keyPos, "The ledger knows this field: it can't be set in a profile")
		case f.node != nil:
			if value := o.publishedValue(field, f); value != nil {
				values[name] = value
			}
		}
	}
	return values
}

// publishedValue returns the value of a field, or nil if it is empty or invalid.
func (o *object) publishedValue(field published.Field, f field) any {
	if field.Element == "" {
		return o.publishedElement(field, f)
	}
	list, ok := f.node.(*ast.SequenceNode)
	if !ok {
		o.errs.add(f.pos, "Must be a list")
		return nil
	}
	if len(list.Values) > maxProfileList {
		o.errs.add(f.pos, "Has more than %d elements", maxProfileList)
		return nil
	}
	var values []any
	for _, n := range list.Values {
		element := f
		element.pos = positionOf(n, field.Name)
		if element.node = o.resolve(n, element.pos); element.node == nil {
			o.errs.add(element.pos, "Must not be empty")
		} else if value := o.publishedElement(field, element); value != nil {
			values = append(values, value)
		}
	}
	if values == nil {
		return nil
	}
	return values
}

// publishedElement returns the value of a field, or of an element of an array, or nil if it
// is empty or invalid.
func (o *object) publishedElement(field published.Field, f field) any {
	if field.Kind == published.Object {
		var values map[string]any
		o.mapping(f.node, f.pos, func(inner *object) {
			inner.draft = o.draft
			values = inner.published(field.Fields)
		})
		if len(values) == 0 {
			return nil
		}
		return values
	}
	text, ok := o.scalar(f.node, f.pos)
	if !ok || text == "" {
		return nil
	}
	value, err := scalar.Published(field, text, o.draft.zone)
	if err != nil {
		o.errs.add(f.pos, "%s", err)
		return nil
	}
	return value
}
