package ledger_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestAnIDOfAnAdjustmentHasAnA(t *testing.T) {
	action := ids.ActionID{Campaign: 1000, EventType: 4636, Number: 158133}
	for text, want := range map[string]ids.AdjustmentID{
		"1000.4636.158133.A95":  {Action: action, Number: 95},
		"1000.4636.158133.95":   {},
		"1000.4636.A158133.95":  {},
		"1000.A4636.158133.A95": {},
		"1000.4636.158133.A095": {},
		"1000.4636.158133.A":    {},
		"1000.4636.158133":      {},
		"":                      {},
	} {
		id, err := ids.ParseAdjustmentID(text)
		if (err == nil) != (want != ids.AdjustmentID{}) || err == nil && (id != want || id.String() != text) {
			t.Errorf("%q is %q, %v", text, id, err)
		}
	}
	if got := (ids.AdjustmentID{}).String(); got != "" {
		t.Errorf("the zero id is %q", got)
	}
}

func TestIDsAreNumbersBetweenDots(t *testing.T) {
	action := ids.ActionID{Campaign: 1000, EventType: 4636, Number: 158133}
	for name, c := range map[string]struct {
		text  string
		valid bool
	}{
		"three numbers":           {"1000.4636.158133", true},
		"a number of 16 digits":   {"1000.4636.1234567890123456", true},
		"a number of 17 digits":   {"1000.4636.12345678901234567", false},
		"two numbers":             {"1000.4636", false},
		"four numbers":            {"1000.4636.158133.1", false},
		"nothing":                 {"", false},
		"an empty number":         {"1000..158133", false},
		"a zero":                  {"1000.0.158133", false},
		"a leading zero":          {"1000.04636.158133", false},
		"a sign":                  {"1000.+4636.158133", false},
		"a letter":                {"1000.x.158133", false},
		"a number beyond 63 bits": {"1000.9223372036854775808.1", false},
		"a space":                 {"1000. 4636.158133", false},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := ids.ParseActionID(c.text)
			if (err == nil) != c.valid {
				t.Fatalf("error is %v, want valid %t", err, c.valid)
			}
			if c.valid && id.String() != c.text {
				t.Errorf("ParseActionID(%q).String() = %q", c.text, id)
			}
			_, err = ids.ParseUpdateID(c.text + ".7")
			if (err == nil) != c.valid {
				t.Errorf("as an update id: error is %v, want valid %t", err, c.valid)
			}
		})
	}
	if got := (ids.UpdateID{Action: action, Number: 7}).String(); got != "1000.4636.158133.7" {
		t.Errorf("text form of an update id is %q", got)
	}
}

func TestZeroIDsAreEmptyStrings(t *testing.T) {
	action, update := ids.ActionID{Number: 1}, ids.UpdateID{Number: 1}
	if err := action.UnmarshalText(nil); err != nil || action != (ids.ActionID{}) || action.String() != "" {
		t.Errorf("the empty string is %+v, error %v", action, err)
	}
	if err := update.UnmarshalText(nil); err != nil || update != (ids.UpdateID{}) || update.String() != "" {
		t.Errorf("the empty string is %+v, error %v", update, err)
	}
	if err := action.UnmarshalText([]byte("1.2.3")); err != nil || action != (ids.ActionID{Campaign: 1, EventType: 2, Number: 3}) {
		t.Errorf("1.2.3 is %+v, error %v", action, err)
	}
	if err := update.UnmarshalText([]byte("1.2.3.4")); err != nil || update != (ids.UpdateID{Action: action, Number: 4}) {
		t.Errorf("1.2.3.4 is %+v, error %v", update, err)
	}
}
