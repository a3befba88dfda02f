// Package await is where callers wait for their submissions to be complete. They
// do not look themselves: one look for each account, after each batch that was
// applied, calls all whose turn came.
package waiter

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
)

const (
	// MaxWaiting is how many may wait at once: each holds a connection.
	MaxWaiting = 1000
	// pollEvery is how often to look though nothing was heard of: another process
	// may have applied it, or a look may have failed.
	pollEvery = time.Second
)

// Look answers the number of an account's last submission that is complete.
type Look func(ctx context.Context, account int64) (int64, error)

// Waiters holds the callers that wait. Use [New].
type Waiters struct {
	look  Look
	log   *slog.Logger
	lanes *keyqueue.Queues

	mu      sync.Mutex
	waiting map[int64]map[*caller]struct{}
	count   int
	stopped chan struct{}
}

// caller waits for the submission with the number.
type caller struct {
	number int64
	called chan struct{}
}

// New answers an empty room.
func New(look Look, log *slog.Logger) *Waiters {
	r := &Waiters{look: look, log: log, waiting: make(map[int64]map[*caller]struct{}), stopped: make(chan struct{})}
	r.lanes = keyqueue.New(r.call)
	return r
}

// Wait returns when the submission with the number is complete, when so long has
// passed, when ctx ends or when the room is stopped. It answers false, at once, if
// [MaxWaiting] wait already or the room is stopped.
func (r *Waiters) Wait(ctx context.Context, account, number int64, atMost time.Duration) bool {
	c, entered := r.enter(account, number)
	if !entered {
		return false
	}
	defer r.leave(account, c)
	r.lanes.Schedule(account) // it may be complete already
	end, poll := time.NewTimer(atMost), time.NewTicker(pollEvery)
	defer end.Stop()
	defer poll.Stop()
	for {
		select {
		case <-poll.C:
			r.lanes.Schedule(account)
		case <-c.called:
			return true
		case <-end.C:
			return true
		case <-ctx.Done():
			return true
		case <-r.stopped:
			return true
		}
	}
}

// Applied says that submissions of the account were completed.
func (r *Waiters) Applied(account int64) {
	r.mu.Lock()
	somebody := len(r.waiting[account]) > 0
	r.mu.Unlock()
	if somebody {
		r.lanes.Schedule(account)
	}
}

// Stop lets everybody go, at once. Nobody waits from then on.
func (r *Waiters) Stop() {
	r.mu.Lock()
	if !r.isStopped() {
		close(r.stopped)
	}
	r.mu.Unlock()
	r.lanes.Stop(context.Background())
}

func (r *Waiters) isStopped() bool {
	select {
	case <-r.stopped:
		return true
	default:
		return false
	}
}

func (r *Waiters) enter(account, number int64) (*caller, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count >= MaxWaiting || r.isStopped() {
		return nil, false
	}
	r.count++
	if r.waiting[account] == nil {
		r.waiting[account] = make(map[*caller]struct{})
	}
	c := &caller{number: number, called: make(chan struct{})}
	r.waiting[account][c] = struct{}{}
	return c, true
}

func (r *Waiters) leave(account int64, c *caller) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count--
	r.forget(account, c)
}

func (r *Waiters) forget(account int64, c *caller) {
	delete(r.waiting[account], c)
	if len(r.waiting[account]) == 0 {
		delete(r.waiting, account)
	}
}

// call calls those of an account whose submissions are complete.
func (r *Waiters) call(ctx context.Context, account int64) (more bool) {
	applied, err := r.look(ctx, account)
	if err != nil {
		r.log.Warn("looking for complete submissions failed", "account", account, "error", err)
		return false // the poll looks again
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.waiting[account] {
		if c.number <= applied {
			close(c.called)
			r.forget(account, c)
		}
	}
	return false
}
