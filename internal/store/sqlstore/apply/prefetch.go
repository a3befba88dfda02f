package apply

import (
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// prefetchSize is the number of actions that are loaded in one round trip. A larger one
// would save little, and cost memory if the orders are large.
const prefetchSize = 128

// prefetch loads the reference data and the first actions that the submissions of a queue
// will look up.
func (l *Lookup) prefetch(queue []submissions.Stored) error {
	if err := l.versions.Prefetch(l.Session, l.account, queue[0].Accepted, &l.version); err != nil {
		return err
	}
	if err := l.prefetchOrders(queue); err != nil {
		return err
	}
	for i := range queue {
		number := submissions.Address(queue[i].Command).Action.Number
		if number == 0 {
			number = l.newest[order(queue[i].Command)]
		}
		if number != 0 {
			l.upcoming = append(l.upcoming, number)
		}
	}
	if len(l.upcoming) == 0 {
		return nil
	}
	return l.loadWithUpcoming(l.upcoming[0])
}

// order returns the order that a command names, or the zero order.
func order(command ledger.Command) actions.Order {
	named := submissions.Address(command)
	return actions.Order{EventType: named.EventType, ID: named.Order}
}

// prefetchOrders looks up the newest actions of the orders that a queue names.
func (l *Lookup) prefetchOrders(queue []submissions.Stored) error {
	var orders []actions.Order
	for i := range queue {
		o := order(queue[i].Command)
		if _, cached := l.newest[o]; o.ID != "" && !cached {
			l.newest[o] = 0
			orders = append(orders, o)
		}
	}
	if len(orders) == 0 {
		return nil
	}
	return actions.NewestOfMany(l.Session, l.account, orders, func(o actions.Order, number int64) {
		l.newest[o] = number
	})
}

// loadWithUpcoming loads an action, if it exists, together with the next upcoming ones.
func (l *Lookup) loadWithUpcoming(number int64) error {
	numbers := []int64{number}
	requested := map[int64]bool{number: true}
	for len(l.upcoming) > 0 && len(numbers) < prefetchSize {
		next := l.upcoming[0]
		l.upcoming = l.upcoming[1:]
		if _, cached := l.actions[next]; !cached && !requested[next] {
			requested[next] = true
			numbers = append(numbers, next)
		}
	}
	loaded, err := actions.LoadMany(l.Session, l.account, numbers)
	if err != nil {
		return err
	}
	for _, a := range loaded {
		l.cache(*a)
	}
	return nil
}
