// Package render prints objects of the protocol as tables for people and as JSON, JSON lines, CSV
// and YAML for programs.
package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spelling"
	"github.com/trueup-ledger/trueup/internal/spreadsheet"
)

// Format is an output format.
type Format string

// Formats. JSON, JSONLines and YAML print objects with all of their fields, as the server sends
// them. Table and CSV print columns.
const (
	Table     Format = "table"
	JSON      Format = "json"
	JSONLines Format = "jsonl"
	CSV       Format = "csv"
	YAML      Format = "yaml"
)

// Column is a column of a table or a CSV file.
type Column struct {
	// Field is the name of the object's field. A field of a field follows a period.
	Field string
	// Title is the heading in tables. The default is Field.
	Title string
	// Format, if not nil, returns the text of a cell in the table of a list for that of the value.
	Format func(value string) string
}

// Columns returns columns. A text is a field, and a title after a colon.
func Columns(texts ...string) []Column {
	columns := make([]Column, len(texts))
	for i, text := range texts {
		columns[i].Field, columns[i].Title, _ = strings.Cut(text, ":")
	}
	return columns
}

// title returns the heading of the column in tables.
func (c Column) title() string {
	if c.Title != "" {
		return strings.ToUpper(c.Title)
	}
	return strings.ToUpper(c.Field)
}

// Objects is a sequence of objects in JSON, or the error that ends it.
type Objects = iter.Seq2[json.RawMessage, error]

// List prints objects. After an error it prints nothing more, and returns it.
func List(w io.Writer, f Format, t Terminal, objects Objects, columns []Column) error {
	switch f {
	case JSON:
		return jsonArray(w, objects)
	case JSONLines:
		return each(objects, func(object json.RawMessage) error {
			return writeLine(w, object)
		})
	case YAML:
		return yamlList(w, objects)
	case CSV:
		return csvRows(w, objects, columns)
	}
	return table(w, t, objects, columns)
}

// each calls f with each object until it fails.
func each(objects Objects, f func(json.RawMessage) error) error {
	for object, err := range objects {
		if err == nil {
			err = f(object)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeLine writes an object in one line.
func writeLine(w io.Writer, object json.RawMessage) error {
	var line bytes.Buffer
	if err := json.Compact(&line, object); err != nil {
		return err
	}
	line.WriteByte('\n')
	_, err := w.Write(line.Bytes())
	return err
}

// jsonArray writes an array with an object per line group. An array that an error ended is not
// closed, so that nobody takes it for a complete one.
func jsonArray(w io.Writer, objects Objects) error {
	separator := "[\n  "
	err := each(objects, func(object json.RawMessage) error {
		text := bytes.NewBufferString(separator)
		separator = ",\n  "
		if err := json.Indent(text, object, "  ", "  "); err != nil {
			return err
		}
		_, err := w.Write(text.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if separator[0] == '[' {
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return err
}

// csvRows writes a CSV file. Its heading has the names of the fields.
func csvRows(w io.Writer, objects Objects, columns []Column) error {
	heading := make([]string, len(columns))
	for i, c := range columns {
		heading[i] = c.Field
	}
	file := spreadsheet.NewWriter(w, heading)
	err := each(objects, func(object json.RawMessage) error {
		cells, err := cellsOf(object, columns)
		if err != nil {
			return err
		}
		for _, cell := range cells {
			if isNumber(cell) {
				file.Put(append(file.Cell(), cell...))
			} else {
				file.Text(cell)
			}
		}
		return file.EndLine()
	})
	if err != nil {
		return err
	}
	return file.Flush()
}

// Object prints an object: as a table with a row for each column, or whole in another format.
func Object(w io.Writer, f Format, t Terminal, object json.RawMessage, columns []Column) error {
	switch f {
	case JSON:
		var text bytes.Buffer
		if err := json.Indent(&text, object, "", "  "); err != nil {
			return err
		}
		text.WriteByte('\n')
		_, err := w.Write(text.Bytes())
		return err
	case YAML:
		return yamlObject(w, object)
	case Table:
		return fields(w, t, object, columns)
	}
	one := func(yield func(json.RawMessage, error) bool) { yield(object, nil) }
	return List(w, f, t, one, columns)
}

// cellsOf returns the values of an object in the columns. A field that is missing is empty.
func cellsOf(object json.RawMessage, columns []Column) ([]string, error) {
	cells := make([]string, len(columns))
	for i, c := range columns {
		value := object
		for name := range strings.SplitSeq(c.Field, ".") {
			var members map[string]json.RawMessage
			if err := json.Unmarshal(value, &members); err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Field, err)
			}
			if value = members[name]; value == nil {
				break
			}
		}
		cells[i] = text(value)
	}
	return cells, nil
}

// text returns a value as the text of a cell: a string without its quotes, nothing for an empty
// array, and any other value as it is in JSON.
func text(value json.RawMessage) string {
	var s string
	if len(value) == 0 || string(value) == "null" || string(value) == "[]" {
		return ""
	}
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	return string(value)
}

// CheckColumns returns an error if a column is probably the misspelled name of a field of the object.
// A field that resembles none is no error, because an object may lack fields that others have.
func CheckColumns(object json.RawMessage, columns []Column) error {
	for _, c := range columns {
		value, parent := object, ""
		for name := range strings.SplitSeq(c.Field, ".") {
			var members map[string]json.RawMessage
			if json.Unmarshal(value, &members) != nil {
				break
			}
			var found bool
			if value, found = members[name]; !found {
				if nearest := spelling.Nearest(name, slices.Sorted(maps.Keys(members))); nearest != "" {
					return fmt.Errorf("no field %q, did you mean %q?", c.Field, parent+nearest)
				}
				break
			}
			parent += name + "."
		}
	}
	return nil
}
