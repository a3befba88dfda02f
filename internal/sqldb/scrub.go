package sqldb

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/trueup-ledger/trueup/internal/sqldb/scrub"
	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// Scrub zeroes the bytes of SQLite's database file that hold no data any more, and truncates the
// WAL, so that data which were erased are in neither. Writers wait for some milliseconds at a
// time. On PostgreSQL, Scrub does nothing. It returns [ErrInUse] while another call scrubs.
func (db *DB) Scrub(ctx context.Context) (err error) {
	if db.checkpointer == nil {
		return nil
	}
	mark := db.checkpointer.ScrubMark()
	marked, err := lock(ctx, mark, 0)
	if err != nil {
		return fmt.Errorf("scrub the database file: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(mark), marked.Close()) }()
	conn, err := db.writers.db.Conn(ctx)
	if err != nil {
		return err
	}
	return scrub.Run(ctx, scrubbed{db}, conn)
}

// scrubbed implements [scrub.Database].
type scrubbed struct{ *DB }

func (db scrubbed) Exclusive(ctx context.Context, f func(checkpoint func() (bool, error)) error) error {
	return db.writers.useFor(ctx, noTenant, func(s *Session) error {
		var busy, pages, done int
		measure := func() error { return s.Row(wal.Measure, nil, &busy, &pages, &done) }
		if err := measure(); err != nil {
			return err
		}
		if !db.checkpointer.Finish(pages - done) {
			return scrub.ErrNotReady
		}
		return f(func() (bool, error) {
			db.checkpointer.Checkpoint()
			err := measure()
			return busy == 0 && pages == done, err
		})
	})
}

func (db scrubbed) Truncate(ctx context.Context) error {
	return db.writers.useFor(ctx, noTenant, func(s *Session) error {
		db.truncateWAL()
		var busy, pages, done int
		if err := s.Row(wal.Measure, nil, &busy, &pages, &done); err != nil || pages > 0 {
			return scrub.ErrNotReady
		}
		return nil
	})
}
