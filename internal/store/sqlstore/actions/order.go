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

// Archived stands for the number of the newest action of an order whose actions are all archived.
const Archived = -1

// NewestOf returns the number of the order's newest action, 0 if it has none, or [Archived]. An
// action is archived after the older ones of its order, so those are archived too.
func NewestOf(s *sqldb.Session, account int64, o Order) (number int64, err error) {
	args := []any{account, o.ID, o.EventType}
	err = column.QueryRow(s, `SELECT number FROM actions WHERE account = ? AND order_id = ? AND event_type = ?
		ORDER BY number DESC LIMIT 1`, args, &number)
	if !errors.Is(err, ledger.ErrNotFound) {
		return number, err
	}
	archived, err := column.Exists(s, "SELECT number FROM archived_actions WHERE account = ? AND order_id = ? AND event_type = ? LIMIT 1", args...)
	if archived {
		return Archived, err
	}
	return 0, err
}

// OrderKey is an order of an account.
type OrderKey struct {
	Account int64
	Order
}

// NewestOfMany calls f with the result of [NewestOf] for each of the orders unless it is 0. The
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
	FROM unnest(?1::bigint[], ?2::bigint[], ?3::text[]) AS v (account, event_type, order_id), LATERAL (
		(SELECT a.number FROM actions a
			WHERE a.account = v.account AND a.order_id = v.order_id AND a.event_type = v.event_type ORDER BY a.number DESC LIMIT 1)
		UNION ALL (SELECT -1 FROM archived_actions r
			WHERE r.account = v.account AND r.order_id = v.order_id AND r.event_type = v.event_type LIMIT 1)
		LIMIT 1) n`

// newestOfManyInOne is newestOfMany for the one account of a distributed database, whose
// planner must see it.
const newestOfManyInOne = `SELECT n.account, n.event_type, n.order_id, max(n.number) FROM (
	SELECT a.account, a.event_type, a.order_id, a.number
		FROM unnest(?2::bigint[], ?3::text[]) AS v (event_type, order_id) JOIN actions a ON a.account = ?1
		AND a.order_id = v.order_id AND a.event_type = v.event_type
	UNION ALL SELECT r.account, r.event_type, r.order_id, -1
		FROM unnest(?2::bigint[], ?3::text[]) AS v (event_type, order_id) JOIN archived_actions r ON r.account = ?1
		AND r.order_id = v.order_id AND r.event_type = v.event_type) n GROUP BY n.account, n.event_type, n.order_id`

// NewestBetween returns the id of the order's newest action, archived or not, with an event date between two
// instants, both exclusive, or [ledger.ErrNotFound]. Only actions with numbers below the
// given one count.
func NewestBetween(s *sqldb.Session, account int64, o Order, below int64, after, before time.Time) (id ids.ActionID, err error) {
	// The plus signs keep SQLite from using the index on event dates, which would read a
	// year of them instead of one order.
	for _, table := range tables {
		err = column.QueryRow(s, "SELECT campaign, event_type, number FROM "+table+` WHERE account = ? AND order_id = ? AND event_type = ? AND number < ?
			AND +event_date > ? AND +event_date < ? ORDER BY number DESC LIMIT 1`,
			[]any{account, o.ID, o.EventType, below, column.Micros(after), column.Micros(before)}, &id.Campaign, &id.EventType, &id.Number)
		if !errors.Is(err, ledger.ErrNotFound) {
			break
		}
	}
	return id, err
}

// tables are those with the orders of actions, in the order in which the newest one is looked for.
var tables = []string{"actions", "archived_actions"}

// NewestOfCustomer returns the customer's newest action in the campaign, archived or not, as a click at its
// event date without an id. Only actions with numbers below the given one count.
func NewestOfCustomer(s *sqldb.Session, account, campaign int64, customer string, below int64) (c program.Click, err error) {
	c.Campaign, c.Customer = campaign, customer
	err = column.QueryRow(s, `SELECT partner, event_date FROM (
		SELECT partner, event_date, number FROM (`+newestOfCustomer("actions")+`) AS matching
		UNION ALL SELECT partner, event_date, number FROM (`+newestOfCustomer("archived_actions")+`) AS matching) AS matching ORDER BY event_date DESC, number DESC LIMIT 1`,
		[]any{account, customer, campaign, below}, &c.Partner, (*column.Instant)(&c.At))
	return c, err
}

// newestOfCustomer is the query for the customer's newest action in a table.
func newestOfCustomer(table string) string {
	return "SELECT partner, event_date, number FROM " + table + ` WHERE account = ?1 AND customer = ?2 AND customer <> ''
		AND campaign = ?3 AND number < ?4 ORDER BY event_date DESC, number DESC LIMIT 1`
}
