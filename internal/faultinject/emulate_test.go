package faultinject_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/ledger"
)

var start = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// with answers faults with rules in force since start.
func with(t *testing.T, seed uint64, rules string) *faultinject.Faults {
	t.Helper()
	parsed, err := faultinject.Parse("f.yaml", []byte("faults:\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	f := faultinject.New(seed, func() time.Time { return start })
	f.Set(parsed)
	return f
}

func TestWhichRequestsARuleMatches(t *testing.T) {
	for name, c := range map[string]struct {
		rule, method, path, order string
		matches                   bool
	}{
		"its method and path":                   {"route: PUT /Actions", "PUT", "/Actions", "", true},
		"another method does not":               {"route: PUT /Actions", "DELETE", "/Actions", "", false},
		"a path below it does not":              {"route: PUT /Actions", "PUT", "/Actions/1000.1.1", "", false},
		"any method":                            {"route: '* /Actions'", "DELETE", "/Actions", "", true},
		"a star for what is below":              {"route: GET /Actions/*", "GET", "/Actions/1000.1.1/Items", "", true},
		"a star asks for what is around it":     {"route: GET /Actions/*/Items", "GET", "/Actions/1000.1.1", "", false},
		"two stars in a row of parts":           {"route: GET /Actions/*/Items/*", "GET", "/Actions/1/Items/2", "", true},
		"what is around a star does not lap":    {"route: GET /Actions*/Actions", "GET", "/Actions", "", false},
		"everything":                            {"route: '* *'", "GET", "/Campaigns", "", true},
		"the order id exactly":                  {"route: PUT /Actions\n    order: X", "PUT", "/Actions", "X", true},
		"not an order id that begins with it":   {"route: PUT /Actions\n    order: X", "PUT", "/Actions", "X1", false},
		"order ids by a star":                   {"route: PUT /Actions\n    order: X-*", "PUT", "/Actions", "X-1", true},
		"an order id, and the request has none": {"route: PUT /Actions\n    order: X", "PUT", "/Actions", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := with(t, 1, "  - "+c.rule+"\n    delay: 1s\n")
			if _, strikes := f.Of(httpapi.Request{Method: c.method, Path: c.path, Order: c.order}); strikes != c.matches {
				t.Errorf("strikes: %t", strikes)
			}
		})
	}
}

// struck answers what each of n requests meets: the rule's name or "-".
func struck(f *faultinject.Faults, n int) string {
	s := ""
	for range n {
		if fault, strikes := f.Of(httpapi.Request{Method: "PUT", Path: "/Actions"}); strikes {
			s += fault.Rule
		} else {
			s += "-"
		}
	}
	return s
}

func TestHowOftenARuleStrikes(t *testing.T) {
	const rule = "  - {name: %s, route: PUT /Actions, status: 503, %s}\n"
	for name, c := range map[string]struct{ rules, want string }{
		"always":                         {fmt.Sprintf(rule, "a", ""), "aaaaaa"},
		"so many times":                  {fmt.Sprintf(rule, "a", "count: 2"), "aa----"},
		"the second time alone":          {fmt.Sprintf(rule, "a", "skip: 1, count: 1"), "-a----"},
		"never":                          {fmt.Sprintf(rule, "a", "share: 0"), "------"},
		"the first that strikes wins":    {fmt.Sprintf(rule, "a", "count: 2") + fmt.Sprintf(rule, "b", "count: 1"), "aab---"},
		"a rule that lost has not met":   {fmt.Sprintf(rule, "a", "count: 2") + fmt.Sprintf(rule, "b", "skip: 1"), "aa-bbb"},
		"a rule for submissions is none": {"  - {name: a, route: PUT /Actions, code: ACTION_LOCKED}\n", "------"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := struck(with(t, 1, c.rules), 6); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestASharesRequestsAreTheSameForASeed(t *testing.T) {
	const rule = "  - {name: a, route: PUT /Actions, status: 503, share: 25%}\n"
	first, again, other := struck(with(t, 7, rule), 4000), struck(with(t, 7, rule), 4000), struck(with(t, 8, rule), 4000)
	if first != again || first == other {
		t.Errorf("the same seed: %t, another: %t", first == again, first == other)
	}
	n := 0
	for _, c := range first {
		if c == 'a' {
			n++
		}
	}
	if n < 850 || n > 1150 {
		t.Errorf("%d of 4000 are a quarter", n)
	}
}

func TestNewRulesCountFromNought(t *testing.T) {
	f := with(t, 1, "  - {name: a, route: PUT /Actions, status: 503, count: 1}\n")
	first := struck(f, 2)
	f.Set(f.Rules())
	if got := first + struck(f, 2); got != "a-a-" {
		t.Error(got)
	}
}

// account is a world that knows its account alone.
type account struct {
	ledger.Lookup
	id int64
}

func (a account) Reference(time.Time) (*ledger.Reference, error) {
	return &ledger.Reference{Account: ledger.Account{ID: a.id}}, nil
}

// decided answers what becomes of n submissions: "x" if refused, else "-".
func decided(t *testing.T, f *faultinject.Faults, command ledger.Command, from, n int64) string {
	t.Helper()
	decide := f.Decide(func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) {
		return ledger.Change{}, nil
	})
	s := ""
	for number := from; number < from+n; number++ {
		_, err := decide(account{id: 1}, ledger.Submission{Number: number, Accepted: start, Command: command}, ledger.ApplyContext{})
		switch refusal := (*ledger.Rejection)(nil); {
		case errors.As(err, &refusal):
			s += "x"
		case err == nil:
			s += "-"
		default:
			t.Fatal(err)
		}
	}
	return s
}

func TestWhatBecomesOfSubmissions(t *testing.T) {
	modification := ledger.Modification{Address: ledger.Address{EventType: 1, Order: "Y"}}
	for name, c := range map[string]struct {
		rule    string
		command ledger.Command
		want    string
	}{
		"all fail":                       {"route: PUT /Actions, code: ACTION_LOCKED", modification, "xxxxxx"},
		"those of an order":              {"route: PUT /Actions, order: Y, code: ACTION_LOCKED", modification, "xxxxxx"},
		"not those of another":           {"route: PUT /Actions, order: Z, code: ACTION_LOCKED", modification, "------"},
		"not by an id without the order": {"route: PUT /Actions, order: Y, code: ACTION_LOCKED", ledger.Modification{}, "------"},
		"conversions":                    {"route: POST /Conversions, code: CONV_DUPLICATE", ledger.Conversion{Order: "Y"}, "xxxxxx"},
		"reversals":                      {"route: DELETE /Actions, code: STALE_ACTION", ledger.Reversal{}, "xxxxxx"},
		"undos":                          {"route: POST /APISubmissions/*/Undo, code: STALE_ACTION", ledger.Undo{}, "xxxxxx"},
		"a code of modifications for no conversion": {"route: '* *', code: STALE_ACTION", ledger.Conversion{}, "------"},
		"so many":               {"route: PUT /Actions, code: ACTION_LOCKED, count: 2", modification, "xx----"},
		"the second":            {"route: PUT /Actions, code: ACTION_LOCKED, skip: 1, count: 1", modification, "-x----"},
		"none of a share of 0":  {"route: PUT /Actions, code: ACTION_LOCKED, share: 0%", modification, "------"},
		"not by a request rule": {"route: PUT /Actions, status: 500", modification, "------"},
	} {
		t.Run(name, func(t *testing.T) {
			f := with(t, 1, "  - {"+c.rule+"}\n")
			first := decided(t, f, c.command, 1, 6)
			if first != c.want {
				t.Errorf("%s, want %s", first, c.want)
			}
			if again := decided(t, f, c.command, 1, 6); again != first {
				t.Errorf("asked again: %s, was %s", again, first)
			}
		})
	}
}

func TestASubmissionBelongsToAShareByItsNumber(t *testing.T) {
	const rule = "  - {name: a, route: PUT /Actions, code: ACTION_LOCKED, share: 0.5}\n"
	all := decided(t, with(t, 7, rule), ledger.Modification{}, 1, 100)
	later := decided(t, with(t, 7, rule), ledger.Modification{}, 51, 50)
	if all[50:] != later {
		t.Errorf("%s, and asked without those before %s", all[50:], later)
	}
}

func TestRulesLeaveAloneWhatWasAcceptedBefore(t *testing.T) {
	f := with(t, 1, "  - {route: PUT /Actions, code: ACTION_LOCKED}\n")
	want := ledger.Change{Action: ledger.Action{Order: "asked"}}
	decide := f.Decide(func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) { return want, nil })
	got, err := decide(account{id: 1}, ledger.Submission{Accepted: start.Add(-time.Microsecond), Command: ledger.Modification{}}, ledger.ApplyContext{})
	if diff := cmp.Diff(want.Action.Order, got.Action.Order); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
