package faultinject

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi/fault"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Injector applies fault rules. Create one with [New]. If several rules match, the first
// one that fires wins. An Injector is safe for concurrent use.
type Injector struct {
	seed uint64
	now  func() time.Time

	mu    sync.Mutex
	since time.Time
	rules []*activeRule
}

// activeRule is a rule with its counters.
type activeRule struct {
	Rule
	// matched and injected count requests.
	matched, injected int
	// passed and rejected hold the submissions that the rule let pass or rejected, so that
	// deciding one again has the same result.
	passed, rejected map[submission]bool
}

// submission identifies a submission across accounts.
type submission struct{ account, number int64 }

// New returns an injector without rules. The seed determines which requests and submissions
// belong to the share of a rule: the same seed selects the same ones.
func New(seed uint64, now func() time.Time) *Injector { return &Injector{seed: seed, now: now} }

// Set replaces all rules and resets the counters. The new rules apply to requests and
// submissions accepted from then on.
func (in *Injector) Set(rules []Rule) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.since, in.rules = in.now().Truncate(time.Microsecond), make([]*activeRule, len(rules))
	for i, r := range rules {
		in.rules[i] = &activeRule{Rule: r, passed: make(map[submission]bool), rejected: make(map[submission]bool)}
	}
}

// Rules returns the current rules.
func (in *Injector) Rules() []Rule {
	in.mu.Lock()
	defer in.mu.Unlock()
	rules := make([]Rule, len(in.rules))
	for i, a := range in.rules {
		rules[i] = a.Rule
	}
	return rules
}

// Request returns the fault of a request and reports whether there is one.
func (in *Injector) Request(r fault.Request) (fault.Fault, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, a := range in.rules {
		if a.Code == "" && a.matches(r.Method, r.Path, r.Order) && a.fires(in.seed) {
			return fault.Fault{
				Rule: a.Name, Delay: time.Duration(a.Delay), Status: a.Status,
				Drop: a.Drop != "", After: a.After || a.Drop == After,
			}, true
		}
	}
	return fault.Fault{}, false
}

// Decide returns a function that rejects each submission that a rule selects, with the code
// of the rule, and calls next for all others. The result for a submission never changes,
// because verify decides the submission again: the rules skip submissions that were accepted
// before the rules were set, and remember those that they counted.
func (in *Injector) Decide(next store.Decide) store.Decide {
	return func(lookup ledger.Lookup, s ledger.Submission, ctx ledger.ApplyContext) (ledger.Change, error) {
		rejection, err := in.reject(lookup, s)
		if err != nil {
			return ledger.Change{}, err
		}
		if rejection != nil {
			return ledger.Change{}, rejection
		}
		return next(lookup, s, ctx)
	}
}

// reject returns the rejection of a submission that a rule selects, or nil.
func (in *Injector) reject(lookup ledger.Lookup, s ledger.Submission) (*rejection.Rejection, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if s.Accepted.Before(in.since) {
		return nil, nil //nolint:nilnil // neither a rejection nor an error
	}
	kind := s.Command.Kind()
	method, path, _ := strings.Cut(routeOf(kind), " ")
	for _, a := range in.rules {
		if a.Code == "" || !a.Code.AppliesTo(kind == ledger.KindConversion) || !a.matches(method, path, orderOf(s.Command)) {
			continue
		}
		reference, err := lookup.Reference(s.Accepted)
		if err != nil {
			return nil, err
		}
		if a.rejects(in.seed, submission{reference.Account.ID, s.Number}) {
			return a.rejection(), nil
		}
	}
	return nil, nil //nolint:nilnil // see above
}

// fires counts a matching request and reports whether the rule injects its fault.
func (a *activeRule) fires(seed uint64) bool {
	a.matched++
	if a.matched <= a.Skip || a.Count > 0 && a.injected >= a.Count || !a.sampled(seed, 0, int64(a.matched)) {
		return false
	}
	a.injected++
	return true
}

// rejects reports whether the rule rejects a submission.
func (a *activeRule) rejects(seed uint64, s submission) bool {
	switch {
	case a.rejected[s]:
		return true
	case a.passed[s]:
		return false
	case len(a.passed) < a.Skip:
		a.passed[s] = true
		return false
	case !a.sampled(seed, s.account, s.number):
		return false
	case a.Count == 0:
		return true
	case len(a.rejected) >= a.Count:
		return false
	}
	a.rejected[s] = true
	return true
}

// sampled reports whether a request or submission belongs to the rule's share.
func (a *activeRule) sampled(seed uint64, account, number int64) bool {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s", seed, account, number, a.Name))
	const bits = 53 // of the mantissa of a float64
	return float64(binary.BigEndian.Uint64(sum[:])>>(64-bits))/(1<<bits) < a.Share
}

// rejection returns the rejection of a submission by the rule.
func (r Rule) rejection() *rejection.Rejection {
	message := r.Message
	switch {
	case message != "":
	case r.Code == rejection.CodeConversionDuplicate: // clients search for these words
		message = "This OrderId is a duplicate, as injected by the fault rule " + r.Name + "; there is nothing to fix."
	default:
		message = "This error was injected by the fault rule " + r.Name + "; there is nothing to fix."
	}
	return &rejection.Rejection{Code: r.Code, Message: message}
}
