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
	// blocked so that it can be truncated.
	truncatePages = 65_536
	// truncateWait is the longest wait for running reads, and truncatePause the time
	// between two attempts.
	truncateWait  = time.Second
	truncatePause = 5 * time.Second
)

// limitWAL starts a checkpoint or truncates the WAL when it is due. It is called between
// two transactions of the writer. It doesn't wait for long reads, which would be in vain.
func (db *DB) limitWAL(s *Session) {
	if db.checkpointer == nil {
		return
	}
	var busy, pages, checkpointed int
	if err := s.Row(wal.Measure, nil, &busy, &pages, &checkpointed); err != nil || busy != 0 {
		return // the next transaction measures again
	}
	if pages >= truncatePages && time.Since(db.truncated) >= truncatePause && db.longReads.Load() == 0 {
		db.truncated = time.Now()
		db.truncateWAL()
		return
	}
	db.checkpointer.Observe(pages, checkpointed)
}

// truncateWAL blocks readers and truncates the WAL. If a running read takes longer than
// truncateWait, it leaves the WAL as it is until the next attempt.
func (db *DB) truncateWAL() {
	db.checkpointer.Wait() // before readers are blocked
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

// WALSize returns the length of SQLite's WAL in bytes after the last transaction of this
// process, or 0 on PostgreSQL.
func (db *DB) WALSize() int64 {
	if db.checkpointer == nil {
		return 0
	}
	return db.checkpointer.Length()
}

// OnCheckpoint makes f be called after each checkpoint of SQLite's WAL, with the time that it
// took and its error.
func (db *DB) OnCheckpoint(f func(time.Duration, error)) {
	if db.checkpointer != nil {
		db.checkpointer.OnCheckpoint(f)
	}
}
