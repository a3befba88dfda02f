package biller_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/biller"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

var start = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// monthEnd returns the end of the month that is n months after November 2026.
func monthEnd(n int) time.Time {
	return time.Date(2026, 12+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
}

// books is a store whose accounts issue one invoice each month.
type books struct {
	mu sync.Mutex
	// closed holds the number of closed periods of each account.
	closed map[int64]int
	// queued holds the accounts whose period can't be closed yet, and failures the errors of
	// the next calls.
	queued   map[int64]bool
	failures map[int64][]error
	held     []int64
	calls    map[int64]int
	ended    []time.Time
	running  atomic.Int64
	most     atomic.Int64
	pause    time.Duration
}

func (b *books) Accounts(context.Context) (all []int64, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for account := range b.closed {
		all = append(all, account)
	}
	return all, nil
}

func (b *books) Bill(_ context.Context, account int64, now time.Time) (billed store.Billed, err error) {
	running := b.running.Add(1)
	defer b.running.Add(-1)
	b.most.Store(max(b.most.Load(), running))
	time.Sleep(b.pause)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls[account]++
	n, found := b.closed[account]
	if !found {
		return billed, ledger.ErrNotFound
	}
	if failures := b.failures[account]; len(failures) > 0 {
		b.failures[account] = failures[1:]
		return billed, failures[0]
	}
	billed.End, billed.Held = monthEnd(n), b.held
	if b.queued[account] || now.Before(billed.End) {
		return billed, nil
	}
	b.closed[account]++
	b.ended = append(b.ended, billed.End)
	billed.Progress, billed.Invoices = true, []invoice.ID{{Partner: account, Number: int64(n) + 1}}
	return billed, nil
}

// harness is a biller with books and a clock that stands.
type harness struct {
	*testing.T
	*biller.Biller
	books    *books
	log      strings.Builder
	now      time.Time
	issued   []int64
	follower bool
}

// run calls f in a bubble with a biller of the accounts.
func run(t *testing.T, accounts int64, f func(h *harness)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &books{closed: make(map[int64]int), queued: make(map[int64]bool), failures: make(map[int64][]error), calls: make(map[int64]int), pause: time.Millisecond}
		for account := range accounts {
			b.closed[account+1] = 0
		}
		h := &harness{T: t, books: b, now: start}
		issued := func(account int64) {
			b.mu.Lock()
			defer b.mu.Unlock()
			h.issued = append(h.issued, account)
		}
		h.Biller = biller.New(b, func() time.Time { return h.now }, issued, slog.New(slog.NewTextHandler(&h.log, nil)), func() bool { return !h.follower })
		defer h.Stop()
		f(h)
	})
}

// poll wakes the biller as a server does, and waits until it pauses.
func (h *harness) poll() {
	h.Helper()
	if err := h.WakeAll(h.Context()); err != nil {
		h.Fatal(err)
	}
	sleep(100 * time.Millisecond)
}

// sleep advances the time of the bubble.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (h *harness) settle() {
	h.Helper()
	if err := h.Settle(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// want compares the number of calls of the store for account 1 since the last call of want.
func (h *harness) want(calls int, when string) {
	h.Helper()
	h.books.mu.Lock()
	defer h.books.mu.Unlock()
	if got := h.books.calls[1]; got != calls {
		h.Errorf("%s: %d calls, want %d", when, got, calls)
	}
	h.books.calls[1] = 0
}

func (h *harness) wantClosed(account int64, periods int, when string) {
	h.Helper()
	h.books.mu.Lock()
	defer h.books.mu.Unlock()
	if got := h.books.closed[account]; got != periods {
		h.Errorf("%s: %d periods of account %d are closed, want %d", when, got, account, periods)
	}
}

func TestInvoicesAreIssuedOnceThePeriodHasEnded(t *testing.T) {
	run(t, 2, func(h *harness) {
		h.poll()
		h.now = monthEnd(0).Add(-time.Microsecond)
		h.poll()
		h.wantClosed(1, 0, "before the end")
		h.now = monthEnd(0)
		h.poll()
		h.wantClosed(1, 1, "at the end")
		h.wantClosed(2, 1, "at the end")
		slices.Sort(h.issued)
		if !slices.Equal(h.issued, []int64{1, 2}) {
			t.Errorf("issued in %v", h.issued)
		}
		if log := h.log.String(); strings.Count(log, "invoices issued") != 2 || !strings.Contains(log, "period_end=2026-12-01T00:00:00.000Z behind=0s") {
			t.Errorf("the log is %s", log)
		}
	})
}

func TestSettleClosesEveryPeriodInOrder(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.settle()
		h.now = monthEnd(2)
		h.books.closed[2] = 0 // an account that is new
		h.settle()
		h.wantClosed(1, 3, "after two months more")
		h.wantClosed(2, 3, "after two months more")
		h.books.ended = nil
		h.now = monthEnd(4)
		h.settle()
		want := []time.Time{monthEnd(3), monthEnd(3), monthEnd(4), monthEnd(4)}
		slices.SortFunc(h.books.ended, time.Time.Compare)
		if !slices.Equal(h.books.ended, want) {
			t.Errorf("closed %v, want %v", h.books.ended, want)
		}
	})
}

func TestAnIdleAccountCostsTwoCallsADay(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.poll()
		h.want(1, "at the start")
		for range 100 {
			h.now = h.now.Add(time.Hour)
			h.poll()
		}
		h.want(8, "in 100 hours in the middle of a period")
	})
}

func TestEntriesAreGatheredAfterSubmissionsWereApplied(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.poll()
		h.want(1, "at the start")
		for range 60 {
			h.now = h.now.Add(time.Minute)
			h.Wake(1)
			h.poll()
		}
		h.want(6, "in an hour with submissions")
	})
}

func TestAPeriodIsClosedOnceItsSubmissionsAreApplied(t *testing.T) {
	run(t, 2, func(h *harness) {
		h.books.queued[1] = true
		h.now = monthEnd(0)
		h.poll()
		h.wantClosed(1, 0, "while submissions are queued")
		h.wantClosed(2, 1, "of the other account")
		for range 150 {
			h.now = h.now.Add(time.Second)
			h.poll()
		}
		if log := h.log.String(); strings.Count(log, "invoices are late") != 2 {
			t.Errorf("the log is %s", log)
		}
		if got, want := h.Status(), (biller.Status{Issued: 1, Late: 1, Since: monthEnd(0)}); got != want {
			t.Errorf("the status is %+v, want %+v", got, want)
		}
		h.books.queued[1] = false
		h.poll()
		h.wantClosed(1, 1, "afterwards")
		if got, want := h.Status(), (biller.Status{Issued: 2}); got != want {
			t.Errorf("the status is %+v afterwards, want %+v", got, want)
		}
	})
}

func TestAFailingAccountIsRetriedWithBackoff(t *testing.T) {
	run(t, 2, func(h *harness) {
		failure := errors.New("disk full")
		h.books.failures[1] = []error{failure, failure, failure}
		h.now = monthEnd(0)
		h.poll()
		h.wantClosed(2, 1, "of the other account")
		h.wantClosed(1, 0, "after the first failure")
		sleep(6 * time.Second)
		h.wantClosed(1, 0, "after the third failure")
		sleep(time.Second)
		h.wantClosed(1, 1, "after 7 seconds")
		if log := h.log.String(); strings.Count(log, "issuing invoices failed") != 3 || !strings.Contains(log, "account=1 error=\"disk full\" retry_in=4s") {
			t.Errorf("the log is %s", log)
		}
	})
}

func TestNothingIsIssuedWhileTheClockIsWrong(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.books.failures[1] = []error{&clockguard.Error{}}
		h.now = monthEnd(0)
		h.poll()
		h.want(1, "while the clock is wrong")
		h.wantClosed(1, 0, "while the clock is wrong")
		h.poll()
		h.wantClosed(1, 1, "once it is right")
		if log := h.log.String(); strings.Contains(log, "failed") {
			t.Errorf("the log is %s", log)
		}
	})
}

func TestEntriesAreGatheredOnceTheClockIsRight(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.poll()
		h.Wake(1)
		h.books.failures[1] = []error{&clockguard.Error{}}
		h.now = h.now.Add(11 * time.Minute)
		h.poll()
		h.want(2, "while the clock is wrong")
		h.now = h.now.Add(11 * time.Minute)
		h.poll()
		h.want(1, "once it is right")
	})
}

func TestPartnersWithoutAnInvoiceAreLogged(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.books.held, h.now = []int64{7}, monthEnd(0)
		h.poll()
		if log := h.log.String(); !strings.Contains(log, "partners have no invoice") || !strings.Contains(log, "partners=[7]") {
			t.Errorf("the log is %s", log)
		}
	})
}

func TestAFollowerIssuesNothing(t *testing.T) {
	run(t, 1, func(h *harness) {
		h.follower, h.now = true, monthEnd(0)
		h.poll()
		h.settle()
		h.want(0, "as a follower")
		h.follower = false
		h.poll()
		h.wantClosed(1, 1, "as the leader")
	})
}

func TestAccountsTakeTurns(t *testing.T) {
	run(t, 50, func(h *harness) {
		h.books.pause = time.Second
		h.now = monthEnd(0)
		if err := h.WakeAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		sleep(14 * time.Second)
		h.books.mu.Lock()
		for account, calls := range h.books.calls {
			if calls > 2 {
				t.Errorf("account %d had %d steps", account, calls)
			}
		}
		h.books.mu.Unlock()
		h.settle()
		if most := h.books.most.Load(); most != 4 {
			t.Errorf("%d steps at once, want 4", most)
		}
	})
}

func TestStopWaitsForTheRunningSteps(t *testing.T) {
	run(t, 10, func(h *harness) {
		h.books.pause = time.Second
		h.now = monthEnd(0)
		if err := h.WakeAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		sleep(time.Millisecond)
		h.Stop()
		if h.books.running.Load() != 0 || len(h.books.ended) != 4 {
			t.Errorf("%d steps are running, %d done", h.books.running.Load(), len(h.books.ended))
		}
	})
}

func TestAnUnknownAccountIsForgotten(t *testing.T) {
	run(t, 0, func(h *harness) {
		h.Wake(1) // of an announcement
		h.poll()
		h.poll()
		h.want(1, "of an unknown account")
	})
}
