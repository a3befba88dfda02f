package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Notifying answers the ACTIVE notifications of all accounts.
func (st *Store) Notifying(ctx context.Context) (all []store.Notifying, err error) {
	err = st.lookup(ctx, func(s *session) error {
		var n store.Notifying
		return s.rows("SELECT account, id FROM notifications WHERE active <> 0 ORDER BY account, id", nil,
			[]any{&n.Account, &n.Notification}, func() error {
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

// follow has a notification that becomes ACTIVE begin at the end of the log, and gives
// up what waits of one that is so no more. It belongs to the commit that records it.
func (s *session) follow(account int64, n trueup.Notification) error {
	is := n.State == trueup.StateActive
	var was int64
	err := notFound(s.row("SELECT active FROM notifications WHERE account = ? AND id = ?", []any{account, n.ID}, &was))
	switch {
	case errors.Is(err, trueup.ErrNotFound):
		err = s.exec("INSERT INTO notifications (account, id, active, position) VALUES (?, ?, 0, 0)", account, n.ID)
	case err == nil && is == (was != 0):
		return nil
	}
	if err != nil || !is && was == 0 {
		return err
	}
	if is { // a new account has no applier yet
		return s.exec(`UPDATE notifications SET active = 1,
			position = coalesce((SELECT a.last_update FROM applier a WHERE a.account = ?), 0)
			WHERE account = ? AND id = ?`, account, account, n.ID)
	}
	return errors.Join(
		s.exec("UPDATE notifications SET active = 0 WHERE account = ? AND id = ?", account, n.ID),
		s.exec("UPDATE deliveries SET due = NULL, error = ? WHERE account = ? AND notification = ? AND due IS NOT NULL",
			ended, account, n.ID))
}

// KeepDeliveries moves the cursor on and keeps what became of deliveries.
func (st *Store) KeepDeliveries(ctx context.Context, account, notification, to int64, deliveries []store.Delivery) error {
	err := st.write(ctx, func(s *session) error {
		active, err := s.notifies(account, notification)
		if err != nil {
			return err
		}
		for _, d := range deliveries {
			if !active && !d.Due.IsZero() { // it ended meanwhile
				d.Due, d.Error = time.Time{}, ended
			}
			if err := s.keepDelivery(account, notification, d); err != nil {
				return err
			}
		}
		return s.exec("UPDATE notifications SET position = ? WHERE account = ? AND id = ? AND position < ?",
			to, account, notification, to)
	})
	if err != nil {
		return fmt.Errorf("keep deliveries of notification %d of account %d: %w", notification, account, err)
	}
	return nil
}

// notifies reports whether a notification is ACTIVE; trueup.ErrNotFound if there is none.
func (s *session) notifies(account, notification int64) (bool, error) {
	var active int64
	err := notFound(s.row("SELECT active FROM notifications WHERE account = ? AND id = ?", []any{account, notification}, &active))
	return active != 0, err
}

func (s *session) keepDelivery(account, notification int64, d store.Delivery) error {
	if d.Acknowledged {
		return s.exec("DELETE FROM deliveries WHERE account = ? AND notification = ? AND number = ?",
			account, notification, d.Update.Number)
	}
	return s.exec(`INSERT INTO deliveries (account, notification, number, action, submission, attempts, due, tried, status, error)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account, notification, number) DO UPDATE SET attempts = excluded.attempts, due = excluded.due,
		tried = excluded.tried, status = excluded.status, error = excluded.error`,
		account, notification, d.Update.Number, d.Update.Action.Number, d.Submission, int64(d.Attempts),
		microsOrNull(d.Due), microsOrNull(d.Last), int64(d.Status), d.Error)
}

// Deliveries answers those that wait or were given up, newest first.
func (st *Store) Deliveries(ctx context.Context, account, notification, below int64, limit int) (all []store.Delivery, err error) {
	if below == 0 {
		below = math.MaxInt64
	}
	err = st.snapshot(ctx, account, func(r *reader) error {
		if _, err := r.notifies(account, notification); err != nil {
			return err
		}
		var d store.Delivery
		id := &d.Update
		return r.rows(`SELECT d.number, d.action, a.campaign, a.event_type, d.submission, d.attempts, d.due, d.tried, d.status, d.error
			FROM deliveries d JOIN actions a ON a.account = d.account AND a.number = d.action
			WHERE d.account = ? AND d.notification = ? AND d.number < ? ORDER BY d.number DESC LIMIT ?`,
			[]any{account, notification, below, int64(limit)},
			[]any{
				&id.Number, &id.Action.Number, &id.Action.Campaign, &id.Action.EventType, &d.Submission, &d.Attempts,
				(*instant)(&d.Due), (*instant)(&d.Last), &d.Status, &d.Error,
			}, func() error {
				all = append(all, d)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries of notification %d of account %d: %w", notification, account, err)
	}
	return all, nil
}

// Resend has deliveries begin anew.
func (st *Store) Resend(
	ctx context.Context, account, notification int64, now time.Time, update trueup.UpdateID, d store.Deed,
) (count int, err error) {
	which, args, detail := "due IS NULL", []any{account, notification}, "all that were given up"
	if update != (trueup.UpdateID{}) {
		which, args, detail = "number = ? AND action = ?", append(args, update.Number, update.Action.Number), "update "+update.String()
	}
	which = " WHERE account = ? AND notification = ? AND " + which
	err = st.write(ctx, func(s *session) error {
		active, err := s.notifies(account, notification)
		if err == nil && !active {
			err = store.ErrEnded
		}
		if err == nil {
			err = s.row("SELECT count(*) FROM deliveries"+which, args, &count)
		}
		switch {
		case err != nil:
			return err
		case count == 0 && update != (trueup.UpdateID{}):
			return trueup.ErrNotFound
		case count == 0:
			return nil
		}
		return errors.Join(
			s.exec("UPDATE deliveries SET attempts = 0, due = ?"+which, append([]any{micros(now)}, args...)...),
			s.keepDeed(d, account, whole(now), fmt.Sprintf("notification %d", notification), detail))
	})
	if err != nil {
		return 0, fmt.Errorf("send notification %d of account %d again: %w", notification, account, err)
	}
	return count, nil
}
