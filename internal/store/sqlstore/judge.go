package sqlstore

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/trueup-ledger/trueup/ledger"
)

// judge asks decide about a row; a command that cannot be read is an error.
func (b *batch) judge(row commandRow, turn ledger.ApplyContext) (ledger.Change, error) {
	if row.unreadable != nil {
		return ledger.Change{}, row.unreadable
	}
	return b.ask(row.submission(), turn)
}

// ask asks decide and makes an error of a panic and of an answer that breaks the
// numbering.
func (b *batch) ask(s ledger.Submission, turn ledger.ApplyContext) (change ledger.Change, err error) {
	defer func() {
		if p := recover(); p != nil {
			change, err = ledger.Change{}, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	change, err = b.decide(&b.world, s, turn)
	if err == nil {
		err = b.check(s, turn, change)
	}
	if err != nil {
		return ledger.Change{}, err
	}
	return change, nil
}

// check asserts what keeps the ledger's numbers in order.
func (b *batch) check(s ledger.Submission, turn ledger.ApplyContext, c ledger.Change) error {
	if len(c.Updates) == 0 {
		return nil
	}
	h, found := b.actions[c.Action.ID.Number]
	switch {
	case found && len(h.is.Items) != len(c.Action.Items):
		return fmt.Errorf("action %s had %d items and has %d", c.Action.ID, len(h.is.Items), len(c.Action.Items))
	case !found && c.Action.ID.Number != s.Number:
		return fmt.Errorf("action %s is new and not numbered as its submission", c.Action.ID)
	case c.Action.Last != c.Updates[len(c.Updates)-1].ChainPosition:
		return fmt.Errorf("action %s does not end with the last update", c.Action.ID)
	}
	for i, u := range c.Updates {
		if u.Number != turn.Update+int64(i) || u.Submission != s.Number || u.Action != c.Action.ID {
			return fmt.Errorf("update %s of submission %d: want number %d of submission %d",
				u.ID(), u.Submission, turn.Update+int64(i), s.Number)
		}
	}
	return nil
}

// named answers the existing action that a command names, or the zero id.
func (b *batch) named(row commandRow) (ledger.ActionID, error) {
	if row.command == nil { // it cannot be read, and that is why it was parked
		return ledger.ActionID{}, nil
	}
	a, err := b.namedBy(row.command)
	return a.ID, err
}

// namedBy answers the existing action that a command names, or the zero one.
func (b *batch) namedBy(command ledger.Command) (a ledger.Action, err error) {
	err = ledger.ErrNotFound
	switch c := command.(type) {
	case ledger.Modification:
		a, err = c.Find(b)
	case ledger.Reversal:
		a, err = c.Find(b)
	case ledger.Undo:
		var number int64
		if number, _, err = b.changedBy(c.Submission); err == nil {
			a, err = b.Action(number)
		}
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Action{}, nil
	}
	return a, err
}
