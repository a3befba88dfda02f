package retention

import (
	"context"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

// A query reads a page of the orders of bridges, and a transaction removes at most those of a page.
const bridgePage = 200

const selectBridgeOrders = `SELECT bridge, order_id, changed FROM bridge_orders
	WHERE account = ? AND (bridge, order_id) > (?, ?) ORDER BY bridge, order_id LIMIT ?`

// removeBridgeOrders removes the orders of bridges that have no action, so that no further webhook of
// theirs could modify one. They are not archived: the submissions that followed from them were
// records of the ledger, and they are not.
func (r *run) removeBridgeOrders() error {
	var last store.BridgeKey
	for more := true; more; {
		var due []store.BridgeOrder
		err := account.Read(r.ctx, r.DB, r.account, func(s *account.Snapshot) error {
			page, err := column.Collect(s.Session, selectBridgeOrders, []any{r.account, last.Bridge, last.Order, int64(bridgePage)}, func(o *store.BridgeOrder) []any {
				return []any{&o.Bridge, &o.Order, (*column.Instant)(&o.Changed)}
			})
			if more = len(page) == bridgePage; more {
				last = page[len(page)-1].BridgeKey
			}
			if err == nil {
				due, err = r.dueBridgeOrders(s.Session, page)
			}
			return err
		})
		if err == nil {
			err = context.Cause(r.ctx)
		}
		if err == nil && len(due) > 0 {
			err = r.deleteBridgeOrders(due)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dueBridgeOrders returns those of the orders that may be removed.
func (r *run) dueBridgeOrders(s *sqldb.Session, orders []store.BridgeOrder) (due []store.BridgeOrder, err error) {
	for _, o := range orders {
		isDue, err := r.isBridgeOrderDue(s, o)
		if err != nil {
			return nil, err
		}
		if isDue {
			due = append(due, o)
		}
	}
	return due, nil
}

// isBridgeOrderDue reports whether an order has no action and did not change for as long as such
// records are retained: as actions if its action was archived, and else as submissions without
// effect.
func (r *run) isBridgeOrderDue(s *sqldb.Session, o store.BridgeOrder) (bool, error) {
	settings := r.reference.Account
	unchanged := func(days *int) bool { return days != nil && !o.Changed.AddDate(0, 0, *days).After(r.now) }
	if !unchanged(settings.RetainActionsDays) && !unchanged(settings.RetainSubmissionsDays) {
		return false, nil
	}
	args := []any{r.account, o.Order, r.reference.Bridges[o.Bridge].EventType}
	exists, err := column.Exists(s, "SELECT number FROM actions WHERE account = ? AND order_id = ? AND event_type = ? LIMIT 1", args...)
	if err != nil || exists {
		return false, err
	}
	archived, err := column.Exists(s, "SELECT number FROM archived_actions WHERE account = ? AND order_id = ? AND event_type = ? LIMIT 1", args...)
	if archived {
		return unchanged(settings.RetainActionsDays), err
	}
	return unchanged(settings.RetainSubmissionsDays), err
}

// deleteBridgeOrders removes orders in one transaction, except those that changed since they were
// read or have an action now.
func (r *run) deleteBridgeOrders(orders []store.BridgeOrder) error {
	if r.folder == nil {
		r.done.BridgeOrders += int64(len(orders))
		return nil
	}
	removed := int64(0)
	err := r.Lock(r.ctx, r.account, func(s *sqldb.Session) error {
		removed = 0
		if err := r.checkNoQueue(s); err != nil {
			return err
		}
		due, err := r.dueBridgeOrders(s, orders)
		if err != nil {
			return err
		}
		for _, o := range due {
			key := []any{r.account, o.Bridge, o.Order, column.Micros(o.Changed)}
			same, err := column.Exists(s, "SELECT bridge FROM bridge_orders WHERE account = ? AND bridge = ? AND order_id = ? AND changed = ?", key...)
			if err == nil && same {
				removed++
				err = s.Exec("DELETE FROM bridge_orders WHERE account = ? AND bridge = ? AND order_id = ? AND changed = ?", key...)
			}
			if err != nil {
				return err
			}
		}
		if removed == 0 {
			return nil
		}
		return account.LogEvent(s, r.event, r.account, r.now, "orders of bridges", fmt.Sprintf("orders of bridges: %d", removed))
	})
	if err == nil {
		r.done.BridgeOrders += removed
	}
	return err
}
