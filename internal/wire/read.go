package wire

import (
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// read parses a parameter that may have several names, and reports whether
// the request has it. It records an error if a value is malformed or two values differ.
func read[T comparable](d *Decoder, parse func(string) (T, error), names ...string) (value T, found bool) {
	if d.recorded != nil {
		*d.recorded = append(*d.recorded, newRecordedReads(names, isNumberParser(parse))...)
		return value, false
	}
	from := ""
	for _, name := range names {
		d.knows(name, d.item > 0)
		for _, number := range d.numbers() {
			q := d.params.find(name, number)
			if q == nil {
				continue
			}
			for _, text := range q.values {
				if text == "" && !d.keepEmpty {
					continue
				}
				v, err := parse(text)
				switch {
				case err != nil:
					d.AddError(q.name, "%s", err)
					return value, true
				case found && v != value && from == q.name:
					d.AddError(q.name, differentValues)
					return value, true
				case found && v != value:
					d.AddError(q.name, "Contradicts %s", from)
					return value, true
				}
				if !found {
					d.params.recordSpelling(d.numbered(names[0]), q.name)
				}
				value, found, from = v, true, q.name
			}
		}
	}
	return value, found
}

// Read reads a parameter by a parser whose errors are messages for the caller. It reports
// whether the request has the parameter.
func Read[T comparable](d *Decoder, parse func(string) (T, error), names ...string) (T, bool) {
	return read(d, parse, names...)
}

// readOptional is like [read], but returns nil if the parameter is absent.
func readOptional[T comparable](d *Decoder, parse func(string) (T, error), names ...string) *T {
	value, found := read(d, parse, names...)
	if !found {
		return nil
	}
	return new(value)
}

var (
	noNumber       = []int{0}
	optionalNumber = []int{0, 1}
	optionalZero   = []int{0, zeroSuffix}
)

// numbers returns the numbers that may follow a name. 0 stands for no number.
func (d *Decoder) numbers() []int {
	switch {
	case d.item == 0:
		return noNumber
	case d.item == 1 && d.firstItem == 0 && d.unnumbered:
		return optionalZero
	case d.item == 1 && d.firstItem == 0:
		return optionalZero[1:]
	case d.item == 1 && d.unnumbered:
		return optionalNumber
	default:
		return []int{d.item - 1 + d.firstItem}
	}
}

// numbered returns a name followed by the number of the current item.
func (d *Decoder) numbered(name string) string {
	if d.item > 1 {
		return name + strconv.Itoa(d.item)
	}
	return name
}

// Require records an error if the parameter is absent.
func (d *Decoder) Require(names ...string) {
	if !d.Has(names...) {
		d.AddError(names[0], "Required")
	}
}

// Has reports whether the request has the parameter with a value that is not empty.
func (d *Decoder) Has(names ...string) bool {
	_, found := read(&Decoder{params: d.params, item: d.item, firstItem: d.firstItem, unnumbered: d.unnumbered, recorded: d.recorded},
		func(string) (struct{}, error) { return struct{}{}, nil }, names...)
	return found
}

// Text reads a text of at most 255 characters.
func (d *Decoder) Text(names ...string) string { return d.textUpTo(maxText, names...) }

func (d *Decoder) textUpTo(limit int, names ...string) string {
	value, _ := read(d, textUpTo(limit), names...)
	return value
}

// OrderID reads an order id, which has at most 64 characters.
func (d *Decoder) OrderID(names ...string) string { return d.textUpTo(maxOrder, names...) }

// ID reads a positive whole number.
func (d *Decoder) ID(names ...string) int64 {
	value, _ := read(d, parseID, names...)
	return value
}

// ActionID reads the id of an action.
func (d *Decoder) ActionID(names ...string) ids.ActionID {
	id, _ := read(d, parseActionID, names...)
	return id
}

// Bool reads true or false. It returns nil if the parameter is absent.
func (d *Decoder) Bool(names ...string) *bool { return readOptional(d, parseBool, names...) }

// OneOf reads a parameter that must be one of the values in any letter case. It returns
// the value as values spells it, or "" if the parameter is absent.
func OneOf[T ~string](d *Decoder, name string, values ...T) T {
	value, _ := read(d, func(s string) (T, error) {
		names := make([]string, len(values))
		for i, v := range values {
			if strings.EqualFold(string(v), s) {
				return v, nil
			}
			names[i] = string(v)
		}
		return "", valueError("Must be one of " + strings.Join(names, ", "))
	}, name)
	return value
}

func (d *Decoder) amount(names ...string) *money.Decimal {
	return readOptional(d, parseAmount, names...)
}

func (d *Decoder) signedAmount(names ...string) *money.Decimal {
	return readOptional(d, parseDecimal, names...)
}

// quantity reads a quantity. It returns 1 for a malformed one, so that validation reports
// no further errors.
func (d *Decoder) quantity(names ...string) *int64 {
	before := len(d.fieldErrors)
	q := readOptional(d, parseQuantity, names...)
	if len(d.fieldErrors) > before {
		*q = 1
	}
	return q
}

func (d *Decoder) currency(names ...string) money.Currency {
	value, _ := read(d, parseCurrency, names...)
	return value
}
