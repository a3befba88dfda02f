// Package status reads the work that waits in all accounts.
package status

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

// Read returns the work that waits in a database.
func Read(ctx context.Context, db *sqldb.DB) (st store.Status, err error) {
	err = db.Lookup(ctx, func(s *sqldb.Session) (err error) {
		if st.Queues, err = column.Collect(s, selectQueues, nil, queueDest); err != nil {
			return err
		}
		if st.Notifications, err = column.Collect(s, selectNotifications, nil, notificationDest); err != nil {
			return err
		}
		return errors.Join(
			s.Row(countDeliveries, nil, &st.WaitingDeliveries),
			s.Row(countFiles, nil, &st.UnreadFiles),
		)
	})
	if err != nil {
		return store.Status{}, fmt.Errorf("read the status: %w", err)
	}
	st.LogSize = db.WALSize()
	return st, nil
}

// selectQueues selects the queues of accounts. Submissions are numbered without gaps.
const selectQueues = `SELECT i.number - a.number, s.accepted FROM intake i JOIN applier a ON a.account = i.account
	LEFT JOIN submissions s ON s.account = a.account AND s.number = a.number + 1 WHERE i.number > a.number`

func queueDest(q *store.QueueStatus) []any { return []any{&q.Queued, (*column.Instant)(&q.Oldest)} }

// selectNotifications selects the first record after each cursor. All kinds of records share
// one sequence.
const selectNotifications = `SELECT coalesce(a.last_update, 0) - n.position, coalesce(u.instant, s.accepted, d.instant, p.instant, v.created)
	FROM notifications n LEFT JOIN applier a ON a.account = n.account
	LEFT JOIN updates u ON u.account = n.account AND u.number = n.position + 1
	LEFT JOIN submissions s ON s.account = u.account AND s.number = ` + actions.SubmissionOf + `
	LEFT JOIN adjustments d ON d.account = n.account AND d.number = n.position + 1
	LEFT JOIN payments p ON p.account = n.account AND p.number = n.position + 1
	LEFT JOIN invoices v ON v.account = n.account AND v.number = n.position + 1 WHERE n.active <> 0`

func notificationDest(n *store.NotificationStatus) []any {
	return []any{&n.Behind, (*column.Instant)(&n.Oldest)}
}

var (
	countDeliveries = "SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE due IS NOT NULL LIMIT " + strconv.Itoa(store.MaxCounted) + ") d"
	countFiles      = "SELECT count(*) FROM files WHERE read IS NULL"
)
