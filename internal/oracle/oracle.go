// Package oracle is the second implementation of the rules, for tests only. It
// implements sections 1 to 8, 11 and 12 of docs/rules.md naively: from the text alone, with
// fractions of arbitrary precision, and without an index or a cache. It shares
// with package ledger the types of commands and reference data, and no code.
//
// Tests apply random submissions, of package scenario, by both implementations and
// compare the results. [Memory] is an account in memory that decides by package
// ledger.
package oracle

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Oracle holds the actions of one account and decides submissions on them.
type Oracle struct {
	// Actions are in the order in which they were tracked.
	Actions []Action

	history History
	clicks  []program.Click
	effects map[int64]effect
	// undone holds the numbers of the submissions that were undone.
	undone map[int64]bool
	// adjusted holds the effective actions, by number, and pricedBy the terms that gave actions
	// their payouts. Accepted are the instants of conversions.
	adjusted map[int64]adjusted
	pricedBy map[int64]program.TermsKey
	accepted map[int64]time.Time
	// adjustments are in the order in which they were made.
	adjustments []madeAdjustment
}

// effect is the action before and after a submission.
type effect struct{ before, after Action }

// New returns an oracle for an account without actions.
func New(h History, clicks []program.Click) *Oracle {
	return &Oracle{
		history: h, clicks: clicks, effects: make(map[int64]effect), undone: make(map[int64]bool),
		adjusted: make(map[int64]adjusted), pricedBy: make(map[int64]program.TermsKey), accepted: make(map[int64]time.Time),
	}
}

// Verdict is the oracle's decision on a submission.
type Verdict struct {
	// Codes are empty unless the submission is rejected. There are several only
	// where the rules give them no order.
	Codes []rejection.Code
	// Action is the action after the submission.
	Action  Action
	Updates []Update
	// Terms are zero if nothing was priced.
	Terms program.TermsKey
	// Adjustments are those of a locked action, and Effective is the action with them.
	Adjustments []Adjustment
	Effective   Action
}

func rejected(codes ...rejection.Code) Verdict { return Verdict{Codes: codes} }

// Judge decides the submission s and, unless it is rejected, applies it.
func (o *Oracle) Judge(s ledger.Submission, t ledger.ApplyContext) Verdict {
	var v Verdict
	switch c := s.Command.(type) {
	case ledger.Conversion:
		v = o.conversion(s, c, t)
	case ledger.Modification:
		v = o.modification(s, c, t)
	case ledger.Reversal:
		v = o.reversal(s, c, t)
	case ledger.Undo:
		v = o.undo(s, c, t)
	}
	if len(v.Codes) > 0 {
		return v
	}
	for i := range v.Updates {
		v.Updates[i].Number, v.Updates[i].Submission, v.Updates[i].Recorded = t.Update+int64(i), s.Number, nanos(t.At)
		v.Action.Last = v.Updates[i].Number
		v.Updates[i].record(v.Action, t.At, o.history.At(s.Accepted).EventTypes[v.Action.ID.EventType].Dispositions)
	}
	o.notePricing(s, v)
	if len(v.Adjustments) > 0 {
		o.adjust(s, &v, t)
		return v
	}
	if s.Command.Kind() == ledger.KindConversion {
		o.accepted[s.Number] = s.Accepted
		o.Actions = append(o.Actions, v.Action)
		return v
	}
	if len(v.Updates) == 0 {
		o.effects[s.Number] = effect{v.Action, v.Action}
		return v
	}
	at := slices.IndexFunc(o.Actions, func(a Action) bool { return a.ID.Number == v.Action.ID.Number })
	o.effects[s.Number] = effect{o.Actions[at], v.Action}
	o.Actions[at] = v.Action
	return v
}

// find returns the action with the address, or the code of the rejection. If the
// address contains more than an id, all of it must agree.
func (o *Oracle) find(to ledger.Address) (Action, rejection.Code) {
	for _, a := range slices.Backward(o.Actions) {
		eventType, order := a.ID.EventType == to.EventType, a.Order == to.Order
		switch {
		case to.Action == ids.ActionID{} && eventType && order:
			return a.clone(), ""
		case a.ID == to.Action && (to.EventType == 0 || eventType) && (to.Order == "" || order):
			return a.clone(), ""
		case a.ID == to.Action:
			return Action{}, rejection.CodeIdentifierMismatch
		}
	}
	return Action{}, rejection.CodeActionNotFound
}

// limitReached reports whether the action has as many modifications as it may have.
func (a Action) limitReached(ref *program.Reference) bool {
	limit := ref.Account.ModificationLimit
	if a.ModificationLimit > limit {
		limit = a.ModificationLimit
	}
	return a.Modifications >= limit
}

// stale reports whether the action has an update that is newer than the expected one.
func (a Action) stale(expected ids.UpdateID) bool {
	return expected != ids.UpdateID{} && (expected.Action != a.ID || expected.Number < a.Last)
}

// changes returns the items that the submission changed, payouts and weights aside, and
// reports whether it changed the action itself or a weight (section 6).
func changes(before, after Action) (items []int, action bool) {
	for i := range before.Items {
		was, is := before.Items[i].Now.withoutPayout(), after.Items[i].Now.withoutPayout()
		if was.withoutWeight() != is.withoutWeight() {
			items = append(items, i)
		} else if was != is {
			action = true
		}
	}
	action = action || before.State.CustomerStatus != after.State.CustomerStatus ||
		before.State.Disposition != after.State.Disposition ||
		before.State.ReversedWhole != after.State.ReversedWhole ||
		before.State.Locking != after.State.Locking // an APPROVE code that the conversion already had
	return items, action
}
