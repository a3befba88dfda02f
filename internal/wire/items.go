package wire

import (
	"slices"
	"strconv"
	"strings"
)

// nameSet holds item parameters by their names in lower case.
type nameSet map[string]itemParameter

// itemParameter is the name of a parameter of an item.
type itemParameter struct {
	name string
	// unnumbered reports whether the name without a number belongs to item 1.
	unnumbered bool
}

// namesRead returns the names of the parameters that decode reads.
func namesRead[T any](decode func(*Decoder) T) []string {
	var names []string
	for _, r := range recordReads(decode) {
		names = append(names, r.name)
	}
	return names
}

// newNameSet returns the set of names and numberedOnly. A name in numberedOnly belongs to
// an item only if a number follows it.
func newNameSet(names []string, numberedOnly ...string) nameSet {
	set := make(nameSet, len(names)+len(numberedOnly))
	for _, name := range names {
		set[strings.ToLower(name)] = itemParameter{name, true}
	}
	for _, name := range numberedOnly {
		set[strings.ToLower(name)] = itemParameter{name, false}
	}
	return set
}

// itemNumbers returns the item numbers that follow any of the names, in ascending order. They
// count from 1 even if those in the request count from 0.
// It records an error for a number out of range.
func (d *Decoder) itemNumbers(set nameSet) []int {
	d.knowsItems(set)
	var found []int
	d.firstItem = d.firstItemNumber(set)
	for i := range d.params.list {
		q := &d.params.list[i]
		base := strings.TrimRight(q.lower, "0123456789")
		parameter, known := set[base]
		digits := q.lower[len(base):]
		if !known || digits == "" && !parameter.unnumbered {
			continue
		}
		if !d.keepEmpty && q.text() == "" {
			q.read = true
			continue
		}
		n, err := d.firstItem, error(nil)
		if digits != "" {
			n, err = strconv.Atoi(digits)
		}
		switch {
		case digits == "", d.fromZero && digits == "0":
		case err != nil || n < 1 || n > maxItemNumber || digits[0] == '0':
			d.AddError(Excerpt(q.name), "The number must be from 1 to %d, without leading zeros", maxItemNumber)
			continue
		}
		found = append(found, n+1-d.firstItem)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// firstItemNumber returns the number of the first item: 0 if the request numbers items from
// 0 and may do so, else 1.
func (d *Decoder) firstItemNumber(set nameSet) int {
	for i := range d.params.list {
		base, zero := strings.CutSuffix(d.params.list[i].lower, "0")
		if _, known := set[base]; known && zero && d.fromZero && d.params.list[i].text() != "" {
			return 0
		}
	}
	return 1
}

// selectItem makes the decoder read the parameters of the item with the number. The number
// 0 selects the parameters of the request.
func (d *Decoder) selectItem(number int) { d.item, d.unnumbered = number, true }
