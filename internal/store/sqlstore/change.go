package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Change implements [ledger.Lookup]: it decides the action's submissions again.
func (w *world) Change(submission int64) (was, is ledger.Action, err error) {
	action, changed, err := w.changedBy(submission)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, w.looked(err)
	}
	a, err := w.Action(action)
	if err != nil || !changed {
		return a, a, err
	}
	last, err := w.trackedBy(w.account, action)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, w.looked(err)
	}
	tracked, err := a.AsTracked(last)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, fmt.Errorf("action %d as tracked: %w", action, err)
	}
	a, err = store.Replay(tracked, w.stepsOf(action, submission), w.Reference, w.decide,
		func(s store.Step, before ledger.Action, _ ledger.Change) bool {
			was = before
			return s.Number < submission
		})
	if err != nil {
		return ledger.Action{}, ledger.Action{}, fmt.Errorf("replay action %d: %w", action, err)
	}
	return was, a, nil
}

// stepsOf is steps as lookups of this world.
func (w *world) stepsOf(action, upTo int64) store.Steps {
	return func(yield func(store.Step, error) bool) {
		for step, err := range w.steps(context.Background(), w.account, action, upTo) {
			if !errors.Is(err, errUnreadable) {
				err = w.looked(err)
			}
			if !yield(step, err) {
				return
			}
		}
	}
}

// changedBy answers the number of the action that a submission was carried out on,
// and whether it changed it; one that failed and a conversion were on none.
func (w *world) changedBy(submission int64) (action int64, changed bool, err error) {
	if err := w.settle(); err != nil {
		return 0, false, err
	}
	err = w.row(`SELECT action, first_update <> 0 FROM outcomes
		WHERE account = ? AND number = ? AND error_type = '' AND action <> 0 AND action <> number`,
		[]any{w.account, submission}, &action, &changed)
	return action, changed, notFound(err)
}
