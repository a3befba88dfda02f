package ledger

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Undo reverts the change that a submission made.
type Undo struct {
	// Submission is the number of the submission to undo.
	Submission int64
	// Expected is like [Modification.Expected].
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// Kind returns [KindUndo].
func (Undo) Kind() Kind { return KindUndo }

// Validate returns nil. The submission to undo is checked when the undo is decided.
func (Undo) Validate(time.Time, program.Account) []*Rejection { return nil }

func (u Undo) decide(d decision) (Change, error) {
	before, after, err := d.lookup.Change(u.Submission)
	if errors.Is(err, ErrNotFound) {
		return Change{}, reject(CodeActionNotFound, "", "The submission changed no existing action. If it created one, reverse the action instead.")
	}
	if err != nil {
		return Change{}, err
	}
	m, err := newAmendment(d, Address{Action: after.ID})
	if err != nil {
		return Change{}, err
	}
	m.reason = DispositionUndo
	stale := m.restore(before, after)
	if err := m.check(preconditions{expected: u.Expected, allowReversed: true, stale: stale}); err != nil {
		return Change{}, err
	}
	return m.withPricing()
}

// restore reverts the changes of a submission, except of payouts. It reports whether any
// of the reverted values had changed again since.
func (m *amendment) restore(before, after Action) (stale bool) {
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
