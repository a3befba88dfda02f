package sqlstore

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// world is one account as the applier's transaction sees it. Actions are loaded
// once and written once: what is decided meanwhile is held here, and what is new is
// written together.
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
	// newest answers the number of an order's newest action, 0 if it has none.
	newest map[orderOf]int64
	// ahead are the numbers of actions that will be asked for, in that order.
	ahead []int64
	fresh fresh
	// failure is the store's own: it is nobody's fault but the disk's, and no attempt.
	failure error
}

func newWorld(s *session, st *Store, account int64, decide store.Decide) world {
	return world{
		session: s, store: st, account: account, decide: decide,
		actions: make(map[int64]*held), newest: make(map[orderOf]int64),
	}
}

// held is an action in memory.
type held struct{ stored, is ledger.Action }

// orderOf is an order of an event type.
type orderOf struct {
	eventType int64
	order     string
}

// maxHeldItems bounds how many items are held before what is dirty is written.
const maxHeldItems = 20_000

// looked passes a lookup's error on and remembers what is more than "not found".
func (w *world) looked(err error) error {
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		w.failure = cmp.Or(w.failure, err)
	}
	return err
}

// Reference implements [ledger.Lookup].
func (w *world) Reference(at time.Time) (*ledger.Reference, error) {
	if !w.era.holds(micros(at)) {
		e, err := w.store.era(w.session, w.account, at)
		if err != nil {
			return nil, w.looked(err)
		}
		w.era = e
	}
	return w.era.reference, nil
}

// Action implements [ledger.Lookup].
func (w *world) Action(number int64) (ledger.Action, error) {
	if h, found := w.actions[number]; found {
		return h.is, nil
	}
	if w.dialect.arrays {
		if err := w.readAhead(number); err != nil {
			return ledger.Action{}, w.looked(err)
		}
		if h, found := w.actions[number]; found {
			return h.is, nil
		}
		return ledger.Action{}, ledger.ErrNotFound
	}
	a, err := w.action(w.account, number)
	if err != nil {
		return ledger.Action{}, w.looked(err)
	}
	w.hold(a)
	return a, nil
}

func (w *world) hold(a ledger.Action) {
	w.actions[a.ID.Number] = &held{stored: a, is: a}
	w.heldItems += len(a.Items)
}

// ActionOfOrder implements [ledger.Lookup].
func (w *world) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	number, err := w.newestOf(orderOf{eventType, order})
	if err != nil {
		return ledger.Action{}, err
	}
	return w.Action(number)
}

// newestOf answers the number of an order's newest action.
func (w *world) newestOf(of orderOf) (int64, error) {
	number, known := w.newest[of]
	if !known {
		err := notFound(w.row(`SELECT number FROM actions WHERE account = ? AND order_id = ? AND event_type = ?
			ORDER BY number DESC LIMIT 1`, []any{w.account, of.order, of.eventType}, &number))
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return 0, w.looked(err)
		}
		w.newest[of] = number
	}
	if number == 0 {
		return 0, ledger.ErrNotFound
	}
	return number, nil
}

// OrderBetween implements [ledger.Lookup].
func (w *world) OrderBetween(eventType int64, order string, after, before time.Time) (bool, error) {
	_, err := w.newestOf(orderOf{eventType, order})
	if err == nil {
		err = w.settle()
	}
	if err == nil {
		var one int
		// The plus keeps SQLite from reading a year of EventDates instead of one order.
		err = notFound(w.row(`SELECT 1 FROM actions WHERE account = ? AND order_id = ? AND event_type = ?
			AND +event_date > ? AND +event_date < ? LIMIT 1`,
			[]any{w.account, order, eventType, micros(after), micros(before)}, &one))
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, w.looked(err)
}

// Click implements [ledger.Lookup].
func (w *world) Click(id string) (ledger.Click, error) {
	c, err := w.click(w.account, id, w.accepted)
	return c, w.looked(err)
}

// Referral implements [ledger.Lookup].
func (w *world) Referral(campaign int64, customer string) (ledger.Click, error) {
	if err := w.settle(); err != nil {
		return ledger.Click{}, w.looked(err)
	}
	c, err := w.referral(w.account, campaign, customer, w.accepted)
	return c, w.looked(err)
}

// keep takes over what a submission made of its action.
func (w *world) keep(c ledger.Change) error {
	number := c.Action.ID.Number
	if h, found := w.actions[number]; found {
		h.is = c.Action
	} else if err := w.create(c.Action); err != nil {
		return err
	}
	w.fresh.trace(w.account, c.Updates)
	return nil
}

// create takes over a new action.
func (w *world) create(a ledger.Action) error {
	w.newest[orderOf{a.ID.EventType, a.Order}] = a.ID.Number
	w.hold(a)
	return w.fresh.create(w.dialect, w.account, a)
}

// settle writes what is new.
func (w *world) settle() error {
	rows := w.fresh
	w.fresh = fresh{}
	return rows.write(w.session)
}

// flush writes what is new and the actions that changed, and forgets them.
func (w *world) flush() error {
	if err := w.settle(); err != nil {
		return err
	}
	var rows changed
	for _, number := range slices.Sorted(maps.Keys(w.actions)) {
		if h := w.actions[number]; h.is.Last != h.stored.Last {
			rows.change(w.dialect, w.account, h.stored, h.is)
		}
	}
	clear(w.actions)
	w.heldItems = 0
	return rows.write(w.session)
}
