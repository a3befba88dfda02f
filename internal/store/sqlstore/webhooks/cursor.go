// Package webhooks stores the progress of event notifications: for each notification a
// cursor in the log of updates, adjustments, invoices and payments, and the deliveries that are
// not acknowledged.
package webhooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Outbox stores the cursors and deliveries of notifications.
type Outbox struct {
	DB       *sqldb.DB
	Versions *reference.Versions
}

// ActiveNotifications implements [store.Webhooks].
func (o *Outbox) ActiveNotifications(ctx context.Context, now time.Time) (all []store.ActiveNotification, err error) {
	err = o.DB.Lookup(ctx, func(s *sqldb.Session) error {
		var n store.ActiveNotification
		var behind bool
		var due time.Time
		return s.Rows(`SELECT n.account, n.id, n.position < coalesce(a.last_update, 0), (SELECT min(d.due) FROM deliveries d
				WHERE d.account = n.account AND d.notification = n.id AND d.due IS NOT NULL)
			FROM notifications n LEFT JOIN applier a ON a.account = n.account WHERE n.active <> 0 ORDER BY n.account, n.id`, nil,
			[]any{&n.Account, &n.Notification, &behind, (*column.Instant)(&due)}, func() error {
				n.Pending = behind || !due.IsZero() && !due.After(now)
				all = append(all, n)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("list active notifications: %w", err)
	}
	return all, nil
}

// SetState sets the state of a notification to n's, in the transaction that records n. A
// notification that becomes ACTIVE begins at the end of the log. SetState reports whether
// the notification ended: then the caller passes it to [Outbox.AbandonPending] after the
// commit.
func SetState(s *sqldb.Session, account int64, n program.Notification, at time.Time) (ended bool, err error) {
	active := n.State == program.StateActive
	wasActive, _, err := lockCursor(s, account, n.ID)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		err = s.Exec("INSERT INTO notifications (account, id, active, position) VALUES (?, ?, 0, 0)", account, n.ID)
	case err == nil && active == wasActive:
		return false, nil
	}
	if err != nil || !active && !wasActive {
		return false, err
	}
	if active { // the applier of a new account has no row yet
		return false, errors.Join(abandon(s, account, n.ID, at, noLimit), s.Exec(`UPDATE notifications SET active = 1,
			position = coalesce((SELECT a.last_update FROM applier a WHERE a.account = ?), 0)
			WHERE account = ? AND id = ?`, account, account, n.ID))
	}
	return true, s.Exec("UPDATE notifications SET active = 0 WHERE account = ? AND id = ?", account, n.ID)
}

// lockCursor reports whether a notification is ACTIVE and returns the position of its
// cursor. It locks both until the transaction ends.
func lockCursor(s *sqldb.Session, account, notification int64) (active bool, position int64, err error) {
	var state int64
	err = column.QueryRow(s, "SELECT active, position FROM notifications WHERE account = ? AND id = ?"+s.Dialect().ForUpdate,
		[]any{account, notification}, &state, &position)
	return state != 0, position, err
}
