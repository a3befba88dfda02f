package faultinject

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Faults are the rules in force. Use [New]. Of several rules that match the first
// that strikes wins.
type Faults struct {
	seed uint64
	now  func() time.Time

	mu    sync.Mutex
	since time.Time
	rules []*armed
}

// armed is a rule with what it has met so far.
type armed struct {
	Rule
	// seen and struck count requests.
	seen, struck int
	// spared and refused are submissions: asked again, they get the same answer.
	spared, refused map[submission]bool
}

// submission names one, in all accounts.
type submission struct{ account, number int64 }

// New answers faults without a rule. The seed decides which requests and
// submissions belong to a share: the same ones, in the same order, each time.
func New(seed uint64, now func() time.Time) *Faults { return &Faults{seed: seed, now: now} }

// Set puts rules in the place of all there are. They hold for requests and
// submissions that come from then on, and count from nought.
func (f *Faults) Set(rules []Rule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.since, f.rules = f.now().Truncate(time.Microsecond), make([]*armed, len(rules))
	for i, r := range rules {
		f.rules[i] = &armed{Rule: r, spared: make(map[submission]bool), refused: make(map[submission]bool)}
	}
}

// Rules answers the rules in force.
func (f *Faults) Rules() []Rule {
	f.mu.Lock()
	defer f.mu.Unlock()
	rules := make([]Rule, len(f.rules))
	for i, a := range f.rules {
		rules[i] = a.Rule
	}
	return rules
}

// Of answers what goes wrong with a request.
func (f *Faults) Of(r httpapi.Request) (httpapi.Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.rules {
		if a.Code == "" && a.matches(r.Method, r.Path, r.Order) && a.strikes(f.seed) {
			return httpapi.Fault{
				Rule: a.Name, Delay: time.Duration(a.Delay), Status: a.Status,
				Drop: a.Drop != "", After: a.After || a.Drop == After,
			}, true
		}
	}
	return httpapi.Fault{}, false
}

// Decide answers a decide that completes what a rule strikes with its code, and asks
// next about all else. A submission that was accepted before the rules were set is
// none of theirs: what was decided without them is decided so again, as undoing
// does. What they have decided they remember.
func (f *Faults) Decide(next store.Decide) store.Decide {
	return func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error) {
		refusal, err := f.refuse(w, s)
		if err != nil {
			return ledger.Change{}, err
		}
		if refusal != nil {
			return ledger.Change{}, refusal
		}
		return next(w, s, t)
	}
}

func (f *Faults) refuse(w ledger.Lookup, s ledger.Submission) (*ledger.Rejection, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s.Accepted.Before(f.since) {
		return nil, nil //nolint:nilnil // no refusal and no failure
	}
	kind := s.Command.Kind()
	method, path, _ := strings.Cut(routeOf(kind), " ")
	for _, a := range f.rules {
		if a.Code == "" || !a.Code.Of(kind) || !a.matches(method, path, orderOf(s.Command)) {
			continue
		}
		reference, err := w.Reference(s.Accepted)
		if err != nil {
			return nil, err
		}
		if a.refuses(f.seed, submission{reference.Account.ID, s.Number}) {
			return a.refusal(), nil
		}
	}
	return nil, nil //nolint:nilnil // see above
}

// strikes reports whether the rule strikes the request that it now meets.
func (a *armed) strikes(seed uint64) bool {
	a.seen++
	if a.seen <= a.Skip || a.Count > 0 && a.struck >= a.Count || !a.drawn(seed, 0, int64(a.seen)) {
		return false
	}
	a.struck++
	return true
}

// refuses reports whether the rule strikes a submission.
func (a *armed) refuses(seed uint64, s submission) bool {
	switch {
	case a.refused[s]:
		return true
	case a.spared[s]:
		return false
	case len(a.spared) < a.Skip:
		a.spared[s] = true
		return false
	case !a.drawn(seed, s.account, s.number):
		return false
	case a.Count == 0:
		return true
	case len(a.refused) >= a.Count:
		return false
	}
	a.refused[s] = true
	return true
}

// drawn reports whether the number belongs to the rule's share.
func (a *armed) drawn(seed uint64, account, number int64) bool {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s", seed, account, number, a.Name))
	const places = 53 // as many as a float holds
	return float64(binary.BigEndian.Uint64(sum[:])>>(64-places))/(1<<places) < a.Share
}

// refusal answers what a struck submission completes with.
func (r Rule) refusal() *ledger.Rejection {
	message := r.Message
	switch {
	case message != "":
	case r.Code == ledger.CodeConversionDuplicate: // clients look for these words
		message = "This OrderId is a duplicate, or so the fault rule " + r.Name + " has it; there is nothing to mend."
	default:
		message = "The fault rule " + r.Name + " asked for this; there is nothing to mend."
	}
	return &ledger.Rejection{Code: r.Code, Message: message}
}
