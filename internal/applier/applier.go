// Package applier applies queued submissions: accounts in parallel, and the submissions of
// an account in order, in batches of one commit each.
package applier

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// An account whose application failed is retried with backoff between these delays.
const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = time.Second
)

// heldDelay is the longest time for which an account is left to the process that holds it,
// since an attempt for each new submission would cost as much as applying it. Submissions that
// are queued during the delay are announced to that process at once. The account is tried up
// to heldAttempts times in all: that process may have left it because it met an attempt of
// this one. The delay is random, so that the two don't meet again.
const (
	heldDelay    = 100 * time.Millisecond
	heldAttempts = 3
)

// Store is the part of a [store.Store] that an [Applier] needs.
type Store interface {
	Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error)
	QueuedAccounts(ctx context.Context) ([]int64, error)
	NotifyQueued(ctx context.Context, account int64) error
}

// Applier applies queued submissions. Create it with [New].
type Applier struct {
	store   Store
	decide  store.Decide
	now     func() time.Time
	applied func(account int64)
	log     *slog.Logger
	queues  *keyqueue.Queues

	mu sync.Mutex
	// backoff holds the last delay of the accounts whose last attempt failed.
	backoff map[int64]time.Duration
	// unannounced holds the accounts for which this process queued submissions that it has
	// neither tried to apply nor announced to other processes.
	unannounced map[int64]bool
	// held holds the accounts that are left to another process for heldDelay, and attempts
	// the number of attempts that found them held, one after another.
	held     map[int64]bool
	attempts map[int64]int
}

// New returns an applier that decides submissions with [ledger.Decide]. It calls applied
// after each commit that completed submissions. It does nothing until an account is
// scheduled.
func New(st Store, now func() time.Time, applied func(account int64), log *slog.Logger) *Applier {
	return NewWith(st, ledger.Decide, now, applied, log)
}

// NewWith is like [New], but the applier decides submissions with decide.
func NewWith(st Store, decide store.Decide, now func() time.Time, applied func(account int64), log *slog.Logger) *Applier {
	a := &Applier{
		store: st, decide: decide, now: now, applied: applied, log: log, backoff: make(map[int64]time.Duration),
		unannounced: make(map[int64]bool), held: make(map[int64]bool), attempts: make(map[int64]int),
	}
	a.queues = keyqueue.New(a.apply)
	return a
}

// Notify schedules an account for which this process queued submissions. If another
// process holds the account, Notify announces the submissions to that process.
func (a *Applier) Notify(account int64) {
	if held := a.addUnannounced(account); held {
		_ = a.store.NotifyQueued(context.Background(), account)
	}
	a.queues.Schedule(account)
}

// addUnannounced adds an account to the unannounced ones unless it is held, and reports
// whether it is held.
func (a *Applier) addUnannounced(account int64) (held bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if held = a.held[account]; !held {
		a.unannounced[account] = true
	}
	return held
}

// Schedule schedules an account that may have queued submissions of other processes. Unlike
// [Applier.Notify], it announces nothing.
func (a *Applier) Schedule(account int64) { a.queues.Schedule(account) }

// ScheduleAll schedules every account that has queued submissions.
func (a *Applier) ScheduleAll(ctx context.Context) error {
	accounts, err := a.store.QueuedAccounts(ctx)
	for _, account := range accounts {
		a.Schedule(account)
	}
	return err
}

// Settle applies all queued submissions and returns then, or when ctx is done.
func (a *Applier) Settle(ctx context.Context) error {
	if err := a.ScheduleAll(ctx); err != nil {
		return err
	}
	return a.queues.Wait(ctx)
}

// Stop waits until no account is scheduled. When ctx ends before that, Stop waits only for
// the running batches and leaves the rest queued.
func (a *Applier) Stop(ctx context.Context) { a.queues.Stop(ctx) }

// apply applies one batch. After an error the submissions remain queued and are retried
// with backoff; the store parks a submission that fails again and again.
func (a *Applier) apply(ctx context.Context, account int64) (more bool) {
	unannounced := a.takeUnannounced(account)
	// A running batch is finished even if the program stops.
	n, err := a.store.Apply(context.WithoutCancel(ctx), account, a.now(), store.MaxBatch, a.decide)
	if n > 0 {
		a.applied(account)
	}
	switch {
	case errors.As(err, new(*clockguard.Error)): // the server schedules the account again
		return false
	case errors.Is(err, store.ErrHeldElsewhere):
		if unannounced {
			_ = a.store.NotifyQueued(ctx, account) // if it is lost, the other process still polls
		}
		return a.waitHeld(ctx, account)
	case err == nil, errors.Is(err, ledger.ErrNotFound): // an announcement can name an unknown account
		a.resetBackoff(account)
		return n > 0 // more submissions than fit the batch may be queued
	}
	if unannounced {
		a.addUnannounced(account)
	}
	return keyqueue.Retry(ctx, a.log, a.nextBackoff(account), "applying failed", "account", account, "applied", n, "error", err)
}

// takeUnannounced removes an account from the unannounced ones and reports whether it was
// one of them. The caller applies its submissions or announces them to the process that
// holds the account. An announcement must not cause another one, or two processes would
// notify each other forever.
func (a *Applier) takeUnannounced(account int64) (unannounced bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	unannounced = a.unannounced[account]
	delete(a.unannounced, account)
	return unannounced
}

// waitHeld leaves an account to another process for a while, and reports whether it should be
// tried again.
func (a *Applier) waitHeld(ctx context.Context, account int64) (again bool) {
	a.setHeld(account, true)
	defer a.setHeld(account, false)
	select {
	case <-time.After(heldDelay/2 + rand.N(heldDelay/2)):
	case <-ctx.Done():
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.attempts[account]++; a.attempts[account] < heldAttempts {
		return true
	}
	delete(a.attempts, account)
	return false
}

func (a *Applier) setHeld(account int64, held bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if held {
		a.held[account] = true
	} else {
		delete(a.held, account)
	}
}

func (a *Applier) resetBackoff(account int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.backoff, account)
	delete(a.attempts, account)
}

// nextBackoff doubles the account's backoff and returns it.
func (a *Applier) nextBackoff(account int64) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	delay := min(max(2*a.backoff[account], minBackoff), maxBackoff)
	a.backoff[account] = delay
	return delay
}

// Drain applies an account's queued submissions without an [Applier]. If another process
// holds the account, Drain notifies that process and returns.
func Drain(ctx context.Context, st Store, account int64, now func() time.Time) error {
	for {
		n, err := st.Apply(ctx, account, now(), store.MaxBatch, ledger.Decide)
		if errors.Is(err, store.ErrHeldElsewhere) {
			return st.NotifyQueued(ctx, account)
		}
		if err != nil || n == 0 {
			return err
		}
	}
}
