// Package applier applies queued submissions: those of an account one after another, as
// many as are queued in one commit, and accounts in parallel.
package applier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// An account whose application failed is retried with backoff between these delays.
const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = time.Second
)

// heldDelay is the time for which an account is left to the process that holds it. To
// find out about it for each submission would cost as much as applying. Submissions that
// are queued meanwhile are announced to that process at once.
const heldDelay = 100 * time.Millisecond

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
	// backoff holds the delay before the next attempt of accounts whose last one failed.
	backoff map[int64]time.Duration
	// unannounced holds the accounts with submissions of this process that were not
	// announced to other processes.
	unannounced map[int64]bool
	// held holds the accounts that another process is applying.
	held map[int64]bool
}

// New returns an applier that decides submissions by [ledger.Decide]. It does nothing
// until an account is scheduled. It calls applied after each commit that completed
// submissions.
func New(st Store, now func() time.Time, applied func(account int64), log *slog.Logger) *Applier {
	return NewWith(st, ledger.Decide, now, applied, log)
}

// NewWith is like [New], but the applier decides submissions by decide.
func NewWith(st Store, decide store.Decide, now func() time.Time, applied func(account int64), log *slog.Logger) *Applier {
	a := &Applier{
		store: st, decide: decide, now: now, applied: applied, log: log, backoff: make(map[int64]time.Duration),
		unannounced: make(map[int64]bool), held: make(map[int64]bool),
	}
	a.queues = keyqueue.New(a.apply)
	return a
}

// Notify schedules an account after this process queued submissions of it. If another
// process is applying the account, Notify announces them to that process.
func (a *Applier) Notify(account int64) {
	if a.addUnannounced(account) {
		_ = a.store.NotifyQueued(context.Background(), account)
	}
	a.queues.Schedule(account)
}

// addUnannounced adds an account with new submissions, unless another process is applying
// it; then it returns true.
func (a *Applier) addUnannounced(account int64) (held bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if held = a.held[account]; !held {
		a.unannounced[account] = true
	}
	return held
}

// Schedule schedules an account that may have queued submissions. Unlike
// [Applier.Notify], it announces nothing: the submissions are those of another process.
func (a *Applier) Schedule(account int64) { a.queues.Schedule(account) }

// ScheduleAll schedules every account that has queued submissions.
func (a *Applier) ScheduleAll(ctx context.Context) error {
	accounts, err := a.store.QueuedAccounts(ctx)
	for _, account := range accounts {
		a.Schedule(account)
	}
	return err
}

// Stop waits until the queues are empty or ctx ends. It finishes running batches and
// leaves the rest queued.
func (a *Applier) Stop(ctx context.Context) { a.queues.Stop(ctx) }

// apply applies one batch. After an error the submissions remain queued and are retried
// with backoff; the store parks a submission that fails again and again.
func (a *Applier) apply(ctx context.Context, account int64) (more bool) {
	unannounced := a.takeUnannounced(account)
	// A running batch is finished even when the program stops.
	n, err := a.store.Apply(context.WithoutCancel(ctx), account, a.now(), store.MaxBatch, a.decide)
	if n > 0 {
		a.applied(account)
	}
	switch {
	case errors.Is(err, store.ErrHeldElsewhere):
		if unannounced {
			_ = a.store.NotifyQueued(ctx, account) // if it is lost, the other process polls
		}
		a.waitHeld(ctx, account)
		return false
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
// there. Its submissions are applied by the attempt that follows, or announced to the
// process that holds the account. A process that gets an announcement must not announce
// it in turn, or two processes would do so for ever.
func (a *Applier) takeUnannounced(account int64) (unannounced bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	unannounced = a.unannounced[account]
	delete(a.unannounced, account)
	return unannounced
}

// waitHeld leaves an account to another process for heldDelay.
func (a *Applier) waitHeld(ctx context.Context, account int64) {
	a.setHeld(account, true)
	defer a.setHeld(account, false)
	select {
	case <-time.After(heldDelay):
	case <-ctx.Done():
	}
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
}

// nextBackoff doubles the account's backoff and returns it.
func (a *Applier) nextBackoff(account int64) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	delay := min(max(2*a.backoff[account], minBackoff), maxBackoff)
	a.backoff[account] = delay
	return delay
}

// Drain applies an account's queued submissions, for commands that run without an
// [Applier]. If another process holds the account, Drain notifies that process and leaves
// the submissions to it.
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
