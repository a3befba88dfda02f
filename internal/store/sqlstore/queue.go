package sqlstore

import (
	"github.com/trueup-ledger/trueup/internal/store"
)

// maxBatchBytes bounds the commands that one batch loads: a thousand orders of a
// thousand items each are no batch.
const maxBatchBytes = 8 << 20

const selectApplier = "SELECT number, instant, last_update, attempts FROM applier WHERE account = ?"

// applierRow answers where the applier's row is read to.
func (b *batch) applierRow() []any {
	return []any{&b.number, (*instant)(&b.instant), &b.lastUpdate, &b.attempts}
}

// load reads the applier's row.
func (b *batch) load() error {
	return notFound(b.row(selectApplier, []any{b.account}, b.applierRow()...))
}

// queue takes the applier's row, which is nobody else's from then on, and answers the
// oldest submissions that are queued; or [store.ErrHeldElsewhere] if another has the row. Both
// are asked for at once, but by two statements: who parks a submission holds the row, so
// that what is parked is seen by a statement that begins when the row is taken, and
// maybe not by that which takes it.
func (b *batch) queue(limit int) (queue []commandRow, err error) {
	taken := false
	err = b.rowsLater(selectApplier+b.dialect.seize, []any{b.account}, b.applierRow(), func() error {
		taken = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	var row commandRow
	bytes := 0
	// It asks for the row once more: who did not get it is sent nothing.
	err = b.rows("SELECT "+commandColumns+`, (SELECT coalesce(min(p.number), 0) FROM parking p
			WHERE p.account = ? AND p.number > (SELECT number FROM applier WHERE account = ?))
		FROM submissions s WHERE s.account = ? AND s.number > (SELECT number FROM applier WHERE account = ?`+b.dialect.seize+`)
		ORDER BY s.number LIMIT ?`, []any{b.account, b.account, b.account, b.account, int64(limit)}, append(row.dest(), &b.aside), func() error {
		if !taken { // it was let go of in between
			return errEnough
		}
		row.decode()
		queue = append(queue, row)
		if bytes += len(row.text); bytes > maxBatchBytes {
			return errEnough
		}
		return nil
	})
	if err != nil || taken {
		return queue, err
	}
	if err := b.load(); err != nil { // there is no such account
		return nil, err
	}
	return nil, store.ErrHeldElsewhere
}
