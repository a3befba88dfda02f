package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

// world is one account as the applier's transaction sees it. Actions are loaded
// once and written once: what is decided meanwhile is held here. New actions and
// updates are written at once, so that lookups by what never changes are SQL's.
type world struct {
	*session
	store   *Store
	account int64
	decide  store.Decide
	// accepted is the instant of the submission whose turn it is.
	accepted time.Time
	era      era
	actions  map[int64]*held
	// heldItems counts the items of actions.
	heldItems int
	// failure is the store's own: it is nobody's fault but the disk's, and no attempt.
	failure error
}

// held is an action in memory.
type held struct{ stored, is trueup.Action }

// maxHeldItems bounds how many items are held before what is dirty is written.
const maxHeldItems = 20_000

// looked passes a lookup's error on and remembers what is more than "not found".
func (w *world) looked(err error) error {
	if err != nil && !errors.Is(err, trueup.ErrNotFound) {
		w.failure = cmp.Or(w.failure, err)
	}
	return err
}

// Reference implements [trueup.World].
func (w *world) Reference(at time.Time) (*trueup.Reference, error) {
	if !w.era.holds(micros(at)) {
		e, err := w.store.era(w.session, w.account, at)
		if err != nil {
			return nil, w.looked(err)
		}
		w.era = e
	}
	return w.era.reference, nil
}

// Action implements [trueup.World].
func (w *world) Action(number int64) (trueup.Action, error) {
	if h, found := w.actions[number]; found {
		return h.is, nil
	}
	a, err := w.action(w.account, number)
	if err != nil {
		return trueup.Action{}, w.looked(err)
	}
	w.hold(a)
	return a, nil
}

func (w *world) hold(a trueup.Action) {
	w.actions[a.ID.Number] = &held{stored: a, is: a}
	w.heldItems += len(a.Items)
}

// ActionOfOrder implements [trueup.World].
func (w *world) ActionOfOrder(eventType int64, order string) (trueup.Action, error) {
	var number int64
	err := w.row(`SELECT number FROM actions WHERE account = ? AND order_id = ? AND event_type = ?
		ORDER BY number DESC LIMIT 1`, []any{w.account, order, eventType}, &number)
	if err != nil {
		return trueup.Action{}, w.looked(notFound(err))
	}
	return w.Action(number)
}

// OrderBetween implements [trueup.World].
func (w *world) OrderBetween(eventType int64, order string, after, before time.Time) (bool, error) {
	var one int
	// The plus keeps SQLite from reading a year of EventDates instead of one order.
	err := notFound(w.row(`SELECT 1 FROM actions WHERE account = ? AND order_id = ? AND event_type = ?
		AND +event_date > ? AND +event_date < ? LIMIT 1`,
		[]any{w.account, order, eventType, micros(after), micros(before)}, &one))
	if errors.Is(err, trueup.ErrNotFound) {
		return false, nil
	}
	return err == nil, w.looked(err)
}

// Click implements [trueup.World].
func (w *world) Click(id string) (trueup.Click, error) {
	c, err := w.click(w.account, id, w.accepted)
	return c, w.looked(err)
}

// Referral implements [trueup.World].
func (w *world) Referral(campaign int64, customer string) (trueup.Click, error) {
	c, err := w.referral(w.account, campaign, customer, w.accepted)
	return c, w.looked(err)
}

// Change implements [trueup.World]: it decides the action's submissions again.
func (w *world) Change(submission int64) (was, is trueup.Action, err error) {
	action, changed, err := w.changedBy(submission)
	if err != nil {
		return trueup.Action{}, trueup.Action{}, w.looked(err)
	}
	a, err := w.Action(action)
	if err != nil || !changed {
		return a, a, err
	}
	last, err := w.trackedBy(w.account, action)
	if err != nil {
		return trueup.Action{}, trueup.Action{}, w.looked(err)
	}
	tracked, err := a.AsTracked(last)
	if err != nil {
		return trueup.Action{}, trueup.Action{}, fmt.Errorf("action %d as tracked: %w", action, err)
	}
	a, err = store.Replay(tracked, w.steps(context.Background(), w.account, action, submission), w.Reference, w.decide,
		func(s store.Step, before trueup.Action, _ trueup.Change) bool {
			was = before
			return s.Number < submission
		})
	if err != nil {
		return trueup.Action{}, trueup.Action{}, fmt.Errorf("replay action %d: %w", action, err)
	}
	return was, a, nil
}

// changedBy answers the number of the action that a submission was carried out on,
// and whether it changed it; one that failed and a conversion were on none.
func (w *world) changedBy(submission int64) (action int64, changed bool, err error) {
	err = w.row(`SELECT action, first_update <> 0 FROM outcomes
		WHERE account = ? AND number = ? AND error_type = '' AND action <> 0 AND action <> number`,
		[]any{w.account, submission}, &action, &changed)
	return action, changed, notFound(err)
}

// keep takes over what a submission made of its action and writes what is new.
func (w *world) keep(c trueup.Change) error {
	number := c.Action.ID.Number
	if h, found := w.actions[number]; found {
		h.is = c.Action
	} else {
		if err := w.createAction(w.account, c.Action); err != nil {
			return err
		}
		w.hold(c.Action)
	}
	for _, u := range c.Updates {
		if err := w.appendUpdate(w.account, u); err != nil {
			return err
		}
	}
	return nil
}

// flush writes the actions that changed and forgets all.
func (w *world) flush() error {
	for _, number := range slices.Sorted(maps.Keys(w.actions)) {
		if h := w.actions[number]; h.is.Last != h.stored.Last {
			if err := w.changeAction(w.account, h.stored, h.is); err != nil {
				return err
			}
		}
	}
	clear(w.actions)
	w.heldItems = 0
	return nil
}
