package webhooks

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// SaveDeliveries implements [store.Webhooks].
func (o *Outbox) SaveDeliveries(ctx context.Context, account, notification int64, now time.Time, batch store.DeliveryBatch) error {
	err := o.DB.WriteFor(ctx, account, func(s *sqldb.Session) error {
		active, position, err := lockCursor(s, account, notification)
		if err != nil {
			return err
		}
		w := writer{Session: s, account: account, notification: notification, now: column.Truncate(now)}
		for _, d := range batch.Deliveries {
			if !active && !d.Due.IsZero() { // it ended meanwhile
				d.Due, d.Error = time.Time{}, reasonEnded
			}
			switch isNew := d.Event.Number > batch.From; {
			case !isNew:
				err = w.saveRetry(d)
			case position == batch.From:
				err = w.saveFirst(d)
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(w.deleteExpired(), s.Exec("UPDATE notifications SET position = ? WHERE account = ? AND id = ? AND position = ? AND position < ?",
			batch.To, account, notification, batch.From, batch.To))
	})
	if err != nil {
		return fmt.Errorf("save deliveries of notification %d of account %d: %w", notification, account, err)
	}
	return nil
}

// writer writes deliveries of a notification in a transaction. No pending delivery is
// due before an earlier one of the same subject ([store.EventID.Subject]), which the column
// "action" holds. Otherwise each query for due deliveries
// would find it, only to skip it.
type writer struct {
	*sqldb.Session
	account, notification int64
	now                   time.Time
}

// saveFirst stores the result of an event's first attempt, or that none was made.
func (w writer) saveFirst(d store.Delivery) error {
	if d.Acknowledged {
		return nil
	}
	err := w.delayToPrevious(&d)
	if err == nil {
		err = w.Exec(`INSERT INTO deliveries (account, notification, number, action, submission, attempts, due, lost, tried, status, error)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, notification, number) DO NOTHING`,
			w.account, w.notification, d.Event.Number, d.Event.Subject(), d.Submission, int64(d.Attempts),
			column.NullMicros(d.Due), w.abandonedAt(d), column.NullMicros(d.Last), int64(d.Status), d.Error)
	}
	if err != nil {
		return err
	}
	return w.adjustNext(d)
}

// saveRetry stores the result of another attempt. It ignores an attempt that is not the
// latest: the delivery was abandoned or resent meanwhile, or another process made
// the attempt too.
func (w writer) saveRetry(d store.Delivery) error {
	if d.Acknowledged {
		return errors.Join(w.Exec("DELETE FROM deliveries WHERE account = ? AND notification = ? AND number = ?",
			w.account, w.notification, d.Event.Number), w.adjustNext(d))
	}
	latest, err := column.Exists(w.Session, "SELECT 1 FROM deliveries WHERE account = ? AND notification = ? AND number = ? AND due IS NOT NULL AND attempts = ?",
		w.account, w.notification, d.Event.Number, int64(d.Attempts-1))
	if err != nil || !latest {
		return err
	}
	if err := w.delayToPrevious(&d); err != nil {
		return err
	}
	err = w.Exec(`UPDATE deliveries SET attempts = ?, due = ?, lost = ?, tried = ?, status = ?, error = ?
		WHERE account = ? AND notification = ? AND number = ?`, int64(d.Attempts), column.NullMicros(d.Due), w.abandonedAt(d),
		column.NullMicros(d.Last), int64(d.Status), d.Error, w.account, w.notification, d.Event.Number)
	if err != nil {
		return err
	}
	return w.adjustNext(d)
}

// restart makes a delivery due now and resets its attempts.
func (w writer) restart(d store.Delivery) error {
	d.Due = w.now
	if err := w.delayToPrevious(&d); err != nil {
		return err
	}
	return errors.Join(
		w.Exec("UPDATE deliveries SET attempts = 0, due = ?, lost = NULL WHERE account = ? AND notification = ? AND number = ?",
			column.Micros(d.Due), w.account, w.notification, d.Event.Number),
		w.adjustNext(d))
}

// abandonedAt returns when the delivery was abandoned, or NULL if it is pending.
func (w writer) abandonedAt(d store.Delivery) any {
	if d.Due.IsZero() {
		return column.Micros(w.now)
	}
	return nil
}

// delayToPrevious makes a pending delivery due no earlier than the previous one of its
// subject.
func (w writer) delayToPrevious(d *store.Delivery) error {
	if d.Due.IsZero() {
		return nil
	}
	var previous time.Time
	err := column.QueryRow(w.Session, `SELECT due FROM deliveries WHERE account = ? AND notification = ? AND action = ? AND number < ?
		AND due IS NOT NULL ORDER BY number DESC LIMIT 1`,
		[]any{w.account, w.notification, d.Event.Subject(), d.Event.Number}, (*column.Instant)(&previous))
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	d.Due = column.MaxTime(d.Due, previous)
	return err
}

// adjustNext adjusts the later deliveries of d's subject. While d is pending, they are due
// no earlier than d. Once d is not, the first pending one becomes due.
func (w writer) adjustNext(d store.Delivery) error {
	subject, number := d.Event.Subject(), d.Event.Number
	if !d.Acknowledged && !d.Due.IsZero() {
		return w.Exec(`UPDATE deliveries SET due = ? WHERE account = ? AND notification = ? AND action = ? AND number > ?
			AND due IS NOT NULL AND due < ?`, column.Micros(d.Due), w.account, w.notification, subject, number, column.Micros(d.Due))
	}
	return w.Exec(`UPDATE deliveries SET due = ? WHERE account = ? AND notification = ? AND number =
		(SELECT min(d.number) FROM deliveries d WHERE d.account = ? AND d.notification = ? AND d.action = ? AND d.due IS NOT NULL)
		AND number > ? AND due > ?`,
		column.Micros(w.now), w.account, w.notification, w.account, w.notification, subject, number, column.Micros(w.now))
}

// expiredPerBatch is the number of expired deliveries that are deleted with each batch. It
// is twice as many as a batch can add.
const expiredPerBatch = 64

// deleteExpired deletes some of the account's deliveries that were abandoned more than
// [store.DeliveryRetention] ago.
func (w writer) deleteExpired() error {
	return w.Exec(`DELETE FROM deliveries WHERE account = ? AND (notification, number) IN
		(SELECT d.notification, d.number FROM deliveries d WHERE d.account = ? AND d.lost <= ? ORDER BY d.lost LIMIT ?)`,
		w.account, w.account, column.Micros(w.now.Add(-store.DeliveryRetention)), int64(expiredPerBatch))
}

// Deliveries implements [store.Webhooks].
func (o *Outbox) Deliveries(ctx context.Context, accountID, notification, before int64, limit int) (all []store.Delivery, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	err = account.Read(ctx, o.DB, accountID, func(r *account.Snapshot) error {
		var active int64
		err := column.QueryRow(r.Session, "SELECT active FROM notifications WHERE account = ? AND id = ?", []any{accountID, notification}, &active)
		if err != nil {
			return err
		}
		var d store.Delivery
		var subject int64
		var of ids.ActionID
		var ordinal int64
		return r.Rows(`SELECT d.number, d.action, coalesce(a.campaign, 0), coalesce(a.event_type, 0), coalesce(v.ordinal, p.ordinal, 0),
				d.submission, d.attempts, d.due, d.tried, d.status, d.error
			FROM deliveries d LEFT JOIN actions a ON a.account = d.account AND a.number = d.action
			LEFT JOIN invoices v ON d.action < 0 AND v.account = d.account AND v.number = d.number
			LEFT JOIN payments p ON d.action < 0 AND p.account = d.account AND p.number = d.number
			WHERE d.account = ? AND d.notification = ? AND d.number < ? ORDER BY d.number DESC LIMIT ?`,
			[]any{accountID, notification, before, int64(limit)},
			[]any{
				&d.Event.Number, &subject, &of.Campaign, &of.EventType, &ordinal, &d.Submission, &d.Attempts,
				(*column.Instant)(&d.Due), (*column.Instant)(&d.Last), &d.Status, &d.Error,
			}, func() error {
				d.Event = eventID(d.Event.Number, subject, of, ordinal)
				if active == 0 && !d.Due.IsZero() { // AbandonPending has not reached it yet
					d.Due, d.Error = time.Time{}, reasonEnded
				}
				all = append(all, d)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries of notification %d of account %d: %w", notification, accountID, err)
	}
	return all, nil
}
