package ledger

import (
	"cmp"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// late holds a locked action and its adjustments, for a submission that changes it by more
// adjustments (docs/rules.md, section 11).
type late struct {
	Effective
	locked Action
	// until is the instant at which the action ceases to accept adjustments.
	until time.Time
}

// amendLocked prepares the amendment of a locked action, if the terms that tracked it accept
// late returns.
func (m *amendment) amendLocked() (err error) {
	terms := m.reference.TermsVersion(m.before.Terms)
	if terms.LateReturns == 0 {
		return nil
	}
	m.late = &late{locked: m.before, until: terms.AdjustableUntil(m.before.LockingDate, m.reference.Zone())}
	m.late.Effective, err = m.lookup.Effective(m.before)
	m.before = m.late.Action
	return err
}

// adjusted reports whether a submission that changed the action made adjustments.
func (l *late) adjusted(submission int64) bool {
	return l != nil && l.First != 0 && submission >= l.First
}

// adjusts reports whether the modification changes nothing but quantities and amounts. A RESET
// is rejected later.
func (c Modification) adjusts(effect program.Effect) bool {
	if c.CustomerStatus != nil || effect == program.EffectApprove {
		return false
	}
	for _, item := range c.Items {
		if item.Category != nil || item.Name != nil || item.Rebate != nil {
			return false
		}
	}
	return len(c.Items) > 0 || c.Amount != nil || effect == program.EffectReject || c.Reason == ReasonReset
}

func (m *amendment) rejectLocked() error {
	at := m.before.LockingDate.In(m.reference.Zone()).Format(time.RFC3339)
	if m.late == nil {
		return rejection.New(rejection.CodeActionLocked, "ActionId", "The action locked at %s; it can no longer be changed.", at)
	}
	return rejection.New(rejection.CodeActionLocked, "ActionId",
		"The action locked at %s; since then only quantities and amounts can be reduced, by themselves, and such reductions be undone.", at)
}

// newest returns the id of the action's last update or adjustment.
func (m *amendment) newest() fmt.Stringer {
	id := ids.UpdateID{Action: m.before.ID, Number: m.before.Last.Number}
	if m.late.adjusted(m.submission.Number) {
		return ids.AdjustmentID(id)
	}
	return id
}

// adjust returns the change of an effective action as adjustments of the locked one, and that
// of another action as it is. The checks are in order of precedence.
func (m *amendment) adjust(c Change) (Change, error) {
	if m.late == nil {
		return c, nil
	}
	switch until := m.late.until; {
	case !m.submission.Accepted.Before(until):
		return Change{}, rejection.New(rejection.CodeAdjustmentTooLate, "ActionId", "The action accepted late returns until %s.",
			until.In(m.reference.Zone()).Format(time.RFC3339))
	case m.reason == ReasonReset:
		return Change{}, rejection.New(rejection.CodeResetNotAdjustable, "Reason",
			"The action is locked and can't be reset; send the quantities or amounts that it should have.")
	}
	for i, item := range m.after.Items {
		if most := m.late.locked.Items[i]; item.Quantity > most.Quantity || item.Amount > most.Amount {
			return Change{}, rejection.New(rejection.CodeAdjustmentTooHigh, "",
				"Item %q would exceed the quantity %d or the amount %s that it had when the action locked.",
				item.SKU, most.Quantity, m.after.Currency.Format(most.Amount))
		}
	}
	c.Action, c.Effective = m.late.locked, m.late.Effective
	if len(c.Updates) > 0 {
		c.Adjustments, c.Effective = m.adjustments(c.Updates)
		c.Updates = nil
	}
	return c, nil
}

// adjustments returns the updates of the effective action as adjustments, and the effective
// action with them.
func (m *amendment) adjustments(updates []Update) ([]Adjustment, Effective) {
	adjustments, after := make([]Adjustment, len(updates)), m.late.Effective
	entry := m.reference.EntryDate(m.before.Terms, m.before.LockingDate, m.late.Accepted)
	last := m.before.Last
	for i, u := range updates {
		before, item := m.before.Items[u.Item], m.after.Items[u.Item]
		d := Adjustment{
			ChainPosition: u.ChainPosition, Action: u.Action, Submission: u.Submission, At: u.At, Item: u.Item, SKU: u.SKU,
			Reason: u.Disposition, From: Line{Amount: before.Amount, Quantity: before.Quantity}, To: Line{Amount: item.Amount, Quantity: item.Quantity},
			Payout: u.Delta.Payout, Currency: m.before.Currency, Effective: program.Later(m.submission.Accepted, entry),
			Terms: u.Terms, Group: u.Group, Version: AdjustmentVersion, Before: u.Before,
		}
		d.Follow(last.Hash)
		last = d.ChainPosition
		adjustments[i] = d
	}
	after.Action, after.First = m.after, cmp.Or(after.First, m.submission.Number)
	after.Action.Last = last
	adjustments[len(adjustments)-1].State = new(after.state(m.late.locked))
	return adjustments, after
}

// PricedBy returns the terms that gave the action its payouts, after a change that a submission
// made to it. Before the change it was last. A RESET restores the payouts of the conversion.
func (c Change) PricedBy(last program.TermsKey, s Submission) program.TermsKey {
	reset, _ := s.Command.(Modification)
	switch {
	case len(c.Updates) == 0:
		return last
	case reset.Reason == ReasonReset:
		return c.Action.Terms
	default:
		return cmp.Or(c.Basis.Terms, last)
	}
}
