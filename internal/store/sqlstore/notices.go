package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Notifying answers the ACTIVE notifications of all accounts.
func (st *Store) Notifying(ctx context.Context, now time.Time) (all []store.ActiveNotification, err error) {
	err = st.lookup(ctx, func(s *session) error {
		var n store.ActiveNotification
		var behind bool
		var due time.Time
		return s.rows(`SELECT n.account, n.id, n.position < coalesce(a.last_update, 0), (SELECT min(d.due) FROM deliveries d
				WHERE d.account = n.account AND d.notification = n.id AND d.due IS NOT NULL)
			FROM notifications n LEFT JOIN applier a ON a.account = n.account WHERE n.active <> 0 ORDER BY n.account, n.id`, nil,
			[]any{&n.Account, &n.Notification, &behind, (*instant)(&due)}, func() error {
				n.Work = behind || !due.IsZero() && !due.After(now)
				all = append(all, n)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("look for notifications: %w", err)
	}
	return all, nil
}

// ended is why what waits is given up.
const ended = "the notification ended"

// follow has a notification that becomes ACTIVE begin at the end of the log, and
// remembers one that is so no more. It belongs to the commit that records it.
func (r *recording) follow(n ledger.Notification) error {
	is := n.State == ledger.StateActive
	was, _, err := r.holdNotification(r.account, n.ID)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		err = r.exec("INSERT INTO notifications (account, id, active, position) VALUES (?, ?, 0, 0)", r.account, n.ID)
	case err == nil && is == was:
		return nil
	}
	if err != nil || !is && !was {
		return err
	}
	if is { // a new account has no applier yet
		return errors.Join(r.giveUp(r.account, n.ID, r.at, maxRows), r.exec(`UPDATE notifications SET active = 1,
			position = coalesce((SELECT a.last_update FROM applier a WHERE a.account = ?), 0)
			WHERE account = ? AND id = ?`, r.account, r.account, n.ID))
	}
	r.ended = append(r.ended, n.ID)
	return r.exec("UPDATE notifications SET active = 0 WHERE account = ? AND id = ?", r.account, n.ID)
}

// holdNotification reports whether a notification is ACTIVE and where its cursor is, for
// the transaction of a write; ledger.ErrNotFound if there is none.
func (s *session) holdNotification(account, notification int64) (active bool, position int64, err error) {
	var state int64
	err = notFound(s.row("SELECT active, position FROM notifications WHERE account = ? AND id = ?"+s.dialect.hold,
		[]any{account, notification}, &state, &position))
	return state != 0, position, err
}

const (
	// rowsAtOnce is how many deliveries a transaction changes: SQLite's only writer is
	// held meanwhile.
	rowsAtOnce = 1000
	// maxRows is no limit.
	maxRows = 1 << 40
)

// giveUp gives up so many of those that wait.
func (s *session) giveUp(account, notification int64, now time.Time, limit int64) error {
	return s.exec(`UPDATE deliveries SET due = NULL, lost = ?, error = ? WHERE account = ? AND notification = ? AND number IN
		(SELECT d.number FROM deliveries d WHERE d.account = ? AND d.notification = ? AND d.due IS NOT NULL
		ORDER BY d.due, d.number LIMIT ?)`, micros(now), ended, account, notification, account, notification, limit)
}

// giveUpWaiting gives up all that wait of a notification that ended, a few in each
// transaction, unless it begins again meanwhile.
func (st *Store) giveUpWaiting(ctx context.Context, account, notification int64, now time.Time) error {
	for more := true; more; {
		err := st.write(ctx, func(s *session) error {
			active, _, err := s.holdNotification(account, notification)
			if more = false; err != nil || active {
				return err
			}
			if err := s.giveUp(account, notification, now, rowsAtOnce); err != nil {
				return err
			}
			more, err = s.waits(account, notification)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waits reports whether a delivery of a notification waits.
func (s *session) waits(account, notification int64) (bool, error) {
	var one int
	err := notFound(s.row("SELECT 1 FROM deliveries WHERE account = ? AND notification = ? AND due IS NOT NULL LIMIT 1",
		[]any{account, notification}, &one))
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
