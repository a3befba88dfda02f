package refdata

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
)

// Entry is a mapping of keys to values in a file. [Required], [Optional] and [Texts] read
// its values.
type Entry struct{ object *object }

// ParseList parses a file with a list of mappings under the key root, such as
// "faults: [...]", and calls read with each mapping. Every key of a mapping must be read,
// or it is reported as unknown. The list is required and may be empty. name is the file
// name in error messages; the error is a [*FileError].
func ParseList(name, root string, text []byte, read func(Entry)) error {
	r := reader{errs: FileError{File: name}, root: root}
	if node := r.parse(text); node != nil {
		r.mapping(node, positionOf(node, root), func(o *object) {
			if _, exists := o.value(root); !exists {
				r.addMissing()
			}
			o.list(root, func(o *object) { read(Entry{o}) })
		})
	}
	return r.errs.orNil()
}

// ParseEntry parses a text that is a single mapping and calls read with it, like
// [ParseList].
func ParseEntry(name string, text []byte, read func(Entry)) error {
	return parseMapping(name, text, func(o *object) { read(Entry{o}) })
}

func parseMapping(name string, text []byte, read func(*object)) error {
	r := reader{errs: FileError{File: name}, root: "keys"}
	if node := r.parse(text); node != nil {
		r.mapping(node, positionOf(node, ""), read)
	}
	return r.errs.orNil()
}

// Instant parses a timestamp with an offset, or a date, which stands for its first
// instant in UTC.
func Instant(s string) (time.Time, error) { return scalar.Instant(time.UTC)(s) }

// Texts returns a list of texts of at most limit characters, without duplicates.
func Texts(e Entry, key string, limit int) []string { return e.object.texts(key, scalar.Text(limit)) }

// Required returns the parsed value of a key. An absent key is reported, and so is an error
// of parse, with its message unchanged.
func Required[T any](e Entry, key string, parse func(string) (T, error)) T {
	return required(e.object, key, parse)
}

// Optional returns the parsed value of a key, or fallback if the key is absent. An invalid
// value is reported.
func Optional[T any](e Entry, key string, fallback T, parse func(string) (T, error)) T {
	return optional(e.object, key, fallback, parse)
}

// Has reports whether the key is present with a value.
func (e Entry) Has(key string) bool {
	_, exists := e.object.value(key)
	return exists
}

// Line returns the number of the line in which the mapping begins, counted from 1.
func (e Entry) Line() int { return e.object.pos.line }

// Errorf reports an error in the value of a key, or in the mapping if the key is absent.
func (e Entry) Errorf(key, format string, args ...any) { e.object.errorf(key, format, args...) }
