package webhooks

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

const (
	// RowsPerTransaction is the number of deliveries that one transaction changes, because
	// it blocks SQLite's only writer.
	RowsPerTransaction = 1000
	// noLimit is larger than any number of deliveries. AbandonPending has usually abandoned
	// all of them before.
	noLimit = 1 << 40
)

// reasonEnded is the error of a delivery that is abandoned because its notification ended.
const reasonEnded = "the notification ended"

// abandon abandons up to limit pending deliveries of a notification.
func abandon(s *sqldb.Session, account, notification int64, now time.Time, limit int64) error {
	return s.Exec(`UPDATE deliveries SET due = NULL, lost = ?, error = ? WHERE account = ? AND notification = ? AND number IN
		(SELECT d.number FROM deliveries d WHERE d.account = ? AND d.notification = ? AND d.due IS NOT NULL
		ORDER BY d.due, d.number LIMIT ?)`, column.Micros(now), reasonEnded, account, notification, account, notification, limit)
}

// AbandonPending abandons all pending deliveries of a notification that ended,
// [RowsPerTransaction] in each transaction. It stops if the notification becomes ACTIVE again.
func (o *Outbox) AbandonPending(ctx context.Context, account, notification int64, now time.Time) error {
	for more := true; more; {
		err := o.DB.WriteFor(ctx, account, func(s *sqldb.Session) error {
			active, _, err := lockCursor(s, account, notification)
			if more = false; err != nil || active {
				return err
			}
			if err := abandon(s, account, notification, now, RowsPerTransaction); err != nil {
				return err
			}
			more, err = column.Exists(s, "SELECT 1 FROM deliveries WHERE account = ? AND notification = ? AND due IS NOT NULL LIMIT 1",
				account, notification)
			return err
		})
		if err != nil {
			return fmt.Errorf("abandon deliveries of notification %d of account %d: %w", notification, account, err)
		}
	}
	return nil
}
