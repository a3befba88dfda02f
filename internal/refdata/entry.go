package refdata

import "time"

// Entry is a mapping of keys to values in a file. [Required], [Optional] and [Texts] read
// its values.
type Entry struct{ object *object }

// ParseList parses a file with a list of mappings under the key root, as "faults: [...]",
// and calls read with each mapping. A key that read does not read is an error. The list
// is required and may be empty. name is the file name in error messages; the error is a
// [*FileError].
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

// Instant parses a timestamp with an offset, or a date, which is the midnight at its
// beginning in UTC.
func Instant(s string) (time.Time, error) { return instant(time.UTC)(s) }

// ID parses a positive whole number.
func ID(s string) (int64, error) { return id(s) }

// Errorf returns an error of a value. Its message is a sentence for the author of the
// file.
func Errorf(format string, args ...any) error { return errorf(format, args...) }

// State parses a state, as ACTIVE.
func State(s string) (string, error) { return state(s) }

// Boolean parses true or false.
func Boolean(s string) (bool, error) { return boolean(s) }

// Texts returns a list of texts of at most limit characters, without duplicates.
func Texts(e Entry, key string, limit int) []string { return e.object.texts(key, text(limit)) }

// Required returns the parsed value of a key that must be present. The message of an
// error that parse returns is reported unchanged.
func Required[T any](e Entry, key string, parse func(string) (T, error)) T {
	return required(e.object, key, parse)
}

// Optional returns the parsed value of a key, or otherwise if the key is absent.
func Optional[T any](e Entry, key string, otherwise T, parse func(string) (T, error)) T {
	return optional(e.object, key, otherwise, parse)
}

// Has reports whether the key is present with a value.
func (e Entry) Has(key string) bool {
	_, exists := e.object.value(key)
	return exists
}

// Line returns the line in which the mapping begins, from 1.
func (e Entry) Line() int { return e.object.pos.line }

// Errorf reports an error of a key's value, or of its absence.
func (e Entry) Errorf(key, format string, args ...any) { e.object.errorf(key, format, args...) }

// Text returns a parser of 1 to limit characters without control characters.
func Text(limit int) func(string) (string, error) { return text(limit) }

// Number returns a parser of whole numbers from low to high.
func Number(low, high int) func(string) (int, error) { return number(low, high) }

// OneOf returns a parser of a closed list of values.
func OneOf[T ~string](values ...T) func(string) (T, error) { return oneOf(values...) }
