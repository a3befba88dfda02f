package apply

import (
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// prefetchSize is the number of actions that are loaded in one round trip. A larger one
// would save little, and cost memory if the orders are large.
const prefetchSize = 128

// prefetch loads the reference data and the first actions that queued submissions will look
// up. They are of the accounts of the lookups, in the same order.
func prefetch(s *sqldb.Session, lookups []*Lookup, queues [][]submissions.Stored) error {
	if err := prefetchReferences(s, lookups, queues); err != nil {
		return err
	}
	if err := prefetchOrders(s, lookups, queues); err != nil {
		return err
	}
	var keys []actions.Key
	for i, l := range lookups {
		l.addUpcoming(queues[i])
		for len(l.upcoming) > 0 && len(keys) < prefetchSize {
			keys = append(keys, actions.Key{Account: l.account, Number: l.upcoming[0]})
			l.upcoming = l.upcoming[1:]
		}
	}
	if len(keys) == 0 {
		return nil
	}
	byAccount := make(map[int64]*Lookup, len(lookups))
	for _, l := range lookups {
		byAccount[l.account] = l
	}
	return load(s, keys, func(account int64) *Lookup { return byAccount[account] })
}

// load loads actions into the caches of the lookups of their accounts.
func load(s *sqldb.Session, keys []actions.Key, of func(account int64) *Lookup) error {
	loaded, err := actions.LoadMany(s, keys)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if a := loaded[k]; a != nil {
			of(k.Account).cache(*a)
		} else {
			of(k.Account).missing[k.Number] = true
		}
	}
	return nil
}

// prefetchReferences looks up the reference data at the time of the first submissions.
func prefetchReferences(s *sqldb.Session, lookups []*Lookup, queues [][]submissions.Stored) error {
	at := make([]reference.Instant, len(lookups))
	byAccount := make(map[int64]*Lookup, len(lookups))
	for i, l := range lookups {
		at[i] = reference.Instant{Account: l.account, At: queues[i][0].Accepted}
		byAccount[l.account] = l
	}
	return lookups[0].versions.Prefetch(s, at, func(v reference.Version) { byAccount[v.Account].version = v })
}

// order returns the order that a command names, or the zero order.
func order(command ledger.Command) actions.Order {
	named := submissions.Address(command)
	return actions.Order{EventType: named.EventType, ID: named.Order}
}

// prefetchOrders looks up the newest actions of the orders that submissions name.
func prefetchOrders(s *sqldb.Session, lookups []*Lookup, queues [][]submissions.Stored) error {
	var orders []actions.OrderKey
	newest := make(map[int64]map[actions.Order]int64, len(lookups))
	for i, l := range lookups {
		newest[l.account] = l.newest
		for _, q := range queues[i] {
			o := order(q.Command)
			if _, cached := l.newest[o]; o.ID != "" && !cached {
				l.newest[o] = 0
				orders = append(orders, actions.OrderKey{Account: l.account, Order: o})
			}
		}
	}
	if len(orders) == 0 {
		return nil
	}
	return actions.NewestOfMany(s, orders, func(o actions.OrderKey, number int64) { newest[o.Account][o.Order] = number })
}

// addUpcoming adds the actions that a queue names to the upcoming ones.
func (l *Lookup) addUpcoming(queue []submissions.Stored) {
	added := make(map[int64]bool, len(queue))
	for i := range queue {
		number := submissions.Address(queue[i].Command).Action.Number
		if number == 0 {
			number = l.newest[order(queue[i].Command)]
		}
		if number > 0 && !added[number] {
			added[number] = true
			l.upcoming = append(l.upcoming, number)
		}
	}
}

// loadWithUpcoming loads an action, if it exists, together with the next upcoming ones.
func (l *Lookup) loadWithUpcoming(number int64) error {
	keys := []actions.Key{{Account: l.account, Number: number}}
	for len(l.upcoming) > 0 && len(keys) < prefetchSize {
		next := l.upcoming[0]
		l.upcoming = l.upcoming[1:]
		if _, cached := l.actions[next]; !cached && next != number {
			keys = append(keys, actions.Key{Account: l.account, Number: next})
		}
	}
	return load(l.Session, keys, func(int64) *Lookup { return l })
}
