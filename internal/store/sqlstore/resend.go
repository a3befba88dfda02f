package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Resend has deliveries begin anew.
func (st *Store) Resend(
	ctx context.Context, account, notification int64, now time.Time, update ledger.UpdateID, d store.AuditEvent,
) (count int, err error) {
	done := resending{update: update, deed: d}
	for more := true; more; {
		var r resending
		err := st.write(ctx, func(s *session) (err error) {
			r = done
			r.keeping = keeping{session: s, account: account, notification: notification, now: whole(now)}
			more, err = r.some()
			return err
		})
		if err != nil {
			return done.count, fmt.Errorf("send notification %d of account %d again: %w", notification, account, err)
		}
		done = r
	}
	return done.count, nil
}

// resending sends deliveries again, [rowsAtOnce] in each transaction.
type resending struct {
	keeping
	update ledger.UpdateID
	deed   store.AuditEvent
	// last is the number of the last one, count how many there were.
	last  int64
	count int
}

// some sends the next ones again, and reports whether there may be more.
func (r *resending) some() (more bool, err error) {
	active, _, err := r.holdNotification(r.account, r.notification)
	if err == nil && !active {
		err = store.ErrEnded
	}
	if err != nil {
		return false, err
	}
	one := r.update != (ledger.UpdateID{})
	found, err := r.next(one)
	switch {
	case err != nil:
		return false, err
	case len(found) == 0 && one:
		return false, ledger.ErrNotFound
	case len(found) == 0:
		return false, nil
	}
	for _, d := range found {
		if err := r.anew(d); err != nil {
			return false, err
		}
	}
	if r.count == 0 {
		err = r.does(one)
	}
	r.last, r.count = found[len(found)-1].Update.Number, r.count+len(found)
	return len(found) == rowsAtOnce, err
}

// next finds what is sent again: the one, or what was given up. What is due later than
// can be was kept by a clock that was ahead.
func (r *resending) next(one bool) (found []store.Delivery, err error) {
	text := `SELECT number, action FROM deliveries WHERE account = ? AND notification = ? AND number > ?
		AND (due IS NULL OR due > ?) ORDER BY number LIMIT ?`
	args := []any{r.account, r.notification, r.last, micros(r.now.Add(store.LongestPause)), int64(rowsAtOnce)}
	if one {
		text = "SELECT number, action FROM deliveries WHERE account = ? AND notification = ? AND number = ? AND action = ?"
		args = []any{r.account, r.notification, r.update.Number, r.update.Action.Number}
	}
	var d store.Delivery
	err = r.rows(text, args, []any{&d.Update.Number, &d.Update.Action.Number}, func() error {
		found = append(found, d)
		return nil
	})
	return found, err
}

// does keeps the deed, once for all.
func (r *resending) does(one bool) error {
	detail := "all that were given up"
	if one {
		detail = "update " + r.update.String()
	}
	return r.keepDeed(r.deed, r.account, r.now, fmt.Sprintf("notification %d", r.notification), detail)
}
