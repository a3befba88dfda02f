// Package waiter lets callers wait until their submissions are complete. After each applied
// batch, a single query for the account wakes all callers whose submissions are complete,
// so that callers need not poll the store.
package waiter

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
)

const (
	// MaxWaiting is the largest number of waiting callers, each of which keeps a connection
	// open.
	MaxWaiting = 1000
	// pollInterval is the time after which the query is repeated without a notification:
	// another process may have applied the submission, or a query may have failed.
	pollInterval = time.Second
)

// Applied is a function that returns the number of an account's last completed submission.
type Applied func(ctx context.Context, account int64) (int64, error)

// Waiters is the set of waiting callers. Create it with [New].
type Waiters struct {
	applied Applied
	log     *slog.Logger
	queues  *keyqueue.Queues

	mu      sync.Mutex
	waiting map[int64]map[*waiter]struct{}
	count   int
	stopped chan struct{}
}

// waiter is a caller that waits for the submission with the number. Done is closed once
// the submission is complete.
type waiter struct {
	number int64
	done   chan struct{}
}

// New returns an empty Waiters.
func New(applied Applied, log *slog.Logger) *Waiters {
	w := &Waiters{applied: applied, log: log, waiting: make(map[int64]map[*waiter]struct{}), stopped: make(chan struct{})}
	w.queues = keyqueue.New(w.notify)
	return w
}

// Wait blocks until the submission with the number is complete, the timeout expires, ctx
// ends or [Waiters.Stop] is called, and then returns true. If [MaxWaiting] callers are
// waiting already, or w is stopped, it does not block and returns false.
func (w *Waiters) Wait(ctx context.Context, account, number int64, timeout time.Duration) bool {
	caller, added := w.add(account, number)
	if !added {
		return false
	}
	defer w.remove(account, caller)
	w.queues.Schedule(account) // the submission may be complete already
	end, poll := time.NewTimer(timeout), time.NewTicker(pollInterval)
	defer end.Stop()
	defer poll.Stop()
	for {
		select {
		case <-poll.C:
			w.queues.Schedule(account)
		case <-caller.done:
			return true
		case <-end.C:
			return true
		case <-ctx.Done():
			return true
		case <-w.stopped:
			return true
		}
	}
}

// Notify wakes the callers whose submissions are complete. It is called after submissions
// of the account were applied.
func (w *Waiters) Notify(account int64) {
	w.mu.Lock()
	waiting := len(w.waiting[account]) > 0
	w.mu.Unlock()
	if waiting {
		w.queues.Schedule(account)
	}
}

// Stop wakes all callers. After Stop, [Waiters.Wait] returns false.
func (w *Waiters) Stop() {
	w.mu.Lock()
	if !w.isStopped() {
		close(w.stopped)
	}
	w.mu.Unlock()
	w.queues.Stop(context.Background())
}

// isStopped reports whether Stop was called. The caller holds w.mu.
func (w *Waiters) isStopped() bool {
	select {
	case <-w.stopped:
		return true
	default:
		return false
	}
}

func (w *Waiters) add(account, number int64) (*waiter, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.count >= MaxWaiting || w.isStopped() {
		return nil, false
	}
	w.count++
	if w.waiting[account] == nil {
		w.waiting[account] = make(map[*waiter]struct{})
	}
	caller := &waiter{number: number, done: make(chan struct{})}
	w.waiting[account][caller] = struct{}{}
	return caller, true
}

func (w *Waiters) remove(account int64, caller *waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count--
	w.unlist(account, caller)
}

// unlist removes a caller that is not to be woken any more. The caller of unlist holds w.mu.
func (w *Waiters) unlist(account int64, caller *waiter) {
	delete(w.waiting[account], caller)
	if len(w.waiting[account]) == 0 {
		delete(w.waiting, account)
	}
}

// notify wakes the callers of an account whose submissions are complete.
func (w *Waiters) notify(ctx context.Context, account int64) (more bool) {
	applied, err := w.applied(ctx, account)
	if err != nil {
		w.log.Warn("query for completed submissions failed", "account", account, "error", err)
		return false // the query is repeated after pollInterval
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for caller := range w.waiting[account] {
		if caller.number <= applied {
			close(caller.done)
			w.unlist(account, caller)
		}
	}
	return false
}
