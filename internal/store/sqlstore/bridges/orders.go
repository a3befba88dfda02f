// Package bridges stores the orders of shops that bridges turn into submissions.
package bridges

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// Orders stores orders.
type Orders struct {
	DB       *sqldb.DB
	Versions *reference.Versions
}

// UpdateBridgeOrder implements [store.Bridges].
func (os *Orders) UpdateBridgeOrder(
	ctx context.Context, accountID int64, now time.Time, key store.BridgeKey, update store.UpdateBridgeOrder,
) (o store.BridgeOrder, accepted int, err error) {
	err = account.Exclusive(ctx, os.DB, accountID, func(s *sqldb.Session) error {
		o, err = load(s, accountID, key)
		if errors.Is(err, ledger.ErrNotFound) {
			o, err = store.BridgeOrder{BridgeKey: key}, nil
		}
		if err == nil {
			accepted, err = os.update(s, accountID, column.Truncate(now), &o, update)
		}
		return err
	})
	if err != nil {
		return store.BridgeOrder{}, 0, fmt.Errorf("update order %q of bridge %d of account %d: %w", key.Order, key.Bridge, accountID, err)
	}
	return o, accepted, nil
}

// RetryBridgeOrder implements [store.Bridges].
func (os *Orders) RetryBridgeOrder(
	ctx context.Context, accountID int64, now time.Time, key store.BridgeKey, e store.AuditEvent, update store.UpdateBridgeOrder,
) (o store.BridgeOrder, accepted int, err error) {
	err = account.Exclusive(ctx, os.DB, accountID, func(s *sqldb.Session) error {
		at := column.Truncate(now)
		if o, err = load(s, accountID, key); err == nil {
			accepted, err = os.update(s, accountID, at, &o, update)
		}
		if err != nil {
			return err
		}
		return account.LogEvent(s, e, accountID, at, fmt.Sprintf("order %q of bridge %d", key.Order, key.Bridge), fmt.Sprintf("%s, %d submissions", o.State, accepted))
	})
	if err != nil {
		return store.BridgeOrder{}, 0, fmt.Errorf("retry order %q of bridge %d of account %d: %w", key.Order, key.Bridge, accountID, err)
	}
	return o, accepted, nil
}

// update changes an order in a transaction that holds the intake of the account.
func (os *Orders) update(s *sqldb.Session, account int64, now time.Time, o *store.BridgeOrder, update store.UpdateBridgeOrder) (accepted int, err error) {
	current, err := os.Versions.Current(s, account)
	if err != nil {
		return 0, err
	}
	before := *o
	list, err := update(o, current)
	if err != nil {
		return 0, err
	}
	if len(list) > 0 {
		if _, err := submissions.AcceptBatch(s, account, now, list); err != nil {
			return 0, err
		}
	}
	if o.State == before.State && o.Reason == before.Reason && o.Document == before.Document {
		return len(list), nil
	}
	o.Changed = now
	if before.Received.IsZero() {
		o.Received = now
		return len(list), s.Exec(`INSERT INTO bridge_orders (account, bridge, order_id, received, changed, state, reason, document)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, account, o.Bridge, o.Order, column.Micros(now), column.Micros(now), string(o.State), o.Reason, o.Document)
	}
	return len(list), s.Exec("UPDATE bridge_orders SET changed = ?, state = ?, reason = ?, document = ? WHERE account = ? AND bridge = ? AND order_id = ?",
		column.Micros(now), string(o.State), o.Reason, o.Document, account, o.Bridge, o.Order)
}

const selectOrder = "SELECT bridge, order_id, received, changed, state, reason, document FROM bridge_orders "

func dest(o *store.BridgeOrder) []any {
	return []any{&o.Bridge, &o.Order, (*column.Instant)(&o.Received), (*column.Instant)(&o.Changed), &o.State, &o.Reason, &o.Document}
}

// load returns an order, or [ledger.ErrNotFound].
func load(s *sqldb.Session, account int64, key store.BridgeKey) (o store.BridgeOrder, err error) {
	err = column.QueryRow(s, selectOrder+"WHERE account = ? AND bridge = ? AND order_id = ?", []any{account, key.Bridge, key.Order}, dest(&o)...)
	return o, err
}

// BridgeOrders implements [store.Bridges].
func (os *Orders) BridgeOrders(
	ctx context.Context, accountID, bridge int64, state store.BridgeState, after string, limit int,
) (all []store.BridgeOrder, err error) {
	err = account.Read(ctx, os.DB, accountID, func(r *account.Snapshot) error {
		current, err := os.Versions.Current(r.Session, accountID)
		if err != nil {
			return err
		}
		if _, exists := current.Bridges[bridge]; !exists {
			return ledger.ErrNotFound
		}
		all, err = column.Collect(r.Session, selectOrder+"WHERE account = ? AND bridge = ? AND state = ? AND order_id > ? ORDER BY order_id LIMIT ?",
			[]any{accountID, bridge, string(state), after, int64(limit)}, dest)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("orders of bridge %d of account %d: %w", bridge, accountID, err)
	}
	return all, nil
}
