package sqldb

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// SQLite reuses the WAL from its beginning once all of it is checkpointed and no reader
// needs it. Under many overlapping readers that may never happen, and the WAL would grow
// without bound.
const (
	// truncatePages is the length of the WAL, in pages of 4 KiB, from which new readers are
	// held back so that it can be truncated.
	truncatePages = 65_536
	// truncateWait is how long to wait for running reads, and truncatePause the time
	// between two attempts.
	truncateWait  = time.Second
	truncatePause = 5 * time.Second
)

// limitWAL keeps the WAL short. It runs between two transactions of the writer.
func (db *DB) limitWAL(s *Session) {
	if db.checkpointer == nil {
		return
	}
	var busy, pages, checkpointed int
	if err := s.Row(wal.Measure, nil, &busy, &pages, &checkpointed); err != nil || busy != 0 {
		return // the next transaction measures again
	}
	if pages >= truncatePages && time.Since(db.truncated) >= truncatePause {
		db.truncated = time.Now()
		db.truncateWAL()
		return
	}
	db.checkpointer.Observe(pages, checkpointed)
}

// truncateWAL truncates the WAL while nobody reads. If a reader takes longer than
// truncateWait, the WAL stays longer until the next attempt.
func (db *DB) truncateWAL() {
	db.checkpointer.Wait() // before readers are held back
	ctx, cancel := context.WithTimeout(context.Background(), truncateWait)
	defer cancel()
	for _, p := range []*pool{db.lookups, db.readers} {
		release, ok := p.reserve(ctx)
		defer release()
		if !ok {
			return
		}
	}
	db.checkpointer.Truncate()
}
