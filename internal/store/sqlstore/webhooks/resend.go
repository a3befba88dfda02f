package webhooks

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Resend implements [store.Webhooks].
func (o *Outbox) Resend(
	ctx context.Context, account, notification int64, now time.Time, event store.EventID, e store.AuditEvent,
) (count int, err error) {
	done := resender{event: event, audit: e}
	for more := true; more; {
		var r resender
		err := o.DB.WriteFor(ctx, account, func(s *sqldb.Session) (err error) {
			r = done
			r.writer = writer{Session: s, account: account, notification: notification, now: column.Truncate(now)}
			more, err = r.next()
			return err
		})
		if err != nil {
			return done.count, fmt.Errorf("resend notification %d of account %d: %w", notification, account, err)
		}
		done = r
	}
	return done.count, nil
}

// resender sends deliveries again, [RowsPerTransaction] in each transaction.
type resender struct {
	writer
	// event names one delivery, or is zero for all that were abandoned.
	event store.EventID
	audit store.AuditEvent
	// last is the number of the last restarted delivery, count the number of them.
	last  int64
	count int
}

// next restarts the next deliveries, and reports whether there may be more.
func (r *resender) next() (more bool, err error) {
	active, _, err := lockCursor(r.Session, r.account, r.notification)
	if err == nil && !active {
		err = store.ErrNotActive
	}
	if err != nil {
		return false, err
	}
	single := r.event != (store.EventID{})
	found, err := r.find(single)
	switch {
	case err != nil:
		return false, err
	case len(found) == 0 && single:
		return false, ledger.ErrNotFound
	case len(found) == 0:
		return false, nil
	}
	for _, d := range found {
		if err := r.restart(d); err != nil {
			return false, err
		}
	}
	if r.count == 0 {
		err = r.logEvent(single)
	}
	r.last, r.count = found[len(found)-1].Event.Number, r.count+len(found)
	return len(found) == RowsPerTransaction, err
}

// find returns the next deliveries to restart: the single one, or those that were
// abandoned. It also returns deliveries that are due after [store.MaxRetryDelay]: a clock
// that was wrong stored them.
func (r *resender) find(single bool) ([]store.Delivery, error) {
	text := `SELECT number, action FROM deliveries WHERE account = ? AND notification = ? AND number > ?
		AND (due IS NULL OR due > ?) ORDER BY number LIMIT ?`
	args := []any{r.account, r.notification, r.last, column.Micros(r.now.Add(store.MaxRetryDelay)), int64(RowsPerTransaction)}
	if single {
		text = "SELECT number, action FROM deliveries WHERE account = ? AND notification = ? AND number = ? AND action = ?"
		args = []any{r.account, r.notification, r.event.Number, r.event.Subject()}
	}
	var found []store.Delivery
	var number, subject int64
	return found, r.Rows(text, args, []any{&number, &subject}, func() error {
		found = append(found, store.Delivery{Event: eventID(number, subject, ids.ActionID{}, 0)})
		return nil
	})
}

// logEvent writes one event for all deliveries of the call.
func (r *resender) logEvent(single bool) error {
	detail := "all that were given up"
	if single {
		detail = "update " + r.event.String()
	}
	return account.LogEvent(r.Session, r.audit, r.account, r.now, fmt.Sprintf("notification %d", r.notification), detail)
}
