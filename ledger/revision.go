package ledger

import (
	"errors"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// revision is a submission at work on an action that is there already.
type revision struct {
	submission Submission
	turn       Turn
	reference  *Reference
	eventType  EventType
	was, is    Action
	// reason becomes the disposition of the updates.
	reason string
}

// revise begins a revision of the addressed action.
func revise(w World, s Submission, t Turn, address Address) (*revision, error) {
	a, err := address.Find(w)
	if errors.Is(err, ErrNotFound) {
		return nil, refuse(CodeActionNotFound, "", "No action has this id or order id; report the conversion first.")
	}
	if err != nil {
		return nil, err
	}
	if !address.agrees(a) {
		return nil, refuse(CodeIdentifierMismatch, "OrderId",
			"ActionId names an action with another event type or order id; send either way, or make them agree.")
	}
	reference, err := w.Reference(s.Accepted)
	if err != nil {
		return nil, err
	}
	return &revision{
		submission: s, turn: t, reference: reference, eventType: reference.EventTypes[a.ID.EventType],
		was: a, is: a.clone(),
	}, nil
}

// Find answers the action that is meant, or [ErrNotFound]. Whether an address that
// names it both ways agrees with itself is not asked.
func (d Address) Find(w World) (Action, error) {
	if d.Action == (ActionID{}) {
		return w.ActionOfOrder(d.EventType, d.Order)
	}
	a, err := w.Action(d.Action.Number)
	if err == nil && a.ID != d.Action {
		return Action{}, ErrNotFound
	}
	return a, err
}

func (d Address) agrees(a Action) bool {
	return (d.EventType == 0 || d.EventType == a.ID.EventType) && (d.Order == "" || d.Order == a.Order)
}

// demand says which of the bars that stand before every revision apply to one.
type demand struct {
	expected UpdateID
	// stale says that what an undo is to bring back was changed again since.
	stale bool
	// passesReversed lets it through to an action that was reversed as a whole.
	passesReversed bool
	// wantsStanding asks for an item that is not reversed.
	wantsStanding bool
	// uncapped lets it through however many modifications there were.
	uncapped       bool
	customerStatus *string
	currency       money.Currency
}

// admit refuses what may not be done to the action at all, in order of
// precedence (docs/rules.md, section 8).
func (r *revision) admit(d demand) error {
	a := r.was
	switch limit := r.limit(); {
	case a.locked(r.submission.Accepted):
		return refuse(CodeActionLocked, "ActionId", "The action locked at %s; nothing can change it any more.",
			a.Locking.In(r.reference.Zone()).Format(time.RFC3339))
	case a.ReversedWhole && !d.passesReversed, d.wantsStanding && a.Reversed:
		return refuse(CodeActionReversed, "ActionId", "The action is reversed; send Reason=RESET to bring it back first.")
	case d.expected != (UpdateID{}) && (d.expected.Action != a.ID || d.expected.Number < a.Last.Number):
		return refuse(CodeStaleAction, "ExpectedUpdateId", "The newest update is %s; read the action again and decide anew.",
			UpdateID{a.ID, a.Last.Number})
	case d.stale:
		return refuse(CodeStaleAction, "BatchId",
			"What the submission changed was changed again since; undo what came after it first, or modify the items.")
	case a.Modifications >= limit && !d.uncapped:
		return refuse(CodeLimitReached, "ActionId",
			"The action was modified %d times, the most allowed; ask the operator to raise its limit.", limit)
	case d.customerStatus != nil && !slices.Contains(r.eventType.CustomerStatuses, *d.customerStatus):
		return refuse(CodeCustomerStatusUnknown, "CustomerStatus", "The event type knows %q only.", r.eventType.CustomerStatuses)
	case d.currency != "" && d.currency != a.Currency:
		return refuse(CodeCurrencyMismatch, "currencyCode", "The action's amounts are in %s; send them in it.", a.Currency)
	}
	return nil
}

// limit is the action's cap of modifications.
func (r *revision) limit() int { return max(r.was.Cap, r.reference.Account.Cap) }

// reverseWhole reverses every item that stands, one that an undo brought back
// to a reversed action too. Done already, it changes nothing.
func (r *revision) reverseWhole() {
	r.is.ReversedWhole = true
	for i := range r.is.Items {
		item := &r.is.Items[i]
		item.reverse()
		item.Payout = 0
	}
}

// finish prices the action as it now is by the terms in force, and answers the change.
func (r *revision) finish() (Change, error) {
	if !r.changed() {
		return r.unchanged(), nil
	}
	terms := r.reference.termsFor(r.was, r.submission.Accepted)
	fee := r.reference.Campaigns[r.was.ID.Campaign].FeeRate
	groups, err := r.is.price(terms, fee)
	if err != nil {
		return Change{}, tooLarge(err)
	}
	return r.change(terms, groups, Judgement{Terms: terms.TermsKey, FeeRate: fee, Cap: r.limit()}), nil
}

// finishUnpriced answers the change with the payouts as they stand in it.
func (r *revision) finishUnpriced() (Change, error) {
	if !r.changed() {
		return r.unchanged(), nil
	}
	if err := r.is.sum(); err != nil {
		return Change{}, tooLarge(err)
	}
	terms := r.reference.termsBy(r.was.Terms)
	return r.change(terms, nil, Judgement{FeeRate: r.is.FeeRate, Cap: r.limit()}), nil
}

func (r *revision) unchanged() Change {
	return Change{Action: r.was, Judged: Judgement{Cap: r.limit()}}
}

func (r *revision) change(terms Terms, groups []int64, judged Judgement) Change {
	r.is.Delta = r.is.Totals.minus(r.was.Totals)
	r.is.Modifications++
	r.is.Updated = r.turn.At
	return Change{Updates: r.trace(terms, groups), Action: r.is, Judged: judged}
}

func (r *revision) changed() bool {
	if !r.was.ActionState.equal(r.is.ActionState) {
		return true
	}
	for i := range r.is.Items {
		if r.is.Items[i].ItemState != r.was.Items[i].ItemState {
			return true
		}
	}
	return false
}

func (s ActionState) equal(t ActionState) bool {
	locking := s.Locking.Equal(t.Locking)
	s.Locking, t.Locking = time.Time{}, time.Time{}
	return locking && s == t
}

func tooLarge(err error) error {
	if !errors.Is(err, money.ErrTooLarge) {
		return err
	}
	return refuse(CodeAmountTooLarge, "Amount", "An amount, a payout or their sum would exceed %d digits before the decimal point.",
		money.MaxIntegerDigits)
}
