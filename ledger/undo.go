package ledger

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Undo reverts the change that a submission made.
type Undo struct {
	// Submission is the number of the submission to undo.
	Submission int64
	// Expected is like [Modification.Expected].
	Expected ids.UpdateID `json:",omitzero"`
	Note     string       `json:",omitzero"`
}

// Kind returns [KindUndo].
func (Undo) Kind() Kind { return KindUndo }

// Validate returns nil. The submission to undo is checked when the undo is decided.
func (Undo) Validate(time.Time, program.Account) []*rejection.Rejection { return nil }

func (u Undo) decide(d decision) (Change, error) {
	if d.submission.Rules.original() {
		return u.decideByValues(d)
	}
	action, undo, err := d.lookup.Amendment(u.Submission)
	if err != nil {
		return Change{}, rejectNotUndoable(err)
	}
	a, err := d.lookup.Action(action)
	if err != nil {
		return Change{}, err
	}
	m, err := amend(d, a)
	if err != nil {
		return Change{}, err
	}
	m.reason = DispositionUndo
	p := preconditions{
		expected: u.Expected, adjustable: m.late.adjusted(u.Submission), allowReversed: true, undo: u.Submission, undone: undo != 0,
	}
	if err := m.checkState(p); err != nil {
		return Change{}, err // without a look at the updates of the submission
	}
	if p.stale, err = m.restore(u.Submission); err != nil {
		return Change{}, err
	}
	return u.finish(m, p)
}

// rejectNotUndoable returns a rejection if err is [ErrNotFound], else err.
func rejectNotUndoable(err error) error {
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return rejection.New(rejection.CodeActionNotFound, "", "The submission changed no existing action. If it created one, reverse the action instead.")
}

// finish returns the change of an undo that has restored the values.
func (u Undo) finish(m *amendment, p preconditions) (Change, error) {
	if err := m.check(p); err != nil {
		return Change{}, err
	}
	change, err := m.withPricing()
	if change.Changed() {
		change.Undone = u.Submission
	}
	return change, err
}

// restore restores the fields that a submission changed, except payouts and the locking
// date. It ends early and reports true if another submission changed one of them since.
func (m *amendment) restore(submission int64) (stale bool, err error) {
	err = m.lookup.Replaced(submission, func(i int, b Before) bool {
		item, own := &m.after.Items[i], b.Action.Groups&restoredGroups
		stale = !item.Changes.ChangedLastBy(b.Item.Groups, submission) || !m.before.Changes.ChangedLastBy(own, submission)
		for _, w := range b.Weights {
			other := &m.after.Items[w.Item]
			stale = stale || other.Changes[weightGroup] != submission
			other.SetWeight(w.Weight)
		}
		b.Item.Restore(&item.ItemState, itemGroups, b.Item.Groups)
		b.Action.Restore(&m.after.ActionState, actionGroups, own)
		return !stale
	})
	return stale, err
}

// decideByValues decides an undo by version 1 of the rules, which compares values to find
// whether the undo is stale.
func (u Undo) decideByValues(d decision) (Change, error) {
	before, after, err := d.lookup.Change(u.Submission)
	if err != nil {
		return Change{}, rejectNotUndoable(err)
	}
	m, err := newAmendment(d, Address{Action: after.ID})
	if err != nil {
		return Change{}, err
	}
	m.reason = DispositionUndo
	stale := m.restoreValues(before, after)
	return u.finish(m, preconditions{expected: u.Expected, allowReversed: true, stale: stale})
}

// restoreValues restores the items that a submission changed, the customer status and the
// reversal mark. It reports whether any of the values had changed again since.
func (m *amendment) restoreValues(before, after Action) (stale bool) {
	for i := range after.Items {
		old, changed := before.Items[i].ItemState, after.Items[i].ItemState
		if equalExceptPayout(old, changed) {
			continue
		}
		current := m.after.Items[i].ItemState
		stale = stale || !equalExceptPayout(current, changed)
		old.Payout = current.Payout // payouts of different times could add up to too many digits
		m.after.Items[i].ItemState = old
	}
	if before.CustomerStatus != after.CustomerStatus {
		stale = stale || m.after.CustomerStatus != after.CustomerStatus
		m.after.CustomerStatus = before.CustomerStatus
	}
	if before.ReversedWhole != after.ReversedWhole {
		stale = stale || m.after.ReversedWhole != after.ReversedWhole
		m.after.ReversedWhole = before.ReversedWhole
	}
	return stale
}
