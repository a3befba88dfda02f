// Package biller issues the invoices of accounts once their periods have ended, and gathers
// the entries of locked actions until then: accounts in parallel, in small steps.
package biller

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/trueup-ledger/trueup/internal/accountloop"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	// maxConcurrent is the number of steps at once. The accounts take turns, so that one with
	// many invoices holds up no other.
	maxConcurrent = 4
	// gatherInterval is the time after which the entries of an account are gathered again in
	// which submissions were applied, and idleInterval that of others: actions lock without a
	// submission, and balances read those that are not gathered.
	gatherInterval = 10 * time.Minute
	idleInterval   = 12 * time.Hour
	// listInterval is the time after which new accounts are looked for.
	listInterval = time.Minute
	// lateAfter is the time after the end of a period at which its invoices are late.
	lateAfter = time.Minute
)

// An account whose step failed is retried with backoff between these delays.
const (
	minBackoff = time.Second
	maxBackoff = time.Minute
)

// Store is the part of a [store.Store] that a [Biller] needs.
type Store interface {
	Accounts(ctx context.Context) ([]int64, error)
	Bill(ctx context.Context, account int64, now time.Time) (store.Billed, error)
}

// Biller issues invoices. Create it with [New]. It is safe for concurrent use.
type Biller struct {
	store    Store
	now      func() time.Time
	issued   func(account int64)
	log      *slog.Logger
	isLeader func() bool
	slots    chan struct{}
	loop     *accountloop.Loop[progress]

	// invoices and held are the numbers of invoices that were issued, and of those that were not
	// because of too many digits.
	invoices, held atomic.Int64
}

// progress is how far the invoices of an account are.
type progress struct {
	// due is the end of the open period, or zero if it is not known.
	due time.Time
	// changed reports whether submissions were applied since gathered, which is when the last
	// step began.
	changed  bool
	gathered time.Time
	// backoff is the last delay if the last step failed.
	backoff time.Duration
	// warned is when it was logged that invoices are late.
	warned time.Time
}

// New returns a biller that is idle until [Biller.WakeAll] is called. It calls issued after
// each commit that issued invoices. It works only while isLeader reports true, so that the
// processes that share a store don't compute the same invoices.
func New(st Store, now func() time.Time, issued func(account int64), log *slog.Logger, isLeader func() bool) *Biller {
	b := &Biller{store: st, now: now, issued: issued, log: log, isLeader: isLeader, slots: make(chan struct{}, maxConcurrent)}
	b.loop = accountloop.New(accountloop.Config[progress]{
		Accounts: st.Accounts, ListInterval: listInterval, Now: now, IsLeader: isLeader, IsDue: (*progress).isDue, Work: b.work,
	})
	return b
}

// isDue reports whether the period has ended, or the entries are to be gathered.
func (p *progress) isDue(now time.Time) bool {
	interval := idleInterval
	if p.changed {
		interval = gatherInterval
	}
	return !p.due.After(now) || now.Sub(p.gathered) >= interval
}

// Wake notes that submissions of an account were applied. The end of its period may wait
// for them, and their actions may have locked.
func (b *Biller) Wake(account int64) {
	b.loop.Update(account, func(p *progress) { p.changed = true })
}

// WakeAll schedules the accounts whose period has ended, and those whose entries are to be
// gathered.
func (b *Biller) WakeAll(ctx context.Context) error { return b.loop.WakeAll(ctx) }

// Settle issues all invoices that are due and returns then, or when ctx is done.
func (b *Biller) Settle(ctx context.Context) error { return b.loop.Settle(ctx) }

// Stop waits for the steps that are running. The next start, or another process, does the
// rest.
func (b *Biller) Stop() { b.loop.Stop() }

// work does the next step of an account. After an error it retries with backoff.
func (b *Biller) work(ctx context.Context, account int64) (more bool) {
	billed, now, err := b.step(ctx, account)
	switch {
	case ctx.Err() != nil || !b.isLeader():
		b.Wake(account)
		return false
	case errors.As(err, new(*clockguard.Error)): // WakeAll schedules the account again
		b.Wake(account)
		return false
	case errors.Is(err, ledger.ErrNotFound):
		b.loop.Forget(account)
		return false
	case err != nil:
		return keyqueue.Retry(ctx, b.log, b.nextBackoff(account), "issuing invoices failed", "account", account, "error", err)
	case !billed.Progress:
		b.finish(account, billed.End, now)
	}
	b.loop.Update(account, func(p *progress) { p.backoff = 0 })
	return billed.Progress
}

// step does a step once a slot is free. A step that is running is finished even if the program
// stops.
func (b *Biller) step(ctx context.Context, account int64) (billed store.Billed, now time.Time, err error) {
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return billed, now, nil
	}
	defer func() { <-b.slots }()
	if !b.isLeader() {
		return billed, now, nil
	}
	now = b.now()
	// Submissions that are applied from here on may need another step.
	b.loop.Update(account, func(p *progress) { p.changed, p.gathered = false, now })
	billed, err = b.store.Bill(context.WithoutCancel(ctx), account, now)
	b.invoices.Add(int64(len(billed.Invoices)))
	b.held.Add(int64(len(billed.Held)))
	if len(billed.Held) > 0 {
		b.log.Error("partners have no invoice: the sums of their entries have too many digits", "account", account, "partners", billed.Held, "period_end", billed.End)
	}
	if len(billed.Invoices) > 0 {
		b.log.Info("invoices issued", "account", account, "invoices", len(billed.Invoices), "period_end", billed.End, "behind", now.Sub(billed.End).Round(time.Second).String())
		b.issued(account)
	}
	return billed, now, err
}

// Status describes the invoices of a process.
type Status struct {
	// Issued is the number of invoices that it issued, and Held that of those that it didn't
	// issue because their sums have too many digits.
	Issued, Held int
	// Late is the number of accounts whose invoices are late, and Since the end of the oldest
	// period of these, or zero.
	Late  int
	Since time.Time
}

// Status returns the status. In a process that is not the leader, no invoices are late.
func (b *Biller) Status() Status {
	leads, now := b.isLeader(), b.now()
	st := Status{Issued: int(b.invoices.Load()), Held: int(b.held.Load())}
	b.loop.Each(func(p *progress) {
		if !leads || p.due.IsZero() || now.Sub(p.due) <= lateAfter {
			return
		}
		st.Late++
		if st.Since.IsZero() || p.due.Before(st.Since) {
			st.Since = p.due
		}
	})
	return st
}

// finish records that nothing more is to be done until the open period ends. If it has ended,
// it can't be closed yet, and WakeAll schedules the account again.
func (b *Biller) finish(account int64, due, now time.Time) {
	b.loop.Update(account, func(p *progress) {
		p.due = due
		if now.Sub(due) > lateAfter && (p.warned.IsZero() || now.Sub(p.warned) > lateAfter) {
			p.warned = now
			b.log.Warn("invoices are late: submissions that were accepted before the end of the period are queued",
				"account", account, "period_end", due, "behind", now.Sub(due).Round(time.Second).String())
		}
	})
}

// nextBackoff doubles the account's backoff and returns it.
func (b *Biller) nextBackoff(account int64) (backoff time.Duration) {
	b.loop.Update(account, func(p *progress) {
		p.backoff = min(max(2*p.backoff, minBackoff), maxBackoff)
		backoff = p.backoff
	})
	return backoff
}
