package apply

import (
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
)

// maxBytes bounds the commands that one batch loads. A thousand orders of a thousand
// items each are too many.
const maxBytes = 8 << 20

const selectApplier = "SELECT number, instant, last_update, attempts FROM applier WHERE account = ?"

func (b *batch) applierDest() []any {
	return []any{&b.number, (*column.Instant)(&b.instant), &b.lastUpdate, &b.attempts}
}

// loadApplier reads the applier's row without locking it.
func (b *batch) loadApplier() error {
	return column.QueryRow(b.Session, selectApplier, []any{b.account}, b.applierDest()...)
}

// takeQueue locks the applier's row and returns the oldest queued submissions, in one
// round trip. It returns [store.ErrHeldElsewhere] if another process holds the lock.
//
// Parked submissions are read by a second statement. A transaction that parks a
// submission holds the lock, and only a statement that begins after the lock was taken
// is sure to see its commit. That statement locks the row again, so that it returns no
// submissions to a process that didn't get the lock.
func (b *batch) takeQueue(limit int) (queue []submissions.Queued, err error) {
	locked := false
	skipLocked := b.Dialect().SkipLocked
	err = b.RowsDeferred(selectApplier+skipLocked, []any{b.account}, b.applierDest(), func() error {
		locked = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	var q submissions.Queued
	bytes := 0
	err = b.Rows("SELECT "+submissions.QueuedColumns+`, (SELECT coalesce(min(p.number), 0) FROM parking p
			WHERE p.account = ? AND p.number > (SELECT number FROM applier WHERE account = ?))
		FROM submissions s WHERE s.account = ? AND s.number > (SELECT number FROM applier WHERE account = ?`+skipLocked+`)
		ORDER BY s.number LIMIT ?`, []any{b.account, b.account, b.account, b.account, int64(limit)},
		append(q.Dest(), &b.parked), func() error {
			if !locked { // the lock was released between the statements
				return sqldb.ErrStop
			}
			q.Decode()
			queue = append(queue, q)
			if bytes += q.Size(); bytes > maxBytes {
				return sqldb.ErrStop
			}
			return nil
		})
	if err != nil || locked {
		return queue, err
	}
	if err := b.loadApplier(); err != nil { // the account doesn't exist
		return nil, err
	}
	return nil, store.ErrHeldElsewhere
}
