package wire

import (
	"strconv"
	"strings"
)

// itemExtra is a parameter of an order line that no rule uses, such as ItemText2_1: the number
// of the item follows the name, and one of several values of the item follows "_".
type itemExtra struct {
	name string
	// values is the largest number after "_". It is 0 if the parameter has one value.
	values int
	// number reports whether the values are numbers that can have decimal places.
	number bool
	check  func(d *Decoder, text string) error
}

var itemExtras = []itemExtra{
	{name: "ItemDeliveryType", check: checkText},
	{name: "ItemText", values: 50, check: checkText},
	{name: "ItemNumeric", values: 10, number: true, check: checkDecimal},
	{name: "ItemMoney", values: 3, number: true, check: checkDecimal},
	{name: "ItemDate", values: 10, check: func(d *Decoder, text string) error {
		_, err := d.parseEventDate(text)
		return err
	}},
}

func checkText(_ *Decoder, text string) error {
	_, err := textUpTo(maxText)(text)
	return err
}

func checkDecimal(_ *Decoder, text string) error {
	_, err := parseDecimal(text)
	return err
}

// splitItemExtra splits a name such as ItemText2_1 into the parameter, the number of the item,
// which is empty if the name has none, and the rest, which begins with "_". It returns nil if
// there is no such parameter.
func splitItemExtra(name string) (e *itemExtra, item, rest string) {
	base, value, numbered := strings.Cut(name, "_")
	stem := strings.TrimRight(base, "0123456789")
	item = base[len(stem):]
	if item != "" && !isNumberUpTo(item, maxItemNumber) {
		return nil, "", ""
	}
	for i := range itemExtras {
		e := &itemExtras[i]
		if strings.EqualFold(stem, e.name) && numbered == (e.values > 0) && (!numbered || isNumberUpTo(value, e.values)) {
			return e, item, name[len(base):]
		}
	}
	return nil, "", ""
}

// isNumberUpTo reports whether digits are a whole number from 1 to largest without leading
// zeros.
func isNumberUpTo(digits string, largest int) bool {
	n, err := strconv.Atoi(digits)
	return err == nil && n >= 1 && n <= largest && strconv.Itoa(n) == digits
}

// decodeItemExtras keeps the parameters of order lines that no rule uses. A name without the
// number of an item belongs to item 1.
func (d *Decoder) decodeItemExtras(kept map[string]string) {
	for i := range d.params.list {
		sent := d.params.list[i].name
		e, item, rest := splitItemExtra(sent)
		if e == nil {
			continue
		}
		if item == "" {
			item = "1"
		}
		one := make(map[string]string)
		keepTexts(d, one, func(text string) (string, error) { return text, e.check(d, text) }, sent)
		name := e.name + item + rest
		if before, found := kept[name]; found && one[sent] != "" && one[sent] != before {
			d.AddError(sent, "Contradicts %s", name)
		}
		if one[sent] != "" {
			kept[name] = one[sent]
		}
	}
}

// SplitLineParameter splits the name of a parameter of an order line into its stem, the number
// of the item, which is empty if the name has none, and the rest. It reports whether the name
// is one. Amount is not: it can also be the total.
func SplitLineParameter(name string) (stem, number, rest string, ok bool) {
	if e, item, rest := splitItemExtra(name); e != nil {
		stem = name[:len(name)-len(rest)-len(item)]
		return stem, item, rest, true
	}
	stem = strings.TrimRight(name, "0123456789")
	return stem, name[len(stem):], "", lineNamesWithTotal[strings.ToLower(stem)].unnumbered
}
