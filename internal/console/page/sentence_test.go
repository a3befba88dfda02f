package page_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/console/page"
)

func TestSentencesAreForPeople(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a field":         {failed("date", "Must not be after today, 2026-11-28 (line 1, column 9)"), "The day of the payment must not be after today, 2026-11-28."},
		"no value":        {failed("reason", "Required"), "The reason is required."},
		"an item":         {failed("ItemQuantity2", "Not a whole number."), "The quantity: Not a whole number."},
		"another field":   {failed("Other", "Must be 1"), "Other must be 1."},
		"a time":          {failed("EndDate", "Was 2026-11-28T15:04:05-08:00"), "The last day: Was 2026-11-28 15:04."},
		"a message":       {&client.Error{Status: 409, Message: "It was paid at 2026-11-28T15:04:05.25Z."}, "It was paid at 2026-11-28 15:04."},
		"one for the log": {&client.Error{Status: 500, Message: "no"}, ""},
		"any other":       {errors.New("no"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := page.Sentence(fmt.Errorf("send: %w", c.err)); got != c.want {
				t.Errorf("the sentence is %q, want %q", got, c.want)
			}
		})
	}
}

// failed returns the error of a response about a field.
func failed(field, message string) error {
	return &client.Error{Status: 400, Message: "Bad request", Fields: []client.FieldError{{Field: field, Message: message}}}
}
