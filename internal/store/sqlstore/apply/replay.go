package apply

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// Change implements [ledger.Lookup]. It replays the submissions of the action up to the
// one whose change it returns.
func (l *Lookup) Change(submission int64) (before, after ledger.Action, err error) {
	number, changed, err := l.actionOf(submission)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, l.recordFailure(err)
	}
	a, err := l.Action(number)
	if err != nil || !changed {
		return a, a, err
	}
	last, err := actions.LastTracked(l.Session, l.account, number)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, l.recordFailure(err)
	}
	tracked, err := a.AsTracked(last)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, fmt.Errorf("action %d as tracked: %w", number, err)
	}
	after, err = store.Replay(tracked, l.steps(number, submission), l.Reference, l.decide,
		func(s store.Step, a ledger.Action, _ ledger.Change) bool {
			before = a
			return s.Number < submission
		})
	if err != nil {
		return ledger.Action{}, ledger.Action{}, fmt.Errorf("replay action %d: %w", number, err)
	}
	return before, after, nil
}

// steps returns the steps of an action. It records errors as failures of the store, except
// for commands that can't be decoded.
func (l *Lookup) steps(action, upTo int64) store.Steps {
	return func(yield func(store.Step, error) bool) {
		for step, err := range submissions.Steps(context.Background(), l.Session, l.account, action, upTo) {
			if !errors.Is(err, submissions.ErrUnreadable) {
				err = l.recordFailure(err)
			}
			if !yield(step, err) {
				return
			}
		}
	}
}

// actionOf returns the number of the action that a submission completed on, and
// reports whether it changed the action.
func (l *Lookup) actionOf(submission int64) (action int64, changed bool, err error) {
	if err := l.writeInserts(); err != nil {
		return 0, false, err
	}
	return submissions.ActionOf(l.Session, l.account, submission)
}
