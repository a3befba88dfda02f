// Package ingest accepts submissions by group commit: the submissions of an account that
// arrive while a commit is running are written together in the next one, so that one disk
// sync serves many callers.
package ingest

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Limits of the payloads of an account in bytes. The number of waiting submissions is
// limited by the number of connections.
const (
	// maxWaiting is the size of all waiting payloads above which Accept returns
	// [store.ErrBusy].
	maxWaiting = 64 << 20
	// maxBatch is the size from which no more payloads are added to a commit.
	maxBatch = 8 << 20
)

// Store is the part of a [store.Store] that an [Ingest] needs.
type Store interface {
	AcceptFunc(ctx context.Context, account int64, next func() (now time.Time, batch []store.Submission)) ([]store.Accepted, error)
}

// Ingest accepts submissions. Create it with [New].
type Ingest struct {
	store  Store
	now    func() time.Time
	notify func(account int64)
	queues *keyqueue.Queues

	mu      sync.Mutex
	waiting map[int64]*queue
}

// queue holds the waiting calls of one account.
type queue struct {
	calls []call
	// bytes is the size of their payloads.
	bytes int
}

// call is a call of [Ingest.Accept] whose submission is not committed yet.
type call struct {
	submission store.Submission
	result     chan<- result
}

type result struct {
	accepted store.Accepted
	err      error
}

// New returns an Ingest that writes to st. After each commit it calls notify with the
// account.
func New(st Store, now func() time.Time, notify func(account int64)) *Ingest {
	in := &Ingest{store: st, now: now, notify: notify, waiting: make(map[int64]*queue)}
	in.queues = keyqueue.New(in.commit)
	return in
}

// Accept stores a submission durably and returns it with its number, time and id. If the
// submission's key was seen before, Accept returns the earlier submission, or
// [store.ErrKeyReused] if the key belongs to another request. If too many bytes are
// waiting, Accept returns [store.ErrBusy]. If ctx ends first, Accept returns its error,
// and the submission may or may not be stored.
func (in *Ingest) Accept(ctx context.Context, account int64, s store.Submission) (store.Accepted, error) {
	results := make(chan result, 1)
	if !in.enqueue(account, call{s, results}) {
		return store.Accepted{}, store.ErrBusy
	}
	in.queues.Schedule(account)
	select {
	case r := <-results:
		return r.accepted, r.err
	case <-ctx.Done():
		return store.Accepted{}, ctx.Err()
	}
}

// Notify calls the function that was passed to [New], for submissions that were queued by
// other means.
func (in *Ingest) Notify(account int64) { in.notify(account) }

// Stop waits until all waiting submissions are committed or ctx ends. Accept must not be
// called during or after Stop.
func (in *Ingest) Stop(ctx context.Context) { in.queues.Stop(ctx) }

// enqueue adds a call to the account's queue, and reports false if the queue is full.
func (in *Ingest) enqueue(account int64, c call) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.waiting[account] == nil {
		in.waiting[account] = &queue{}
	}
	q := in.waiting[account]
	if q.bytes > maxWaiting {
		return false
	}
	q.calls, q.bytes = append(q.calls, c), q.bytes+len(c.submission.Payload)
	return true
}

// dequeue removes the account's next batch of calls from its queue.
func (in *Ingest) dequeue(account int64) []call {
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

// hasWaiting reports whether calls of the account are waiting.
func (in *Ingest) hasWaiting(account int64) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.waiting[account] != nil
}

// commit writes one batch and sends the results to its callers. It dequeues the batch only
// when the store is ready to write, so that calls that arrive earlier join it. A commit
// serves many callers, so it uses the context of none.
func (in *Ingest) commit(_ context.Context, account int64) (more bool) {
	if !in.hasWaiting(account) {
		return false
	}
	var calls []call
	next := func() (time.Time, []store.Submission) {
		calls = in.dequeue(account)
		batch := make([]store.Submission, len(calls))
		for i, c := range calls {
			batch[i] = c.submission
		}
		return in.now(), batch
	}
	accepted, err := in.store.AcceptFunc(context.Background(), account, next)
	if err == nil {
		in.notify(account)
	} else if calls == nil { // the store failed before it called next
		next()
	}
	for i, c := range calls {
		if err != nil {
			c.result <- result{err: err}
		} else {
			c.result <- result{accepted: accepted[i], err: accepted[i].Err}
		}
	}
	return true
}
