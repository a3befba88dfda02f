// Package apply has submissions take effect: one account's one after another,
// as many as are waiting in one commit.
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

// Pauses between tries while the store fails. The last is how much longer than the store
// an account may be away.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = time.Second
)

// atWorkPause is the rest of an account that another process is at work on: whatever is
// queued meanwhile is told of at once, and looked at here only after it.
const atWorkPause = 100 * time.Millisecond

// Applier applies what is queued. Use [New].
type Applier struct {
	store   store.Store
	decide  store.Decide
	now     func() time.Time
	applied func(account int64)
	log     *slog.Logger
	lanes   *keyqueue.Queues

	mu sync.Mutex
	// pause is how long an account whose last try failed rests before the next.
	pause map[int64]time.Duration
	// unheard are accounts with submissions of which no other process heard, left those
	// that another one is at work on.
	unheard, left map[int64]bool
}

// New answers an applier for the store's queues; it sleeps until it is woken. The
// function applied is called after each commit that completed submissions.
func New(st store.Store, now func() time.Time, applied func(account int64), log *slog.Logger) *Applier {
	return NewWith(st, ledger.Decide, now, applied, log)
}

// NewWith answers an applier that has decide in place of [ledger.Decide].
func NewWith(st store.Store, decide store.Decide, now func() time.Time, applied func(account int64), log *slog.Logger) *Applier {
	a := &Applier{
		store: st, decide: decide, now: now, applied: applied, log: log, pause: make(map[int64]time.Duration),
		unheard: make(map[int64]bool), left: make(map[int64]bool),
	}
	a.lanes = keyqueue.New(a.apply)
	return a
}

// Wake says that this process queued submissions of the account. If another one is at
// work on it, that one is told.
func (a *Applier) Wake(account int64) {
	if a.mark(account) {
		_ = tell(context.Background(), a.store, account)
	}
	a.lanes.Schedule(account)
}

// mark marks an account with something new, and answers whether another process is at
// work on it.
func (a *Applier) mark(account int64) (left bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if left = a.left[account]; !left {
		a.unheard[account] = true
	}
	return left
}

// Look says that the account may have submissions queued. If another process is at
// work on it, that one knows as much.
func (a *Applier) Look(account int64) { a.lanes.Schedule(account) }

// LookAll looks at every account that has submissions queued: what an earlier
// process accepted is applied by this one.
func (a *Applier) LookAll(ctx context.Context) error {
	accounts, err := a.store.Waiting(ctx)
	for _, account := range accounts {
		a.Look(account)
	}
	return err
}

// Stop lets the queues run empty until ctx ends, finishes what is under way, and
// leaves the rest queued.
func (a *Applier) Stop(ctx context.Context) { a.lanes.Stop(ctx) }

// apply takes a batch. A failure leaves the rest queued as it was and is tried
// again after a rest; the store sees to it that no submission fails for ever.
func (a *Applier) apply(ctx context.Context, account int64) (more bool) {
	// A batch under way is finished even when the program is told to stop.
	unheard := a.takeUnheard(account)
	n, err := a.store.Apply(context.WithoutCancel(ctx), account, a.now(), store.MaxBatch, a.decide)
	if n > 0 {
		a.applied(account)
	}
	switch {
	case errors.Is(err, store.ErrHeldElsewhere):
		if unheard {
			_ = tell(ctx, a.store, account) // whoever looks around finds it later
		}
		a.leave(ctx, account)
		return false
	case err == nil, errors.Is(err, ledger.ErrNotFound): // somebody was told of an account that is not there
		a.forget(account)
		return n > 0 // a batch may be smaller than what is queued
	}
	if unheard {
		a.mark(account)
	}
	pause := a.longer(account)
	return keyqueue.Retry(ctx, a.log, pause, "applying failed", "account", account, "applied", n, "error", err)
}

// leave leaves an account to the process that is at work on it for a while: to find that
// out each time anew would cost as much as the work.
func (a *Applier) leave(ctx context.Context, account int64) {
	a.setLeft(account, true)
	defer a.setLeft(account, false)
	select {
	case <-time.After(atWorkPause):
	case <-ctx.Done():
	}
}

func (a *Applier) setLeft(account int64, left bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if left {
		a.left[account] = true
	} else {
		delete(a.left, account)
	}
}

// takeUnheard answers whether no other process heard of the account's submissions. What
// was queued before is seen by the try that follows, or is told to who is at work; whoever
// is told does not tell in turn, or two processes would do so to each other for ever.
func (a *Applier) takeUnheard(account int64) (unheard bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	unheard = a.unheard[account]
	delete(a.unheard, account)
	return unheard
}

// Drain applies what an account has queued, for commands that do so themselves. What
// another process is at work on is left to it.
func Drain(ctx context.Context, st store.Store, account int64, now func() time.Time) error {
	for {
		n, err := st.Apply(ctx, account, now(), store.MaxBatch, ledger.Decide)
		if errors.Is(err, store.ErrHeldElsewhere) {
			return tell(ctx, st, account)
		}
		if err != nil || n == 0 {
			return err
		}
	}
}

// tell tells other processes of what this one left to them.
func tell(ctx context.Context, st store.Store, account int64) error {
	if others, is := st.(store.Notifier); is {
		return others.NotifyQueued(ctx, account)
	}
	return nil
}

// forget has the account's next failure begin with the shortest pause again.
func (a *Applier) forget(account int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.pause, account)
}

// longer makes the account's pause longer and answers it.
func (a *Applier) longer(account int64) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	pause := min(max(2*a.pause[account], firstPause), lastPause)
	a.pause[account] = pause
	return pause
}
