package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// KeepDeliveries moves the cursor on and keeps what became of deliveries.
func (st *Store) KeepDeliveries(ctx context.Context, account, notification int64, now time.Time, told store.DeliveryBatch) error {
	err := st.write(ctx, func(s *session) error {
		active, position, err := s.holdNotification(account, notification)
		if err != nil {
			return err
		}
		k := keeping{session: s, account: account, notification: notification, now: whole(now)}
		for _, d := range told.Deliveries {
			if !active && !d.Due.IsZero() { // it ended meanwhile
				d.Due, d.Error = time.Time{}, ended
			}
			switch isNew := d.Update.Number > told.From; {
			case !isNew:
				err = k.again(d)
			case position == told.From:
				err = k.first(d)
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(k.forget(), s.exec("UPDATE notifications SET position = ? WHERE account = ? AND id = ? AND position = ? AND position < ?",
			told.To, account, notification, told.From, told.To))
	})
	if err != nil {
		return fmt.Errorf("keep deliveries of notification %d of account %d: %w", notification, account, err)
	}
	return nil
}

// keeping writes deliveries of a notification. Of those of one action that wait none is
// due before an earlier one: a look for what is due would find it each time, in vain.
type keeping struct {
	*session
	account, notification int64
	now                   time.Time
}

// first keeps what became of an event's first attempt, or that none was made.
func (k keeping) first(d store.Delivery) error {
	if d.Acknowledged {
		return nil
	}
	err := k.notBefore(&d)
	if err == nil {
		err = k.exec(`INSERT INTO deliveries (account, notification, number, action, submission, attempts, due, lost, tried, status, error)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, notification, number) DO NOTHING`,
			k.account, k.notification, d.Update.Number, d.Update.Action.Number, d.Submission, int64(d.Attempts),
			microsOrNull(d.Due), k.lost(d), microsOrNull(d.Last), int64(d.Status), d.Error)
	}
	if err != nil {
		return err
	}
	return k.after(d)
}

// again keeps what became of another attempt, unless that was not the last one: it was
// given up meanwhile, begun anew, or another process made it too.
func (k keeping) again(d store.Delivery) error {
	if d.Acknowledged {
		return errors.Join(k.exec("DELETE FROM deliveries WHERE account = ? AND notification = ? AND number = ?",
			k.account, k.notification, d.Update.Number), k.after(d))
	}
	var one int
	err := notFound(k.row("SELECT 1 FROM deliveries WHERE account = ? AND notification = ? AND number = ? AND due IS NOT NULL AND attempts = ?",
		[]any{k.account, k.notification, d.Update.Number, int64(d.Attempts - 1)}, &one))
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = k.notBefore(&d)
	}
	if err == nil {
		err = k.exec(`UPDATE deliveries SET attempts = ?, due = ?, lost = ?, tried = ?, status = ?, error = ?
			WHERE account = ? AND notification = ? AND number = ?`, int64(d.Attempts), microsOrNull(d.Due), k.lost(d),
			microsOrNull(d.Last), int64(d.Status), d.Error, k.account, k.notification, d.Update.Number)
	}
	if err != nil {
		return err
	}
	return k.after(d)
}

// anew has a delivery begin anew.
func (k keeping) anew(d store.Delivery) error {
	d.Due = k.now
	if err := k.notBefore(&d); err != nil {
		return err
	}
	return errors.Join(
		k.exec("UPDATE deliveries SET attempts = 0, due = ?, lost = NULL WHERE account = ? AND notification = ? AND number = ?",
			micros(d.Due), k.account, k.notification, d.Update.Number),
		k.after(d))
}

// lost answers when a delivery was given up, or nil.
func (k keeping) lost(d store.Delivery) any {
	if d.Due.IsZero() {
		return micros(k.now)
	}
	return nil
}

// notBefore has a delivery that waits be due no earlier than the one before it.
func (k keeping) notBefore(d *store.Delivery) error {
	if d.Due.IsZero() {
		return nil
	}
	var before time.Time
	err := notFound(k.row(`SELECT due FROM deliveries WHERE account = ? AND notification = ? AND action = ? AND number < ?
		AND due IS NOT NULL ORDER BY number DESC LIMIT 1`,
		[]any{k.account, k.notification, d.Update.Action.Number, d.Update.Number}, (*instant)(&before)))
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	d.Due = later(d.Due, before)
	return err
}

// after has those behind a delivery wait as long as it does, and the next one be due
// once it does not any more, if that is then the first one.
func (k keeping) after(d store.Delivery) error {
	action, number := d.Update.Action.Number, d.Update.Number
	if !d.Acknowledged && !d.Due.IsZero() {
		return k.exec(`UPDATE deliveries SET due = ? WHERE account = ? AND notification = ? AND action = ? AND number > ?
			AND due IS NOT NULL AND due < ?`, micros(d.Due), k.account, k.notification, action, number, micros(d.Due))
	}
	return k.exec(`UPDATE deliveries SET due = ? WHERE account = ? AND notification = ? AND number =
		(SELECT min(d.number) FROM deliveries d WHERE d.account = ? AND d.notification = ? AND d.action = ? AND d.due IS NOT NULL)
		AND number > ? AND due > ?`,
		micros(k.now), k.account, k.notification, k.account, k.notification, action, number, micros(k.now))
}

// forgottenAtOnce is how many that are too old go each time: twice as many as can come.
const forgottenAtOnce = 64

// forget deletes those of the account that were given up long ago.
func (k keeping) forget() error {
	return k.exec(`DELETE FROM deliveries WHERE account = ? AND (notification, number) IN
		(SELECT d.notification, d.number FROM deliveries d WHERE d.account = ? AND d.lost <= ? ORDER BY d.lost LIMIT ?)`,
		k.account, k.account, micros(k.now.Add(-store.DeliveryLife)), int64(forgottenAtOnce))
}

// Deliveries answers those that wait or were given up, newest first.
func (st *Store) Deliveries(ctx context.Context, account, notification, below int64, limit int) (all []store.Delivery, err error) {
	if below == 0 {
		below = math.MaxInt64
	}
	err = st.snapshot(ctx, account, func(r *reader) error {
		var active int64
		if err := r.row("SELECT active FROM notifications WHERE account = ? AND id = ?", []any{account, notification}, &active); err != nil {
			return notFound(err)
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
				if active == 0 && !d.Due.IsZero() { // giving it up is under way
					d.Due, d.Error = time.Time{}, ended
				}
				all = append(all, d)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries of notification %d of account %d: %w", notification, account, err)
	}
	return all, nil
}
