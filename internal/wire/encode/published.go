package encode

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// publishedValues are the values of published fields by name: a string, bool, int64,
// [json.Number], [time.Time], publishedValues or a []any of them. Fields without a value are
// empty.
type publishedValues = map[string]any

// valuesOf returns the values of a profile, to which the caller adds those that the ledger
// knows.
func valuesOf(p program.Profile) publishedValues { return p.Values() }

// appendPublished appends an object with published fields to dst.
func (e *Encoder) appendPublished(dst []byte, element string, fields []published.Field, values publishedValues) []byte {
	o := e.open(dst, element)
	o.published(fields, values)
	return o.close(element)
}

// published writes the fields in published order.
func (o *objectWriter) published(fields []published.Field, values publishedValues) {
	for _, f := range fields {
		if !o.atLeast(f.Since) {
			continue
		}
		value := values[f.Name]
		switch {
		case f.Element != "":
			list, _ := value.([]any)
			o.array(f.Name, f.Element, len(list), func(o *objectWriter, i int) { o.publishedElement(f, list[i]) })
		case f.Kind == published.Object:
			o.begin(f.Name)
			o.publishedElement(f, value)
			o.end(f.Name)
		default:
			o.publishedScalar(f, value)
		}
	}
}

// publishedElement writes an object or a string, without its name.
func (o *objectWriter) publishedElement(f published.Field, value any) {
	if f.Kind == published.Object {
		values, _ := value.(publishedValues)
		o.nested(func() { o.published(f.Fields, values) })
		return
	}
	o.value(o.publishedText(f, value))
}

// publishedScalar writes a string, number or boolean with its name. A missing number is 0
// and a missing boolean is false in JSON since version 14; all other missing values are "".
func (o *objectWriter) publishedScalar(f published.Field, value any) {
	text := o.publishedText(f, value)
	if !o.writesNumbers() || f.Kind < published.Integer {
		o.text(f.Name, text)
		return
	}
	if text == "" {
		text = "0"
		if f.Kind == published.Boolean {
			text = "false"
		}
	}
	o.begin(f.Name)
	o.buf = append(o.buf, text...)
	o.end(f.Name)
}

// publishedText returns the text of a scalar, or "" if it is missing.
func (o *objectWriter) publishedText(f published.Field, value any) string {
	switch v := value.(type) {
	case string:
		if f.Kind == published.Timestamp {
			t, _ := time.Parse(time.RFC3339Nano, v)
			return o.timeText(t)
		}
		return v
	case time.Time:
		return o.timeText(v)
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case json.Number:
		return v.String()
	}
	return ""
}
