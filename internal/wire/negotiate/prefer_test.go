package negotiate_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/negotiate"
)

func TestSection22TheWaitPreferenceIsParsed(t *testing.T) {
	type wait struct {
		seconds   int
		preferred bool
	}
	for header, want := range map[string]wait{
		"":                               {},
		"wait=10":                        {10, true},
		"Wait = 10":                      {10, true},
		`wait="10"`:                      {10, true},
		"wait=0":                         {0, true},
		"wait=30":                        {30, true},
		"wait=31":                        {30, true},
		"wait=99999999999999999999":      {30, true},
		"respond-async, wait=5; foo=bar": {5, true},
		"wait=5, wait=6":                 {5, true},
		"wait=x, wait=6":                 {},
		`note="a, wait=9", wait=5`:       {5, true},
		`note="a\", wait=9", wait=5`:     {5, true},
		"wait":                           {},
		"wait=":                          {},
		`wait=""`:                        {},
		"wait=-1":                        {},
		"wait=1.5":                       {},
		"wait=5s":                        {},
		"await=5":                        {},
		`note="wait=5`:                   {},
		";wait=5":                        {},
	} {
		seconds, preferred := negotiate.PreferredWait([]string{header})
		if got := (wait{seconds, preferred}); got != want {
			t.Errorf("%q gives %v, want %v", header, got, want)
		}
	}
	if seconds, preferred := negotiate.PreferredWait([]string{"respond-async", "wait=7"}); seconds != 7 || !preferred {
		t.Errorf("two headers give %d, %t, want 7, true", seconds, preferred)
	}
}
