package wiretest

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// FullProfile returns a profile with a value for each field that the ledger doesn't know.
func FullProfile(t testing.TB, fields []published.Field) program.Profile {
	t.Helper()
	p, err := program.NewProfile(fullValues(fields))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func fullValues(fields []published.Field) map[string]any {
	values := make(map[string]any)
	for _, f := range fields {
		if f.Known {
			continue
		}
		value := fullValue(f)
		if f.Element != "" {
			value = []any{value, value}
		}
		values[f.Name] = value
	}
	return values
}

func fullValue(f published.Field) any {
	switch f.Kind {
	case published.Object:
		return fullValues(f.Fields)
	case published.Integer, published.Number:
		return 7
	case published.Boolean:
		return true
	case published.Timestamp:
		return "2026-01-02T03:04:05Z"
	case published.URI:
		return "https://example.com/?a=1&b=" + f.Name
	}
	if len(f.Values) > 0 {
		return f.Values[0]
	}
	return f.Name + " <&>"
}
