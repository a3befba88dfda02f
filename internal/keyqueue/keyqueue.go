// Package keyqueue runs work that is keyed by account: accounts in parallel, and one
// call at a time for each account. An idle account has no goroutine.
package keyqueue

import (
	"context"
	"maps"
	"sync"
)

// Work is a function that does some of an account's work and reports whether there may be
// more. It returns early when ctx ends.
type Work func(ctx context.Context, account int64) (more bool)

// Queues runs the work of accounts. Create it with [New].
type Queues struct {
	work   Work
	ctx    context.Context
	cancel context.CancelFunc

	mu sync.Mutex
	// running holds the accounts whose work is running. The value reports whether the
	// account was scheduled again since the call began.
	running map[int64]bool
	// idle is signaled when an account is removed from running, and when the context of a
	// waiting call is done.
	idle *sync.Cond
}

// New returns a Queues that calls work for scheduled accounts.
func New(work Work) *Queues {
	q := &Queues{work: work, running: make(map[int64]bool)}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	q.idle = sync.NewCond(&q.mu)
	return q
}

// Schedule calls the account's work in a goroutine. If the work is running already, it is
// called once more afterwards. After [Queues.Stop], Schedule does nothing.
func (q *Queues) Schedule(account int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ctx.Err() != nil {
		return
	}
	if _, running := q.running[account]; running {
		q.running[account] = true
		return
	}
	q.running[account] = false
	go q.run(account)
}

// run calls the account's work until none is left or the context of q ends.
func (q *Queues) run(account int64) {
	for {
		more := q.work(q.ctx, account)
		q.mu.Lock()
		if q.ctx.Err() != nil || !more && !q.running[account] {
			delete(q.running, account)
			q.idle.Broadcast()
			q.mu.Unlock()
			return
		}
		q.running[account] = false
		q.mu.Unlock()
	}
}

// Wait blocks until each account whose work is running now has had no more work once, or ctx
// is done. It returns the cause then.
func (q *Queues) Wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.idle.Broadcast()
	})
	defer stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	busy := maps.Clone(q.running)
	for {
		maps.DeleteFunc(busy, func(account int64, _ bool) bool {
			_, running := q.running[account]
			return !running
		})
		if len(busy) == 0 {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		q.idle.Wait()
	}
}

// Stop waits until no account has work left. If ctx ends before that, Stop cancels the
// context of the running calls and waits only for them to return.
func (q *Queues) Stop(ctx context.Context) {
	stop := context.AfterFunc(ctx, q.cancel)
	defer stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.running) > 0 {
		q.idle.Wait()
	}
	q.cancel()
}
