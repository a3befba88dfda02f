// Package intake puts submissions on disk: those that wait at the same time go
// into one commit, so that one flush of the disk serves many callers.
package ingest

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Limits of what waits for the disk, for each account: so many bytes of payloads
// at all and in one commit. Connections bound how many submissions there are.
const (
	maxWaiting = 64 << 20
	maxBatch   = 8 << 20
)

// Ingest accepts submissions. Use [New].
type Ingest struct {
	store    store.Store
	now      func() time.Time
	accepted func(account int64)
	lanes    *keyqueue.Queues

	mu      sync.Mutex
	waiting map[int64]*queue
}

// queue is what waits of one account.
type queue struct {
	calls []call
	bytes int
}

// call is a caller that waits for its submission to be on disk.
type call struct {
	submission store.Submission
	answer     chan<- answer
}

type answer struct {
	accepted store.Accepted
	err      error
}

// New answers an intake into the store. The function accepted is called after
// each commit.
func New(st store.Store, now func() time.Time, accepted func(account int64)) *Ingest {
	in := &Ingest{store: st, now: now, accepted: accepted, waiting: make(map[int64]*queue)}
	in.lanes = keyqueue.New(in.commit)
	return in
}

// Accept answers the submission with its number, instant and id once it is on
// disk, or the one that its key was first given to, or store.ErrKeyReused, or
// store.ErrBusy. If ctx ends first, it may be on disk or not.
func (in *Ingest) Accept(ctx context.Context, account int64, s store.Submission) (store.Accepted, error) {
	answers := make(chan answer, 1)
	in.mu.Lock()
	if in.waiting[account] == nil {
		in.waiting[account] = &queue{}
	}
	q := in.waiting[account]
	if q.bytes > maxWaiting {
		in.mu.Unlock()
		return store.Accepted{}, store.ErrBusy
	}
	q.calls, q.bytes = append(q.calls, call{s, answers}), q.bytes+len(s.Payload)
	in.mu.Unlock()
	in.lanes.Schedule(account)
	select {
	case a := <-answers:
		return a.accepted, a.err
	case <-ctx.Done():
		return store.Accepted{}, ctx.Err()
	}
}

// Wake has what was put into an account's queue beside the intake applied.
func (in *Ingest) Wake(account int64) { in.accepted(account) }

// commit takes whatever is waiting, up to a batch; it never waits for more than its turn.
func (in *Ingest) commit(_ context.Context, account int64) (more bool) {
	if !in.any(account) {
		return false
	}
	var calls []call
	take := func() (time.Time, []store.Submission) {
		calls = in.take(account)
		batch := make([]store.Submission, len(calls))
		for i, c := range calls {
			batch[i] = c.submission
		}
		return in.now(), batch
	}
	accepted, err := in.accept(account, take)
	if err == nil {
		in.accepted(account)
	} else if calls == nil { // who waits is told of it
		take()
	}
	for i, c := range calls {
		if err != nil {
			c.answer <- answer{err: err}
		} else {
			c.answer <- answer{accepted: accepted[i], err: accepted[i].Err}
		}
	}
	return true
}

// accept has the store take a batch: as late as it can, so that its commit has as
// many as wait then. The callers' contexts end with their connections; the commit
// belongs to all.
func (in *Ingest) accept(account int64, take func() (time.Time, []store.Submission)) ([]store.Accepted, error) {
	if st, is := in.store.(store.InTurn); is {
		return st.AcceptInTurn(context.Background(), account, take)
	}
	now, batch := take()
	return in.store.Accept(context.Background(), account, now, batch)
}

// any reports whether something is waiting.
func (in *Ingest) any(account int64) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.waiting[account] != nil
}

func (in *Ingest) take(account int64) []call {
	in.mu.Lock()
	defer in.mu.Unlock()
	q := in.waiting[account]
	if q == nil {
		return nil
	}
	n, bytes := 0, 0
	for n < min(len(q.calls), store.MaxBatch) && bytes < maxBatch {
		bytes += len(q.calls[n].submission.Payload)
		n++
	}
	calls := q.calls[:n]
	if q.calls, q.bytes = q.calls[n:], q.bytes-bytes; len(q.calls) == 0 {
		delete(in.waiting, account)
	}
	return calls
}

// Stop waits for what is waiting to be on disk. Callers must have ceased.
func (in *Ingest) Stop(ctx context.Context) { in.lanes.Stop(ctx) }
