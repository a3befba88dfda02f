package scalar

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/spelling"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/money"
)

// maxPublishedText is the maximum length of a text in a profile in characters.
const maxPublishedText = 4096

// Published parses a text that is not empty as a value of a field. A date stands for
// its first instant in the zone.
func Published(field published.Field, text string, zone *time.Location) (any, error) {
	switch field.Kind {
	case published.Integer:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || len(text) > MaxDigits || strconv.FormatInt(n, 10) != text {
			return nil, Errorf("Must be a whole number from 0, of at most %d digits", MaxDigits)
		}
		return n, nil
	case published.Number:
		d, err := money.ParseDecimal(text)
		return json.Number(d.String()), err
	case published.Boolean:
		return Boolean(text)
	case published.Timestamp:
		t, err := Instant(zone)(text)
		return t.Format(time.RFC3339Nano), err
	case published.URI:
		return URL(maxPublishedText)(text)
	default:
		if len(field.Values) > 0 {
			return OneOf(field.Values...)(text)
		}
		return Paragraphs(maxPublishedText)(text)
	}
}

// UnknownField returns the message for a field that is not published.
func UnknownField(name string, fields []published.Field) string {
	var names []string
	for _, f := range fields {
		if !f.Known {
			names = append(names, f.Name)
		}
	}
	if nearest := spelling.Nearest(name, names); nearest != "" {
		return "Not a published field: did you mean " + nearest + "?"
	}
	return "Not a published field: the fields are " + strings.Join(names, ", ")
}
