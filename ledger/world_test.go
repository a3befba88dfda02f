package ledger_test

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// history is an account's reference data over time, oldest first.
type history []dated

type dated struct {
	at        time.Time
	reference *ledger.Reference
}

// at answers the reference data as they stood at an instant.
func (h history) at(instant time.Time) *ledger.Reference {
	found := h[0].reference
	for _, r := range h[1:] {
		if !instant.Before(r.at) {
			found = r.reference
		}
	}
	return found
}

// memWorld is an account in memory. It hands out what it holds without copying,
// so that a decision that changes its input shows.
type memWorld struct {
	history history
	clicks  []ledger.Click
	// actions are in the order in which they were tracked.
	actions []ledger.Action
	updates map[int64][]ledger.Update
	changes map[int64]changed
	// updated is the number of the newest update.
	updated int64
}

type changed struct{ was, is ledger.Action }

func newWorld(h history, clicks []ledger.Click) *memWorld {
	return &memWorld{
		history: h, clicks: clicks,
		updates: make(map[int64][]ledger.Update), changes: make(map[int64]changed),
	}
}

// apply decides the submission at its turn and keeps what it changed.
func (w *memWorld) apply(s ledger.Submission, at time.Time) (ledger.Change, error) {
	change, err := ledger.Decide(w, s, ledger.ApplyContext{At: at, Update: w.updated + 1})
	if err != nil {
		return change, err
	}
	is := change.Action
	if s.Command.Kind() == ledger.KindConversion {
		w.actions = append(w.actions, is)
	} else {
		at := w.index(is.ID.Number)
		was := w.actions[at]
		if len(change.Updates) > 0 {
			w.actions[at] = is
		}
		w.changes[s.Number] = changed{was, w.actions[at]}
	}
	w.updates[is.ID.Number] = append(w.updates[is.ID.Number], change.Updates...)
	w.updated += int64(len(change.Updates))
	return change, nil
}

// index answers where the action with the number is, or -1.
func (w *memWorld) index(number int64) int {
	return slices.IndexFunc(w.actions, func(a ledger.Action) bool { return a.ID.Number == number })
}

// newest answers the action that was tracked last.
func (w *memWorld) newest() (ledger.Action, bool) {
	if len(w.actions) == 0 {
		return ledger.Action{}, false
	}
	return w.actions[len(w.actions)-1], true
}

func (w *memWorld) Reference(at time.Time) (*ledger.Reference, error) { return w.history.at(at), nil }

func (w *memWorld) Action(number int64) (ledger.Action, error) {
	at := w.index(number)
	if at < 0 {
		return ledger.Action{}, ledger.ErrNotFound
	}
	return w.actions[at], nil
}

func (w *memWorld) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	for _, a := range slices.Backward(w.actions) {
		if a.ID.EventType == eventType && a.Order == order {
			return a, nil
		}
	}
	return ledger.Action{}, ledger.ErrNotFound
}

func (w *memWorld) OrderBetween(eventType int64, order string, after, before time.Time) (bool, error) {
	for _, a := range w.actions {
		if a.ID.EventType == eventType && a.Order == order && a.EventDate.After(after) && a.EventDate.Before(before) {
			return true, nil
		}
	}
	return false, nil
}

func (w *memWorld) Click(id string) (ledger.Click, error) {
	for _, c := range w.clicks {
		if c.ID == id {
			return c, nil
		}
	}
	return ledger.Click{}, ledger.ErrNotFound
}

func (w *memWorld) Referral(campaign int64, customer string) (ledger.Click, error) {
	var newest ledger.Click
	consider := func(c ledger.Click) {
		if c.Campaign == campaign && c.Customer == customer && c.At.After(newest.At) {
			newest = c
		}
	}
	for _, c := range w.clicks {
		consider(c)
	}
	for _, a := range w.actions {
		consider(ledger.Click{Campaign: a.ID.Campaign, Partner: a.Partner, Customer: a.Customer.ID, At: a.EventDate})
	}
	if newest.At.IsZero() {
		return ledger.Click{}, ledger.ErrNotFound
	}
	return newest, nil
}

func (w *memWorld) Change(submission int64) (was, is ledger.Action, err error) {
	c, ok := w.changes[submission]
	if !ok {
		return ledger.Action{}, ledger.Action{}, ledger.ErrNotFound
	}
	return c.was, c.is, nil
}
