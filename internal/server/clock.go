package server

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
)

// watchClock checks the clock. The guard logs a change.
func (c Config) watchClock(context.Context) error {
	_ = c.Clock.Check()
	return nil
}

// guardStore returns a store that accepts, queues, applies, bills and removes nothing while the clock is
// not trusted. The listeners refuse all other writes.
func guardStore(st store.Store, clock *clockguard.Guard) store.Store {
	st.Queue, st.Files, st.Biller = guardedQueue{st.Queue, clock}, guardedFiles{st.Files, clock}, guardedBiller{st.Biller, clock}
	st.Retainer = guardedRetainer{st.Retainer, clock}
	return st
}

type guardedQueue struct {
	store.Queue
	clock *clockguard.Guard
}

func (q guardedQueue) Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error) {
	if err := q.clock.Check(); err != nil {
		return nil, err
	}
	return q.Queue.Commit(ctx, source, decide)
}

func (q guardedQueue) Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error) {
	if err := q.clock.Check(); err != nil {
		return 0, err
	}
	return q.Queue.Apply(ctx, account, now, limit, decide)
}

type guardedFiles struct {
	store.Files
	clock *clockguard.Guard
}

func (f guardedFiles) QueueRows(ctx context.Context, account int64, now time.Time, b store.RowBatch) error {
	if err := f.clock.Check(); err != nil {
		return err
	}
	return f.Files.QueueRows(ctx, account, now, b)
}

type guardedBiller struct {
	store.Biller
	clock *clockguard.Guard
}

func (b guardedBiller) Bill(ctx context.Context, account int64, now time.Time) (store.Billed, error) {
	if err := b.clock.Check(); err != nil {
		return store.Billed{}, err
	}
	return b.Biller.Bill(ctx, account, now)
}

type guardedRetainer struct {
	store.Retainer
	clock *clockguard.Guard
}

func (r guardedRetainer) Retain(ctx context.Context, account int64, now time.Time, folder store.ArchiveFolder, e store.AuditEvent) (store.Retained, error) {
	if err := r.clock.Check(); err != nil {
		return store.Retained{}, err
	}
	return r.Retainer.Retain(ctx, account, now, folder, e)
}
