package wire

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// object appends an object's fields in the encoder's format. What a field's
// method is called says how the versions spell it.
type object struct {
	*Encoder
	buf []byte
	// comma says that a member stands before the next one.
	comma bool
}

// open begins an object of a list, or the only one of an answer.
func (e *Encoder) open(dst []byte, element string) object {
	o := object{Encoder: e, buf: dst}
	if e.Format == JSON {
		o.buf = append(o.buf, '{')
	} else {
		o.tag("<", element)
	}
	return o
}

// close ends what open began.
func (o *object) close(element string) []byte {
	if o.Format == JSON {
		return append(o.buf, '}')
	}
	o.tag("</", element)
	return o.buf
}

func (o *object) tag(left, name string) {
	o.buf = append(append(append(o.buf, left...), name...), '>')
}

// begin writes what stands before a field's value, end what stands after it.
func (o *object) begin(name string) {
	if o.Format != JSON {
		o.tag("<", name)
		return
	}
	if o.comma {
		o.buf = append(o.buf, ',')
	}
	o.comma = true
	o.buf = append(append(append(o.buf, '"'), name...), '"', ':')
}

func (o *object) end(name string) {
	if o.Format != JSON {
		o.tag("</", name)
	}
}

// quote stands on both sides of a JSON text.
func (o *object) quote() {
	if o.Format == JSON {
		o.buf = append(o.buf, '"')
	}
}

// text writes any text.
func (o *object) text(name, value string) {
	o.begin(name)
	o.value(value)
	o.end(name)
}

// value writes a text that is an element of an array.
func (o *object) value(value string) {
	o.quote()
	if o.Format == JSON {
		o.buf = appendJSON(o.buf, value)
	} else {
		o.buf = appendXML(o.buf, value)
	}
	o.quote()
}

// numeric reports whether numbers are written as such.
func (o *object) numeric() bool { return o.Format == JSON && o.has(versionNumbers) }

// integer writes a whole number, a string before version 14; 0 is a missing one.
func (o *object) integer(name string, n int64) {
	o.begin(name)
	switch {
	case o.numeric():
		o.buf = strconv.AppendInt(o.buf, n, 10)
	case n == 0:
		o.quote()
		o.quote()
	default:
		o.quote()
		o.buf = strconv.AppendInt(o.buf, n, 10)
		o.quote()
	}
	o.end(name)
}

// count writes a whole number that is a string in every version.
func (o *object) count(name string, n int64) {
	o.begin(name)
	o.quote()
	o.buf = strconv.AppendInt(o.buf, n, 10)
	o.quote()
	o.end(name)
}

// digitsText writes an id that is a string in every version; 0 is a missing one.
func (o *object) digitsText(name string, n int64) {
	if n == 0 {
		o.text(name, "")
		return
	}
	o.count(name, n)
}

// amount writes money with the currency's digits, a string before version 14.
func (o *object) amount(name string, a money.Amount, digits int) {
	o.begin(name)
	if o.numeric() {
		o.buf = appendAmount(o.buf, a, digits)
	} else {
		o.quote()
		o.buf = appendAmount(o.buf, a, digits)
		o.quote()
	}
	o.end(name)
}

// amountText writes money that is a string in every version.
func (o *object) amountText(name string, a money.Amount, digits int) {
	o.begin(name)
	o.quote()
	o.buf = appendAmount(o.buf, a, digits)
	o.quote()
	o.end(name)
}

// instant writes a timestamp in the account's zone; the zero one is missing.
func (o *object) instant(name string, t time.Time) {
	o.begin(name)
	o.quote()
	if !t.IsZero() {
		o.buf = appendTime(o.buf, t, o.Reference.Zone())
	}
	o.quote()
	o.end(name)
}

// action writes an action's id; one without a number is missing.
func (o *object) action(name string, id ledger.ActionID) {
	o.begin(name)
	o.quote()
	if id.Number != 0 {
		o.buf = appendActionID(o.buf, id)
	}
	o.quote()
	o.end(name)
}

// array writes n objects or texts, each by its own call.
func (o *object) array(name, element string, n int, each func(o *object, i int)) {
	o.begin(name)
	if o.Format != JSON {
		for i := range n {
			o.tag("<", element)
			each(o, i)
			o.tag("</", element)
		}
		o.end(name)
		return
	}
	o.buf = append(o.buf, '[')
	for i := range n {
		if i > 0 {
			o.buf = append(o.buf, ',')
		}
		each(o, i)
	}
	o.buf = append(o.buf, ']')
}

// nested writes the fields of an object inside another.
func (o *object) nested(write func()) {
	if o.Format != JSON {
		write()
		return
	}
	outer := o.comma
	o.comma = false
	o.buf = append(o.buf, '{')
	write()
	o.buf = append(o.buf, '}')
	o.comma = outer
}

func appendTime(dst []byte, t time.Time, zone *time.Location) []byte {
	return t.In(zone).AppendFormat(dst, "2006-01-02T15:04:05-07:00")
}

func appendActionID(dst []byte, id ledger.ActionID) []byte {
	dst = append(strconv.AppendInt(dst, id.Campaign, 10), '.')
	dst = append(strconv.AppendInt(dst, id.EventType, 10), '.')
	return strconv.AppendInt(dst, id.Number, 10)
}

// appendAmount writes what [money.Currency.Format] does, without its garbage.
func appendAmount(dst []byte, a money.Amount, digits int) []byte {
	if a < 0 {
		dst, a = append(dst, '-'), -a
	}
	start := len(dst)
	dst = strconv.AppendInt(dst, int64(a), 10)
	if digits == 0 {
		return dst
	}
	for len(dst)-start <= digits {
		dst = append(dst, 0)
		copy(dst[start+1:], dst[start:])
		dst[start] = '0'
	}
	point := len(dst) - digits
	dst = append(dst, 0)
	copy(dst[point+1:], dst[point:])
	dst[point] = '.'
	return dst
}
