package refdata

import "time"

// Entry is one mapping of a file that [ParseList] reads: keys to values.
type Entry struct{ object *object }

// ParseList reads a file that is a list of mappings under the key root, as
// "faults: [...]", and hands each to read, which asks for its keys by [Need] and
// [May]; a key that it does not ask for is a fault. The list must be there and can
// be empty. name stands in the faults; the error is a [*Faults].
func ParseList(name, root string, text []byte, read func(Entry)) error {
	r := reader{faults: Faults{File: name}, root: root}
	if node := r.parse(text); node != nil {
		r.mapping(node, placeOf(node, root), func(o *object) {
			if _, given := o.take(root); !given {
				r.missing()
			}
			o.list(root, func(o *object) { read(Entry{o}) })
		})
	}
	return r.faults.err()
}

// ParseEntry reads a text that is one mapping and hands it to read, as [ParseList]
// does with each of a list.
func ParseEntry(name string, text []byte, read func(Entry)) error {
	return parseMapping(name, text, func(o *object) { read(Entry{o}) })
}

func parseMapping(name string, text []byte, read func(*object)) error {
	r := reader{faults: Faults{File: name}, root: "keys"}
	if node := r.parse(text); node != nil {
		r.mapping(node, placeOf(node, ""), read)
	}
	return r.faults.err()
}

// Instant reads a timestamp with an offset, or a date: the midnight that begins it
// in UTC.
func Instant(s string) (time.Time, error) { return instant(time.UTC)(s) }

// ID reads a positive whole number.
func ID(s string) (int64, error) { return id(s) }

// Say answers an error of a value, as a sentence fit for whoever wrote it.
func Say(format string, args ...any) error { return say(format, args...) }

// State reads a state, as ACTIVE.
func State(s string) (string, error) { return state(s) }

// Boolean reads true or false.
func Boolean(s string) (bool, error) { return boolean(s) }

// Texts reads a list of values, each once.
func Texts(e Entry, key string, limit int) []string { return e.object.texts(key, text(limit)) }

// Need reads a value that must be there. An error of parse is told as it is.
func Need[T any](e Entry, key string, parse func(string) (T, error)) T {
	return need(e.object, key, parse)
}

// May reads a value and answers another where there is none.
func May[T any](e Entry, key string, otherwise T, parse func(string) (T, error)) T {
	return may(e.object, key, otherwise, parse)
}

// Has reports whether the key is there with a value.
func (e Entry) Has(key string) bool {
	_, given := e.object.take(key)
	return given
}

// Line answers the line in which the mapping begins, from 1.
func (e Entry) Line() int { return e.object.at.line }

// Fault notes what is wrong with the value of a key, or with the lack of one.
func (e Entry) Fault(key, format string, args ...any) { e.object.fault(key, format, args...) }

// Text reads up to so many characters, at least one, none of them a control.
func Text(limit int) func(string) (string, error) { return text(limit) }

// Number reads a whole number within bounds.
func Number(low, high int) func(string) (int, error) { return number(low, high) }

// OneOf reads one of the values.
func OneOf[T ~string](values ...T) func(string) (T, error) { return oneOf(values...) }
