package faultinject_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/httpapi/fault"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var start = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// newInjector returns an injector with rules set at start.
func newInjector(t *testing.T, seed uint64, rules string) *faultinject.Injector {
	t.Helper()
	parsed, err := faultinject.Parse("f.yaml", []byte("faults:\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	f := faultinject.New(seed, func() time.Time { return start })
	f.Set(parsed)
	return f
}

func TestRuleMatchesRequests(t *testing.T) {
	for name, c := range map[string]struct {
		rule, method, path, order string
		matches                   bool
	}{
		"the method and path":                  {"route: PUT /Actions", "PUT", "/Actions", "", true},
		"another method":                       {"route: PUT /Actions", "DELETE", "/Actions", "", false},
		"a path below it":                      {"route: PUT /Actions", "PUT", "/Actions/1000.1.1", "", false},
		"any method":                           {"route: '* /Actions'", "DELETE", "/Actions", "", true},
		"a star matches the rest of a path":    {"route: GET /Actions/*", "GET", "/Actions/1000.1.1/Items", "", true},
		"the text around a star is required":   {"route: GET /Actions/*/Items", "GET", "/Actions/1000.1.1", "", false},
		"two stars":                            {"route: GET /Actions/*/Items/*", "GET", "/Actions/1/Items/2", "", true},
		"the text around a star can't overlap": {"route: GET /Actions*/Actions", "GET", "/Actions", "", false},
		"everything":                           {"route: '* *'", "GET", "/Campaigns", "", true},
		"an exact order id":                    {"route: PUT /Actions\n    order: X", "PUT", "/Actions", "X", true},
		"an order id is not a prefix":          {"route: PUT /Actions\n    order: X", "PUT", "/Actions", "X1", false},
		"an order id with a star":              {"route: PUT /Actions\n    order: X-*", "PUT", "/Actions", "X-1", true},
		"a request without an order id":        {"route: PUT /Actions\n    order: X", "PUT", "/Actions", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newInjector(t, 1, "  - "+c.rule+"\n    delay: 1s\n")
			if _, fires := f.Request(fault.Request{Method: c.method, Path: c.path, Order: c.order}); fires != c.matches {
				t.Errorf("fires: %t", fires)
			}
		})
	}
}

// outcomes returns the name of the rule that fires for each of n requests, "-" for none.
func outcomes(f *faultinject.Injector, n int) string {
	s := ""
	for range n {
		if fault, fires := f.Request(fault.Request{Method: "PUT", Path: "/Actions"}); fires {
			s += fault.Rule
		} else {
			s += "-"
		}
	}
	return s
}

func TestRuleFiresAsOftenAsConfigured(t *testing.T) {
	const rule = "  - {name: %s, route: PUT /Actions, status: 503, %s}\n"
	for name, c := range map[string]struct{ rules, want string }{
		"always":                       {fmt.Sprintf(rule, "a", ""), "aaaaaa"},
		"count":                        {fmt.Sprintf(rule, "a", "count: 2"), "aa----"},
		"skip and count":               {fmt.Sprintf(rule, "a", "skip: 1, count: 1"), "-a----"},
		"never":                        {fmt.Sprintf(rule, "a", "share: 0"), "------"},
		"the first that fires wins":    {fmt.Sprintf(rule, "a", "count: 2") + fmt.Sprintf(rule, "b", "count: 1"), "aab---"},
		"a losing rule does not count": {fmt.Sprintf(rule, "a", "count: 2") + fmt.Sprintf(rule, "b", "skip: 1"), "aa-bbb"},
		"a rule for submissions":       {"  - {name: a, route: PUT /Actions, code: ACTION_LOCKED}\n", "------"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outcomes(newInjector(t, 1, c.rules), 6); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestSeedSelectsTheShare(t *testing.T) {
	const rule = "  - {name: a, route: PUT /Actions, status: 503, share: 25%}\n"
	first, again, other := outcomes(newInjector(t, 7, rule), 4000), outcomes(newInjector(t, 7, rule), 4000), outcomes(newInjector(t, 8, rule), 4000)
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
		t.Errorf("%d of 4000 requests fired, want about a quarter", n)
	}
}

func TestSetResetsCounters(t *testing.T) {
	f := newInjector(t, 1, "  - {name: a, route: PUT /Actions, status: 503, count: 1}\n")
	first := outcomes(f, 2)
	f.Set(f.Rules())
	if got := first + outcomes(f, 2); got != "a-a-" {
		t.Error(got)
	}
}

// account is a lookup that knows only its account.
type account struct {
	ledger.Lookup
	id int64
}

func (a account) Reference(time.Time) (*program.Reference, error) {
	return &program.Reference{Account: program.Account{ID: a.id}}, nil
}

// decided returns "x" for each of n submissions that is rejected, "-" for the others.
func decided(t *testing.T, f *faultinject.Injector, command ledger.Command, from, n int64) string {
	t.Helper()
	decide := f.Decide(func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) {
		return ledger.Change{}, nil
	})
	s := ""
	for number := from; number < from+n; number++ {
		_, err := decide(account{id: 1}, ledger.Submission{Number: number, Accepted: start, Command: command}, ledger.ApplyContext{})
		switch rejection := (*rejection.Rejection)(nil); {
		case errors.As(err, &rejection):
			s += "x"
		case err == nil:
			s += "-"
		default:
			t.Fatal(err)
		}
	}
	return s
}

func TestRuleRejectsSubmissions(t *testing.T) {
	modification := ledger.Modification{Address: ledger.Address{EventType: 1, Order: "Y"}}
	for name, c := range map[string]struct {
		rule    string
		command ledger.Command
		want    string
	}{
		"all fail":                  {"route: PUT /Actions, code: ACTION_LOCKED", modification, "xxxxxx"},
		"of an order":               {"route: PUT /Actions, order: Y, code: ACTION_LOCKED", modification, "xxxxxx"},
		"of another order":          {"route: PUT /Actions, order: Z, code: ACTION_LOCKED", modification, "------"},
		"an action id has no order": {"route: PUT /Actions, order: Y, code: ACTION_LOCKED", ledger.Modification{}, "------"},
		"conversions":               {"route: POST /Conversions, code: CONV_DUPLICATE", ledger.Conversion{Order: "Y"}, "xxxxxx"},
		"reversals":                 {"route: DELETE /Actions, code: STALE_ACTION", ledger.Reversal{}, "xxxxxx"},
		"undos":                     {"route: POST /APISubmissions/*/Undo, code: STALE_ACTION", ledger.Undo{}, "xxxxxx"},
		"a code of another kind":    {"route: '* *', code: STALE_ACTION", ledger.Conversion{}, "------"},
		"count":                     {"route: PUT /Actions, code: ACTION_LOCKED, count: 2", modification, "xx----"},
		"skip and count":            {"route: PUT /Actions, code: ACTION_LOCKED, skip: 1, count: 1", modification, "-x----"},
		"a share of 0":              {"route: PUT /Actions, code: ACTION_LOCKED, share: 0%", modification, "------"},
		"a rule for requests":       {"route: PUT /Actions, status: 500", modification, "------"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newInjector(t, 1, "  - {"+c.rule+"}\n")
			first := decided(t, f, c.command, 1, 6)
			if first != c.want {
				t.Errorf("%s, want %s", first, c.want)
			}
			if again := decided(t, f, c.command, 1, 6); again != first {
				t.Errorf("the second time: %s, before %s", again, first)
			}
		})
	}
}

func TestShareDependsOnTheSubmissionNumber(t *testing.T) {
	const rule = "  - {name: a, route: PUT /Actions, code: ACTION_LOCKED, share: 0.5}\n"
	all := decided(t, newInjector(t, 7, rule), ledger.Modification{}, 1, 100)
	later := decided(t, newInjector(t, 7, rule), ledger.Modification{}, 51, 50)
	if all[50:] != later {
		t.Errorf("%s, without the earlier submissions %s", all[50:], later)
	}
}

func TestRulesSkipEarlierSubmissions(t *testing.T) {
	f := newInjector(t, 1, "  - {route: PUT /Actions, code: ACTION_LOCKED}\n")
	want := ledger.Change{Action: ledger.Action{Order: "next"}}
	decide := f.Decide(func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) { return want, nil })
	got, err := decide(account{id: 1}, ledger.Submission{Accepted: start.Add(-time.Microsecond), Command: ledger.Modification{}}, ledger.ApplyContext{})
	if diff := cmp.Diff(want.Action.Order, got.Action.Order); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
