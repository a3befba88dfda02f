// Package accountloop does work of accounts whenever it is due: accounts in parallel, and only in the
// process that is the leader, so that processes that share a store don't do the same work.
package accountloop

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
)

// Config configures a [Loop] of accounts with states of type S.
type Config[S any] struct {
	// Accounts returns all accounts. It is called again after ListInterval.
	Accounts     func(ctx context.Context) ([]int64, error)
	ListInterval time.Duration
	Now          func() time.Time
	IsLeader     func() bool
	// IsDue reports whether an account with a state has work at an instant.
	IsDue func(state *S, now time.Time) bool
	// Work does the work of an account. It must change the state so that the work isn't due again.
	Work keyqueue.Work
}

// Loop does the work of accounts. Create it with [New]. It is safe for concurrent use.
type Loop[S any] struct {
	config Config[S]
	queues *keyqueue.Queues

	mu     sync.Mutex
	states map[int64]*S
	// listed is when the accounts were listed last.
	listed time.Time
}

// New returns a loop that is idle until [Loop.WakeAll] is called.
func New[S any](c Config[S]) *Loop[S] {
	return &Loop[S]{config: c, queues: keyqueue.New(c.Work), states: make(map[int64]*S)}
}

// Update calls f with the state of an account, which is zero at first. No other function of the loop
// reads or changes a state meanwhile.
func (l *Loop[S]) Update(account int64, f func(state *S)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.state(account))
}

// state returns the state of an account. The caller holds mu.
func (l *Loop[S]) state(account int64) *S {
	state := l.states[account]
	if state == nil {
		state = new(S)
		l.states[account] = state
	}
	return state
}

// Each calls f with the state of each account, like [Loop.Update].
func (l *Loop[S]) Each(f func(state *S)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, state := range l.states {
		f(state)
	}
}

// Forget removes the state of an account that no longer exists.
func (l *Loop[S]) Forget(account int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.states, account)
}

// WakeAll schedules the accounts whose work is due. Any other account costs a comparison.
func (l *Loop[S]) WakeAll(ctx context.Context) error { return l.wake(ctx, l.config.ListInterval) }

// Settle does the work that is due, also that of new accounts. It returns then, or when ctx is done.
func (l *Loop[S]) Settle(ctx context.Context) error {
	if err := l.wake(ctx, 0); err != nil {
		return err
	}
	return l.queues.Wait(ctx)
}

// Stop cancels the context of the work that is running and waits for it. The next start, or another
// process, does the rest.
func (l *Loop[S]) Stop() {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	l.queues.Stop(canceled)
}

func (l *Loop[S]) wake(ctx context.Context, listInterval time.Duration) error {
	if !l.config.IsLeader() {
		return nil
	}
	now := l.config.Now()
	if err := l.list(ctx, now, listInterval); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for account, state := range l.states {
		if l.config.IsDue(state, now) {
			l.queues.Schedule(account)
		}
	}
	return nil
}

// list looks for new accounts unless it did within an interval.
func (l *Loop[S]) list(ctx context.Context, now time.Time, interval time.Duration) error {
	l.mu.Lock()
	recent := !l.listed.IsZero() && now.Sub(l.listed) < interval
	l.mu.Unlock()
	if recent {
		return nil
	}
	accounts, err := l.config.Accounts(ctx)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, account := range accounts {
		l.state(account)
	}
	l.listed = now
	return nil
}
