package ledger

import (
	"errors"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// amendment is a submission at work on an action that is there already.
type amendment struct {
	submission    Submission
	turn          ApplyContext
	reference     *Reference
	eventType     EventType
	before, after Action
	// reason becomes the disposition of the updates.
	reason string
}

// newAmendment begins a revision of the addressed action.
func newAmendment(w Lookup, s Submission, t ApplyContext, address Address) (*amendment, error) {
	a, err := address.Find(w)
	if errors.Is(err, ErrNotFound) {
		return nil, reject(CodeActionNotFound, "", "No action has this id or order id; report the conversion first.")
	}
	if err != nil {
		return nil, err
	}
	if !address.agrees(a) {
		return nil, reject(CodeIdentifierMismatch, "OrderId",
			"ActionId names an action with another event type or order id; send either way, or make them agree.")
	}
	reference, err := w.Reference(s.Accepted)
	if err != nil {
		return nil, err
	}
	return &amendment{
		submission: s, turn: t, reference: reference, eventType: reference.EventTypes[a.ID.EventType],
		before: a, after: a.clone(),
	}, nil
}

// Find answers the action that is meant, or [ErrNotFound]. Whether an address that
// names it both ways agrees with itself is not asked.
func (d Address) Find(w Lookup) (Action, error) {
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

// preconditions says which of the bars that stand before every revision apply to one.
type preconditions struct {
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

// check refuses what may not be done to the action at all, in order of
// precedence (docs/rules.md, section 8).
func (r *amendment) check(d preconditions) error {
	a := r.before
	switch limit := r.limit(); {
	case a.locked(r.submission.Accepted):
		return reject(CodeActionLocked, "ActionId", "The action locked at %s; nothing can change it any more.",
			a.Locking.In(r.reference.Zone()).Format(time.RFC3339))
	case a.ReversedWhole && !d.passesReversed, d.wantsStanding && a.Reversed:
		return reject(CodeActionReversed, "ActionId", "The action is reversed; send Reason=RESET to bring it back first.")
	case d.expected != (UpdateID{}) && (d.expected.Action != a.ID || d.expected.Number < a.Last.Number):
		return reject(CodeStaleAction, "ExpectedUpdateId", "The newest update is %s; read the action again and decide anew.",
			UpdateID{a.ID, a.Last.Number})
	case d.stale:
		return reject(CodeStaleAction, "BatchId",
			"What the submission changed was changed again since; undo what came after it first, or modify the items.")
	case a.Modifications >= limit && !d.uncapped:
		return reject(CodeLimitReached, "ActionId",
			"The action was modified %d times, the most allowed; ask the operator to raise its limit.", limit)
	case d.customerStatus != nil && !slices.Contains(r.eventType.CustomerStatuses, *d.customerStatus):
		return reject(CodeCustomerStatusUnknown, "CustomerStatus", "The event type knows %q only.", r.eventType.CustomerStatuses)
	case d.currency != "" && d.currency != a.Currency:
		return reject(CodeCurrencyMismatch, "currencyCode", "The action's amounts are in %s; send them in it.", a.Currency)
	}
	return nil
}

// limit is the action's cap of modifications.
func (r *amendment) limit() int {
	return max(r.before.ModificationLimit, r.reference.Account.ModificationLimit)
}

// reverseWhole reverses every item that stands, one that an undo brought back
// to a reversed action too. Done already, it changes nothing.
func (r *amendment) reverseWhole() {
	r.after.ReversedWhole = true
	for i := range r.after.Items {
		item := &r.after.Items[i]
		item.reverse()
		item.Payout = 0
	}
}

// finish prices the action as it now is by the terms in force, and answers the change.
func (r *amendment) finish() (Change, error) {
	if !r.changed() {
		return r.unchanged(), nil
	}
	terms := r.reference.termsFor(r.before, r.submission.Accepted)
	fee := r.reference.Campaigns[r.before.ID.Campaign].FeeRate
	groups, err := r.after.price(terms, fee)
	if err != nil {
		return Change{}, tooLarge(err)
	}
	return r.change(terms, groups, PricingBasis{Terms: terms.TermsKey, FeeRate: fee, ModificationLimit: r.limit()}), nil
}

// finishUnpriced answers the change with the payouts as they stand in it.
func (r *amendment) finishUnpriced() (Change, error) {
	if !r.changed() {
		return r.unchanged(), nil
	}
	if err := r.after.sum(); err != nil {
		return Change{}, tooLarge(err)
	}
	terms := r.reference.termsBy(r.before.Terms)
	return r.change(terms, nil, PricingBasis{FeeRate: r.after.FeeRate, ModificationLimit: r.limit()}), nil
}

func (r *amendment) unchanged() Change {
	return Change{Action: r.before, Basis: PricingBasis{ModificationLimit: r.limit()}}
}

func (r *amendment) change(terms Terms, groups []int64, judged PricingBasis) Change {
	r.after.Delta = r.after.Totals.minus(r.before.Totals)
	r.after.Modifications++
	r.after.Updated = r.turn.At
	return Change{Updates: r.trace(terms, groups), Action: r.after, Basis: judged}
}

func (r *amendment) changed() bool {
	if !r.before.ActionState.equal(r.after.ActionState) {
		return true
	}
	for i := range r.after.Items {
		if r.after.Items[i].ItemState != r.before.Items[i].ItemState {
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
	return reject(CodeAmountTooLarge, "Amount", "An amount, a payout or their sum would exceed %d digits before the decimal point.",
		money.MaxIntegerDigits)
}
