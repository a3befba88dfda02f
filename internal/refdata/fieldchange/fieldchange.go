// Package fieldchange lists the fields in which two entries of reference data differ.
package fieldchange

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Change is the change of one field of an entry, or a new entry.
type Change struct {
	// Kind and Key identify the entry, as in "event type" and "2240". The key of terms is
	// that of their new version. The key of an account is empty.
	Kind, Key string
	// Field is the key of the value in a file, as in "default.rate". It is empty for a new
	// entry.
	Field string
	// Old and New are the values as text. Both are empty for a new entry and for a value
	// that may contain secrets.
	Old, New string
}

// String returns the change as one line of text.
func (c Change) String() string {
	entry := strings.TrimSpace(c.Kind + " " + c.Key)
	switch {
	case c.Field == "":
		return entry + ": new"
	case c.Old == c.New:
		return fmt.Sprintf("%s, %s: changed", entry, c.Field)
	default:
		return fmt.Sprintf("%s, %s: %s → %s", entry, c.Field, c.Old, c.New)
	}
}

// absent is the text of a value that an entry doesn't have.
const absent = "none"

// maxValue is the maximum length of a printed value in characters.
const maxValue = 100

// secretFields are the fields whose values may contain secrets, such as an API key in a URL.
var secretFields = []string{"url", "body", "secret"}

// Compare returns the fields in which the forms of two entries in a file differ, in
// alphabetical order. If previous is nil, it returns one change without a field.
func Compare(previous, next any) ([]Change, error) {
	if previous == nil {
		return []Change{{}}, nil
	}
	before, err := fieldsOf(previous)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(next)
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool)
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	var changes []Change
	for _, name := range slices.Sorted(maps.Keys(names)) {
		c := Change{Field: name, Old: cmp.Or(before[name], absent), New: cmp.Or(after[name], absent)}
		if c.Old == c.New {
			continue
		}
		if slices.Contains(secretFields, name) {
			c.Old, c.New = "", ""
		}
		c.Old, c.New = shorten(c.Old), shorten(c.New)
		changes = append(changes, c)
	}
	return changes, nil
}

// fieldsOf returns the values of an entry as text by their keys in a file. Nested keys are
// joined by dots, and elements of lists are numbered from 1.
func fieldsOf(entry any) (map[string]string, error) {
	text, err := json.Marshal(entry)
	if err != nil {
		return nil, err
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	fields := make(map[string]string)
	addFields(fields, "", value)
	return fields, nil
}

// addFields adds the scalars in a JSON value to fields.
func addFields(fields map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, nested := range v {
			addFields(fields, strings.TrimPrefix(path+"."+key, "."), nested)
		}
	case []any:
		for i, nested := range v {
			addFields(fields, fmt.Sprintf("%s[%d]", path, i+1), nested)
		}
	case string:
		if quoted := strconv.Quote(v); v == "" || v == absent || quoted != `"`+v+`"` {
			v = quoted
		}
		fields[path] = v
	default:
		fields[path] = fmt.Sprint(v)
	}
}

// shorten returns the first maxValue characters of a text.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > maxValue {
		return string(runes[:maxValue]) + "…"
	}
	return text
}
