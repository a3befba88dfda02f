package apply

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// decideQueued calls decide for a queued submission. A command that can't be
// decoded is an error.
func (b *batch) decideQueued(q *submissions.Queued, actx ledger.ApplyContext) (ledger.Change, error) {
	if q.Err != nil {
		return ledger.Change{}, q.Err
	}
	return b.decideChecked(q.Submission(), actx)
}

// decideChecked calls decide. It returns an error if decide panics, or if the change
// breaks the numbering.
func (b *batch) decideChecked(s ledger.Submission, actx ledger.ApplyContext) (change ledger.Change, err error) {
	defer func() {
		if p := recover(); p != nil {
			change, err = ledger.Change{}, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	change, err = b.decide(&b.Lookup, s, actx)
	if err == nil {
		err = b.checkNumbering(s, actx, change)
	}
	if err != nil {
		return ledger.Change{}, err
	}
	return change, nil
}

// checkNumbering returns an error unless the change numbers its action and updates as
// the ledger requires.
func (b *batch) checkNumbering(s ledger.Submission, actx ledger.ApplyContext, c ledger.Change) error {
	if len(c.Updates) == 0 {
		return nil
	}
	cached, found := b.actions[c.Action.ID.Number]
	switch {
	case found && len(cached.current.Items) != len(c.Action.Items):
		return fmt.Errorf("action %s had %d items and now has %d", c.Action.ID, len(cached.current.Items), len(c.Action.Items))
	case !found && c.Action.ID.Number != s.Number:
		return fmt.Errorf("new action %s doesn't have the number of its submission", c.Action.ID)
	case c.Action.Last != c.Updates[len(c.Updates)-1].ChainPosition:
		return fmt.Errorf("action %s doesn't end with its last update", c.Action.ID)
	}
	for i, u := range c.Updates {
		if u.Number != actx.Update+int64(i) || u.Submission != s.Number || u.Action != c.Action.ID {
			return fmt.Errorf("update %s of submission %d: want number %d of submission %d",
				u.ID(), u.Submission, actx.Update+int64(i), s.Number)
		}
	}
	return nil
}

// namedID returns the id of the existing action that a queued command names, or the
// zero id.
func (b *batch) namedID(q *submissions.Queued) (ledger.ActionID, error) {
	a, err := b.named(q.Command)
	return a.ID, err
}

// named returns the existing action that a command names, or the zero action. The
// command is nil if it can't be decoded.
func (b *batch) named(command ledger.Command) (a ledger.Action, err error) {
	err = ledger.ErrNotFound
	switch c := command.(type) {
	case ledger.Modification:
		a, err = c.Find(b)
	case ledger.Reversal:
		a, err = c.Find(b)
	case ledger.Undo:
		var number int64
		if number, _, err = b.actionOf(c.Submission); err == nil {
			a, err = b.Action(number)
		}
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Action{}, nil
	}
	return a, err
}
