package sqldb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

// Pauses of [DB.CheckWritable].
const (
	// storagePause is the time for which writes count as failing after the disk failed,
	// since a small write can succeed on a disk that is full for others.
	storagePause = 5 * time.Second
	// probePause is the time between two attempts to write.
	probePause = time.Second
)

// writeHealth records whether the last write transaction failed.
type writeHealth struct {
	mu      sync.Mutex
	failure error
	// storage reports whether the disk failed, and failed is the time of the failure.
	storage bool
	failed  time.Time
	probed  time.Time
}

// record takes the error with which the database failed a transaction, or nil.
func (h *writeHealth) record(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failure = err
	if err != nil {
		h.storage, h.failed = failure.Storage(err), time.Now()
	}
}

// check returns the last failure of a write, and whether the caller should probe, given
// that of a checkpoint. The next probe is due after a pause.
func (h *writeHealth) check(now time.Time, checkpoint error) (failure error, probe bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	healthy := h.failure == nil && checkpoint == nil
	if healthy || h.storage && now.Sub(h.failed) < storagePause || now.Sub(h.probed) < probePause {
		return h.failure, false
	}
	h.probed = now
	return h.failure, true
}

// CheckWritable returns an error if the last write transaction or checkpoint failed. After
// a pause it tries to write or to checkpoint again, so that it recovers without other
// writes.
func (db *DB) CheckWritable(ctx context.Context) error {
	if db.writers == nil {
		return ErrReadOnly
	}
	checkpoint := db.checkpointFailure()
	failure, probe := db.health.check(time.Now(), checkpoint)
	if probe {
		if failure != nil {
			failure = db.Write(ctx, func(s *Session) error { return s.Exec(db.dialect.probe) })
		}
		if checkpoint != nil {
			checkpoint = db.writers.use(ctx, func(*Session) error {
				db.checkpointer.Checkpoint()
				return db.checkpointFailure()
			})
		}
	}
	switch {
	case failure != nil:
		return fmt.Errorf("write: %w", failure)
	case checkpoint != nil:
		return fmt.Errorf("checkpoint: %w", checkpoint)
	}
	return nil
}

// checkpointFailure returns the error of the last checkpoint.
func (db *DB) checkpointFailure() error {
	if db.checkpointer == nil {
		return nil
	}
	return db.checkpointer.LastFailure()
}
