package encode

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// objectWriter appends the fields of an object in the format of the encoder. It has a method
// for each representation of values in the versions of the protocol.
type objectWriter struct {
	*Encoder
	buf []byte
	// comma reports whether a comma precedes the next JSON member.
	comma bool
	// fields collects the fields. If it isn't nil, nothing is written to buf.
	fields *[]Field
}

// open begins an object of a list, or the only object of a response.
func (e *Encoder) open(dst []byte, element string) objectWriter {
	o := objectWriter{Encoder: e, buf: dst}
	if e.Format == wire.JSON {
		o.buf = append(o.buf, '{')
	} else {
		o.tag("<", element)
	}
	return o
}

// close ends the object and returns the extended buffer.
func (o *objectWriter) close(element string) []byte {
	if o.Format == wire.JSON {
		return append(o.buf, '}')
	}
	o.tag("</", element)
	return o.buf
}

func (o *objectWriter) tag(left, name string) {
	o.buf = append(append(append(o.buf, left...), name...), '>')
}

// begin writes the beginning of a field, up to its value.
func (o *objectWriter) begin(name string) {
	if o.Format != wire.JSON {
		o.tag("<", name)
		return
	}
	if o.comma {
		o.buf = append(o.buf, ',')
	}
	o.comma = true
	o.buf = append(append(append(o.buf, '"'), name...), '"', ':')
}

// end writes the end of a field, after its value.
func (o *objectWriter) end(name string) {
	if o.Format != wire.JSON {
		o.tag("</", name)
	}
}

// quote writes one of the quotation marks around a JSON string.
func (o *objectWriter) quote() {
	if o.Format == wire.JSON {
		o.buf = append(o.buf, '"')
	}
}

// text writes a string.
func (o *objectWriter) text(name, value string) {
	if o.add(Field{Name: name, Text: value}) {
		return
	}
	o.begin(name)
	o.value(value)
	o.end(name)
}

// value writes the string value of a field or of an array element.
func (o *objectWriter) value(value string) {
	if o.Format == wire.JSON {
		o.buf = append(AppendJSON(append(o.buf, '"'), value), '"')
	} else {
		o.buf = AppendXML(o.buf, value)
	}
}

// writesNumbers reports whether numbers are JSON numbers. They are strings before
// version 14.
func (o *objectWriter) writesNumbers() bool {
	return o.Format == wire.JSON && o.atLeast(versionNumbers)
}

// quoteNumber is like quote, but for a value that is a JSON number since version 14.
func (o *objectWriter) quoteNumber() {
	if !o.writesNumbers() {
		o.quote()
	}
}

// integer writes a whole number. Where numbers are strings, it writes "" for zero, which
// stands for a missing value.
func (o *objectWriter) integer(name string, n int64) {
	if o.add(Field{Name: name, Kind: IntegerField, Number: n, Absent: n == 0}) {
		return
	}
	o.begin(name)
	o.quoteNumber()
	if n != 0 || o.writesNumbers() {
		o.buf = strconv.AppendInt(o.buf, n, 10)
	}
	o.quoteNumber()
	o.end(name)
}

// boolean writes true or false, which is a JSON literal since version 14.
func (o *objectWriter) boolean(name string, b bool) {
	if o.add(Field{Name: name, Kind: BooleanField, Text: strconv.FormatBool(b)}) {
		return
	}
	o.begin(name)
	o.quoteNumber()
	o.buf = strconv.AppendBool(o.buf, b)
	o.quoteNumber()
	o.end(name)
}

// count is like integer, but writes 0 where numbers are strings, because it is a value.
func (o *objectWriter) count(name string, n int64) {
	if o.add(Field{Name: name, Kind: IntegerField, Number: n}) {
		return
	}
	o.begin(name)
	o.quoteNumber()
	o.buf = strconv.AppendInt(o.buf, n, 10)
	o.quoteNumber()
	o.end(name)
}

// integerText writes a whole number that is a string in every version.
func (o *objectWriter) integerText(name string, n int64) {
	if o.add(Field{Name: name, Kind: IntegerField, Number: n}) {
		return
	}
	o.begin(name)
	o.quote()
	o.buf = strconv.AppendInt(o.buf, n, 10)
	o.quote()
	o.end(name)
}

// idText writes an id that is a string in every version. It writes "" for zero.
func (o *objectWriter) idText(name string, n int64) {
	if o.add(Field{Name: name, Kind: IntegerField, Number: n, Absent: n == 0}) {
		return
	}
	if n == 0 {
		o.text(name, "")
		return
	}
	o.integerText(name, n)
}

// amount writes an amount of money with the digits of its currency.
func (o *objectWriter) amount(name string, a money.Amount, digits int) {
	if o.add(Field{Name: name, Kind: AmountField, Number: int64(a), Digits: digits}) {
		return
	}
	o.begin(name)
	o.quoteNumber()
	o.buf = AppendAmount(o.buf, a, digits)
	o.quoteNumber()
	o.end(name)
}

// amountText writes an amount of money that is a string in every version.
func (o *objectWriter) amountText(name string, a money.Amount, digits int) {
	if o.add(Field{Name: name, Kind: AmountField, Number: int64(a), Digits: digits}) {
		return
	}
	o.begin(name)
	o.quote()
	o.buf = AppendAmount(o.buf, a, digits)
	o.quote()
	o.end(name)
}

// optionalAmount is like amount. For nil it writes 0 where amounts are numbers, and "" where
// they are strings.
func (o *objectWriter) optionalAmount(name string, a *money.Amount, digits int) {
	switch {
	case a == nil && o.add(Field{Name: name, Kind: AmountField, Absent: true}):
	case a != nil:
		o.amount(name, *a, digits)
	case o.writesNumbers():
		o.amount(name, 0, digits)
	default:
		o.text(name, "")
	}
}

// timeText returns a time in the account's time zone, or "" for the zero time.
func (o *objectWriter) timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(wire.AppendTime(nil, t, o.Reference.Zone()))
}

// timestamp writes a time in the account's time zone. It writes "" for the zero time.
func (o *objectWriter) timestamp(name string, t time.Time) {
	if o.add(Field{Name: name, Kind: TimeField, Time: t, Absent: t.IsZero()}) {
		return
	}
	o.begin(name)
	o.quote()
	if !t.IsZero() {
		o.buf = wire.AppendTime(o.buf, t, o.Reference.Zone())
	}
	o.quote()
	o.end(name)
}

// actionID writes the id of an action. It writes "" for an id without a number.
func (o *objectWriter) actionID(name string, id ids.ActionID) {
	if o.fields != nil {
		o.text(name, objectID(id))
		return
	}
	o.begin(name)
	o.quote()
	if id.Number != 0 {
		o.buf = appendActionID(o.buf, id)
	}
	o.quote()
	o.end(name)
}

// objectID returns the id of an action, or "" for an id without a number.
func objectID(id ids.ActionID) string {
	if id.Number == 0 {
		return ""
	}
	return id.String()
}

// contractID writes the id of a contract. It writes "" for zero.
func (o *objectWriter) contractID(name string, id int64) {
	if id == 0 {
		o.text(name, "")
		return
	}
	o.text(name, wire.FormatContractID(id))
}

// array writes n objects or strings. It calls write with the index of each.
func (o *objectWriter) array(name, element string, n int, write func(o *objectWriter, i int)) {
	o.begin(name)
	if o.Format != wire.JSON {
		for i := range n {
			o.tag("<", element)
			write(o, i)
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
		write(o, i)
	}
	o.buf = append(o.buf, ']')
}

// nested writes an object within another. It calls write for the fields.
func (o *objectWriter) nested(write func()) {
	if o.Format != wire.JSON {
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
