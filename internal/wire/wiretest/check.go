package wiretest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// Params parses a query string, or fails the test.
func Params(t testing.TB, query string) *wire.Params {
	t.Helper()
	p, err := wire.ParseParams(query, "", nil)
	if err != nil {
		t.Fatalf("ParseParams(%q): %v", query, err)
	}
	return p
}

// Errors returns the text "Field: Message" of each field error in err, sorted, or the
// message of an error without fields. It fails the test unless err is nil or a 400.
func Errors(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var e *wire.Error
	if !errors.As(err, &e) || e.Status != 400 {
		t.Fatalf("error is %v, want a *wire.Error with status 400", err)
	}
	found := []string{}
	for _, f := range e.Fields {
		if f.Message == "" {
			t.Errorf("the error of %s has no message", f.Field)
		}
		found = append(found, f.Field+": "+f.Message)
	}
	if len(found) == 0 {
		found = append(found, e.Message)
	}
	slices.Sort(found)
	return found
}

// CheckErrors checks that [Errors] returns a text for each one in want, and that each begins
// with the one in want.
func CheckErrors(t *testing.T, err error, want ...string) {
	t.Helper()
	got := Errors(t, err)
	same := len(got) == len(want)
	for i := 0; same && i < len(got); i++ {
		same = strings.HasPrefix(got[i], want[i])
	}
	if !same {
		t.Errorf("errors are\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
