package sqlstore

import (
	"github.com/trueup-ledger/trueup/ledger"
)

// aheadActions is how many actions are loaded at once: enough that a query for each
// kind of row costs little, and few enough that large orders do not fill the memory.
const aheadActions = 128

// lookAhead finds out what a queue will ask for, so that it need not be looked up one
// after another: the reference data and the first actions.
func (w *world) lookAhead(queue []commandRow) error {
	if err := w.store.eraAhead(w.session, w.account, queue[0].accepted, &w.era); err != nil {
		return err
	}
	if err := w.findOrders(queue); err != nil {
		return err
	}
	for _, row := range queue {
		number := row.action()
		if of := row.order(); number == 0 {
			number = w.newest[of]
		}
		if number != 0 {
			w.ahead = append(w.ahead, number)
		}
	}
	if len(w.ahead) == 0 {
		return nil
	}
	return w.readAhead(w.ahead[0])
}

// action answers the number by which a command names an action, or 0.
func (r *commandRow) action() int64 {
	switch c := r.command.(type) {
	case ledger.Modification:
		return c.Action.Number
	case ledger.Reversal:
		return c.Action.Number
	}
	return 0
}

// order answers the order that a command names or makes an action of, if it does.
func (r *commandRow) order() orderOf {
	switch c := r.command.(type) {
	case ledger.Conversion:
		return orderOf{c.EventType, c.Order}
	case ledger.Modification:
		return orderOf{c.EventType, c.Order}
	case ledger.Reversal:
		return orderOf{c.EventType, c.Order}
	}
	return orderOf{}
}

// findOrders looks up the newest actions of the orders that a queue names.
func (w *world) findOrders(queue []commandRow) error {
	var eventTypes []int64
	var orders []string
	for _, row := range queue {
		of := row.order()
		if _, known := w.newest[of]; of.order != "" && !known {
			w.newest[of] = 0
			eventTypes, orders = append(eventTypes, of.eventType), append(orders, of.order)
		}
	}
	if len(orders) == 0 {
		return nil
	}
	var of orderOf
	var number int64
	return w.rows(`SELECT v.event_type, v.order_id, n.number
		FROM unnest(?2::bigint[], ?3::text[]) AS v (event_type, order_id), LATERAL (SELECT a.number FROM actions a
			WHERE a.account = ?1 AND a.order_id = v.order_id AND a.event_type = v.event_type ORDER BY a.number DESC LIMIT 1) n`,
		[]any{w.account, eventTypes, orders}, []any{&of.eventType, &of.order, &number}, func() error {
			w.newest[of] = number
			return nil
		})
}

// readAhead loads an action, if it is there, with those that will be asked for next.
func (w *world) readAhead(number int64) error {
	numbers := []int64{number}
	asked := map[int64]bool{number: true}
	for len(w.ahead) > 0 && len(numbers) < aheadActions {
		next := w.ahead[0]
		w.ahead = w.ahead[1:]
		if _, held := w.actions[next]; !held && !asked[next] {
			asked[next] = true
			numbers = append(numbers, next)
		}
	}
	loaded := make(map[int64]*ledger.Action, len(numbers))
	var a ledger.Action
	err := w.rowsLater(actionsByNumber.array, []any{w.account, numbers}, actionRow(&a), func() error {
		loaded[a.ID.Number] = new(a)
		return nil
	})
	if err != nil {
		return err
	}
	var of int64
	var item ledger.Item
	err = w.rows("SELECT action, "+itemColumns+` FROM unnest(?2::bigint[]) AS n (number) CROSS JOIN LATERAL (SELECT action, `+itemColumns+` FROM items
		WHERE account = ?1 AND action = n.number ORDER BY position OFFSET 0) i`,
		[]any{w.account, numbers}, append([]any{&of}, itemRow(&item)...), func() error {
			if of := loaded[of]; of != nil {
				of.Items = append(of.Items, item)
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, a := range loaded {
		w.hold(*a)
	}
	return nil
}
