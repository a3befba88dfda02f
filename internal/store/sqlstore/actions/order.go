package actions

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Order is an order id of an event type.
type Order struct {
	EventType int64
	ID        string
}

// NewestOf returns the number of the order's newest action, or 0 if it has none.
func NewestOf(s *sqldb.Session, account int64, o Order) (number int64, err error) {
	err = column.QueryRow(s, `SELECT number FROM actions WHERE account = ? AND order_id = ? AND event_type = ?
		ORDER BY number DESC LIMIT 1`, []any{account, o.ID, o.EventType}, &number)
	if errors.Is(err, ledger.ErrNotFound) {
		return 0, nil
	}
	return number, err
}

// OrderKey is an order of an account.
type OrderKey struct {
	Account int64
	Order
}

// NewestOfMany calls f with the newest action of each of the orders that has one. The
// database must support arrays. If it is distributed, the orders must be of one account.
func NewestOfMany(s *sqldb.Session, orders []OrderKey, f func(o OrderKey, number int64)) error {
	accounts, eventTypes, ids := make([]int64, len(orders)), make([]int64, len(orders)), make([]string, len(orders))
	for i, o := range orders {
		accounts[i], eventTypes[i], ids[i] = o.Account, o.EventType, o.ID
	}
	text, args := newestOfMany, []any{accounts, eventTypes, ids}
	if s.Dialect().Distributed {
		text, args[0] = newestOfManyInOne, accounts[0]
	}
	var o OrderKey
	var number int64
	return s.Rows(text, args, []any{&o.Account, &o.EventType, &o.ID, &number}, func() error {
		f(o, number)
		return nil
	})
}

// newestOfMany looks up each order in the index. With a join, the planner would read the whole
// index in order.
const newestOfMany = `SELECT v.account, v.event_type, v.order_id, n.number
	FROM unnest(?1::bigint[], ?2::bigint[], ?3::text[]) AS v (account, event_type, order_id), LATERAL (SELECT a.number FROM actions a
		WHERE a.account = v.account AND a.order_id = v.order_id AND a.event_type = v.event_type ORDER BY a.number DESC LIMIT 1) n`

// newestOfManyInOne is newestOfMany for the one account of a distributed database, whose
// planner must see it.
const newestOfManyInOne = `SELECT a.account, a.event_type, a.order_id, max(a.number)
	FROM unnest(?2::bigint[], ?3::text[]) AS v (event_type, order_id) JOIN actions a ON a.account = ?1
		AND a.order_id = v.order_id AND a.event_type = v.event_type GROUP BY a.account, a.event_type, a.order_id`

// NewestBetween returns the id of the order's newest action with an event date between two
// instants, both exclusive, or [ledger.ErrNotFound]. Only actions with numbers below the
// given one count.
func NewestBetween(s *sqldb.Session, account int64, o Order, below int64, after, before time.Time) (id ids.ActionID, err error) {
	// The plus signs keep SQLite from using the index on event dates, which would read a
	// year of them instead of one order.
	err = column.QueryRow(s, `SELECT campaign, event_type, number FROM actions WHERE account = ? AND order_id = ? AND event_type = ? AND number < ?
		AND +event_date > ? AND +event_date < ? ORDER BY number DESC LIMIT 1`,
		[]any{account, o.ID, o.EventType, below, column.Micros(after), column.Micros(before)}, &id.Campaign, &id.EventType, &id.Number)
	return id, err
}

// NewestOfCustomer returns the customer's newest action in the campaign, as a click at its
// event date without an id. Only actions with numbers below the given one count.
func NewestOfCustomer(s *sqldb.Session, account, campaign int64, customer string, below int64) (c program.Click, err error) {
	c.Campaign, c.Customer = campaign, customer
	err = column.QueryRow(s, `SELECT partner, event_date FROM actions
		WHERE account = ? AND customer = ? AND customer <> '' AND campaign = ? AND number < ?
		ORDER BY event_date DESC, number DESC LIMIT 1`,
		[]any{account, customer, campaign, below}, &c.Partner, (*column.Instant)(&c.At))
	return c, err
}
