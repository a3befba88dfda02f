// Package ingest accepts submissions by group commit over accounts: the submissions of all
// accounts that arrive while a commit is running are written together in the next one, so
// that one disk sync serves many callers. The commit usually applies them too, unless many
// others of their account are queued.
package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Limits of the payloads in bytes. The number of waiting submissions is limited by the
// number of connections.
const (
	// maxWaiting is the size of all waiting payloads of an account above which Accept returns
	// [store.ErrBusy].
	maxWaiting = 64 << 20
	// maxBatch is the size from which no more payloads are added to a commit.
	maxBatch = 8 << 20
)

// gatherTime is the longest time for which a commit waits for the callers of the last one.
const gatherTime = time.Millisecond

// Store is the part of a [store.Store] that an [Ingest] needs.
type Store interface {
	Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error)
	CommitLimits() (commits, accounts int)
}

// Config configures an [Ingest].
type Config struct {
	// Decide decides the submissions that are applied in the commit that accepts them.
	Decide store.Decide
	Now    func() time.Time
	// Queued is called with an account after a commit, if it has submissions to apply, and
	// Applied if submissions of it were applied.
	Queued, Applied func(account int64)
	// Trace, if not nil, is called before each commit. It returns the context of the commit, and
	// a function that is called after it with the contexts of its callers.
	Trace func(ctx context.Context) (context.Context, func(callers []context.Context))
	Log   *slog.Logger
}

// Ingest accepts submissions. Create it with [New].
type Ingest struct {
	store  Store
	config Config
	// commits is the largest number of commits at once, and accounts that of accounts in one.
	commits, accounts int

	mu sync.Mutex
	// waiting holds the accounts with waiting calls, and turns those of them that are in no
	// commit, in the order of their turns.
	waiting map[int64]*queue
	turns   []int64
	// running is the number of goroutines that commit. Idle ones have not claimed accounts
	// yet, and blocked ones wait for an account that another process holds.
	running, idle, blocked int
	stopped                bool
	// count is the number of waiting calls. Enough, if it is not nil, is closed once there are
	// wanted of them.
	count, wanted int
	enough        chan struct{}
	// ended is signaled when running decreases.
	ended *sync.Cond
}

// queue holds the waiting calls of one account.
type queue struct {
	calls []call
	// bytes is the size of their payloads.
	bytes int
	// held reports whether another process held the account when it was to be committed.
	held bool
}

// call is a call of [Ingest.Accept] whose submission is not committed yet.
type call struct {
	ctx        context.Context
	submission store.Submission
	result     chan<- result
}

type result struct {
	accepted store.Accepted
	err      error
}

// New returns an Ingest that writes to st.
func New(st Store, c Config) *Ingest {
	in := &Ingest{store: st, config: c, waiting: make(map[int64]*queue)}
	in.commits, in.accounts = st.CommitLimits()
	in.ended = sync.NewCond(&in.mu)
	return in
}

// Accept stores a submission durably and returns it with its number, time and id, and with
// its outcome if it was applied at once. If the submission's key was seen before, Accept
// returns the earlier submission, or [store.ErrKeyReused] if the key belongs to another
// request. If too many bytes are waiting, Accept returns [store.ErrBusy]. If it returns
// the error of ctx, which ended first, the submission may or may not be stored.
func (in *Ingest) Accept(ctx context.Context, account int64, s store.Submission) (store.Accepted, error) {
	results := make(chan result, 1)
	if !in.enqueue(account, call{ctx, s, results}) {
		return store.Accepted{}, store.ErrBusy
	}
	select {
	case r := <-results:
		return r.accepted, r.err
	case <-ctx.Done():
		return store.Accepted{}, ctx.Err()
	}
}

// Notify calls the function Queued of the configuration, for submissions that were queued by
// other means.
func (in *Ingest) Notify(account int64) { in.config.Queued(account) }

// WaitingCalls returns the number of calls that wait for their commit.
func (in *Ingest) WaitingCalls() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.count
}

// Stop waits until all waiting submissions are committed, or until the running commits end
// once ctx is done. Accept must not be called during or after Stop.
func (in *Ingest) Stop(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.stopped = true
	})
	defer stop()
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.running > 0 {
		in.ended.Wait()
	}
}

// enqueue adds a call to the account's queue, and reports false if the queue is full.
func (in *Ingest) enqueue(account int64, c call) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	q := in.waiting[account]
	if q == nil {
		q = &queue{}
		in.waiting[account] = q
		in.turns = append(in.turns, account)
	}
	if q.bytes > maxWaiting {
		return false
	}
	q.calls, q.bytes = append(q.calls, c), q.bytes+len(c.submission.Payload)
	if in.count++; in.enough != nil && in.count >= in.wanted {
		close(in.enough)
		in.enough = nil
	}
	in.start()
	return true
}

// start starts a goroutine that commits, if an account waits and no goroutine is about to
// claim accounts. The caller holds in.mu.
func (in *Ingest) start() {
	if in.idle == 0 && in.running < in.commits && in.hasTurns() {
		in.running, in.idle = in.running+1, in.idle+1
		go in.run()
	}
}

// run commits until no account has waiting calls.
func (in *Ingest) run() {
	for more := true; more; {
		c := commit{Ingest: in}
		c.run()
		in.gather(c.size)
		in.mu.Lock()
		if more = in.hasTurns() && in.idle == 0 && !in.stopped; more {
			in.idle++
		} else {
			in.running--
			in.ended.Broadcast()
		}
		in.mu.Unlock()
	}
}

// gather waits until most of the callers of the last commit, of the given size, have sent
// their next call, or until gatherTime is over. Otherwise the next commit would contain the
// calls of the few that were first, and the others would wait for it.
func (in *Ingest) gather(size int) {
	in.mu.Lock()
	wanted := size * 3 / 4
	if in.count >= wanted || in.enough != nil || in.stopped {
		in.mu.Unlock()
		return
	}
	enough := make(chan struct{})
	in.enough, in.wanted = enough, wanted
	in.mu.Unlock()
	select {
	case <-enough:
		return
	case <-time.After(gatherTime):
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.enough == enough {
		in.enough = nil
	}
}

// mayWait reports whether a commit may wait for an account that another process holds, so
// that one remains for the others. The caller holds in.mu.
func (in *Ingest) mayWait() bool { return in.blocked < max(in.commits-1, 1) }

// hasTurns reports whether a commit can claim an account. The caller holds in.mu.
func (in *Ingest) hasTurns() bool {
	for _, account := range in.turns {
		if !in.waiting[account].held || in.mayWait() {
			return true
		}
	}
	return false
}
