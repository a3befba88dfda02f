package sqldb

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

// A write transaction that conflicts with another is retried after a random pause, up to
// retryPause at first and twice as long each time.
const (
	maxAttempts = 8
	retryPause  = 2 * time.Millisecond
)

// noTenant stands for writes that belong to no tenant.
const noTenant = 0

// Write is [DB.WriteFor] for writes that belong to no tenant.
func (db *DB) Write(ctx context.Context, f func(*Session) error) error {
	return db.WriteFor(ctx, noTenant, f)
}

// WriteFirst is [DB.WriteFor] for writes for which callers wait. They precede those of the
// tenants, which have a turn after each of them.
func (db *DB) WriteFirst(ctx context.Context, f func(*Session) error) error {
	return db.WriteFor(ctx, fair.First, f)
}

// FirstWaits reports whether a call of [DB.WriteFirst] is waiting, so that a long transaction
// should end soon.
func (db *DB) FirstWaits() bool { return db.turns.FirstWaits() }

// lostConnection is the error of a transaction whose connection was lost.
type lostConnection struct{ error }

func (l lostConnection) Unwrap() error { return l.error }

// RolledBack reports whether err, which a write returned, means that the transaction was
// rolled back. Otherwise it may have been committed.
func (db *DB) RolledBack(err error) bool { return !errors.As(err, new(lostConnection)) }

// WriteFor runs f in a write transaction of a tenant and commits it if f returns nil. If the
// transaction conflicts with another one, f runs again, and only its last run counts. Of the
// tenants that wait, the one that used the least time is next (see [fair.Turns]).
func (db *DB) WriteFor(ctx context.Context, tenant int64, f func(*Session) error) error {
	if db.writers == nil {
		return ErrReadOnly
	}
	return db.writers.useFor(ctx, tenant, func(s *Session) (err error) {
		if db.checkpointer != nil {
			if err := db.checkpointer.Err(); err != nil {
				return failure.Unavailable{Err: err}
			}
		}
		for attempt := 1; ; attempt++ {
			err = s.inTx(db.dialect.beginWrite, func() error { return f(s) })
			if err == nil || s.broken || !db.dialect.retryable(err) || attempt == maxAttempts {
				break
			}
			select {
			case <-time.After(rand.N(retryPause << (attempt - 1))):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		if err == nil || s.lastFailure != nil { // otherwise f rejected the transaction
			db.health.record(s.lastFailure)
		}
		if err == nil {
			db.limitWAL(s)
		} else if s.broken {
			err = lostConnection{err}
		}
		return err
	})
}

// Read runs f on a snapshot of the database, within the tenant's share of the readers. If
// f succeeds, an error of ending the snapshot is ignored.
func (db *DB) Read(ctx context.Context, tenant int64, f func(*Session) error) error {
	return db.readers.useFor(ctx, tenant, func(s *Session) error {
		done := false
		err := s.inTx(db.dialect.beginRead, func() error {
			err := f(s)
			done = err == nil
			return err
		})
		if done {
			return nil
		}
		return err
	})
}

// ReadLong is [DB.Read] for an f that can take minutes. Writers and other readers must not
// wait for it: the WAL of SQLite is not truncated in the meantime.
func (db *DB) ReadLong(ctx context.Context, tenant int64, f func(*Session) error) error {
	return db.Read(ctx, tenant, func(s *Session) error {
		return db.DuringLongRead(func() error { return f(s) })
	})
}

// DuringLongRead calls f, which reads the database's file for a long time, as [DB.ReadLong]
// does.
func (db *DB) DuringLongRead(f func() error) error {
	db.longReads.Add(1)
	defer db.longReads.Add(-1)
	return f()
}

// Lookup runs f without a transaction. It is meant for short reads whose statements need
// not see the same snapshot.
func (db *DB) Lookup(ctx context.Context, f func(*Session) error) error {
	return db.lookups.use(ctx, f)
}
