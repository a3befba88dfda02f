package wire

import (
	"slices"
	"strconv"
	"strings"
)

// nameSet are names of items' fields in lower case, and whether each counts
// without a number too, which then means 1.
type nameSet map[string]bool

func setOf(names []string, withNumber ...string) nameSet {
	set := make(nameSet, len(names)+len(withNumber))
	for _, name := range names {
		set[strings.ToLower(name)] = true
	}
	for _, name := range withNumber {
		set[strings.ToLower(name)] = false
	}
	return set
}

// numbers answers, in order, the item numbers that occur behind any of the names.
// A number out of bounds is a fault.
func (f *fields) numbers(set nameSet) []int {
	var found []int
	for i := range f.params.list {
		q := &f.params.list[i]
		base := strings.TrimRight(q.lower, "0123456789")
		allowed, known := set[base]
		digits := q.lower[len(base):]
		if !known || digits == "" && !allowed {
			continue
		}
		if !f.strict && q.text() == "" {
			q.read = true
			continue
		}
		n, err := strconv.Atoi(digits)
		switch {
		case digits == "":
			n = 1
		case err != nil || n < 1 || n > MaxNumber || digits[0] == '0':
			f.fault(shown(q.name), "The number must be from 1 to %d, without leading zeros", MaxNumber)
			continue
		}
		found = append(found, n)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// enter makes the fields of one item the ones that are read; 0 ends it.
func (f *fields) enter(number int) { f.number, f.bare = number, true }
