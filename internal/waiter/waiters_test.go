package waiter_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/waiter"
)

const (
	account = 7
	long    = time.Hour
)

var silent = slog.New(slog.DiscardHandler)

// applier is a fake that counts queries. The test sets the last completed number.
type applier struct {
	number, queries atomic.Int64
	fail            atomic.Bool
}

func (a *applier) applied(context.Context, int64) (int64, error) {
	a.queries.Add(1)
	if a.fail.Load() {
		return 0, errors.New("broken")
	}
	return a.number.Load(), nil
}

// waitFor spins until condition returns true.
func waitFor(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

func TestWaitReturnsOnceTheSubmissionIsComplete(t *testing.T) {
	t.Parallel()
	a := &applier{}
	w := waiter.New(a.applied, silent)
	defer w.Stop()
	var first, second sync.WaitGroup
	wait := func(group *sync.WaitGroup, number int64) {
		group.Go(func() {
			if !w.Wait(t.Context(), account, number, long) {
				t.Error("Wait returned false")
			}
		})
	}
	for range 100 {
		wait(&first, 1)
		wait(&second, 2)
	}
	waitFor(func() bool { return w.Waiting() == 200 })
	a.number.Store(1)
	w.Notify(account + 1) // a batch of another account
	w.Notify(account)
	first.Wait()
	if n := w.Waiting(); n != 100 {
		t.Errorf("%d callers still wait, want 100", n)
	}
	before := a.queries.Load()
	a.number.Store(2)
	w.Notify(account)
	second.Wait()
	if n := a.queries.Load() - before; n > 10 {
		t.Errorf("100 callers caused %d queries", n)
	}
	if w.Waiting() != 0 {
		t.Error("a caller still waits")
	}
}

func TestWaitReturnsAtOnceIfTheSubmissionIsComplete(t *testing.T) {
	t.Parallel()
	a := &applier{}
	a.number.Store(5)
	w := waiter.New(a.applied, silent)
	defer w.Stop()
	if !w.Wait(t.Context(), account, 5, long) {
		t.Error("Wait returned false")
	}
}

func TestWaitPollsForSubmissionsThatAnotherProcessApplied(t *testing.T) {
	t.Parallel()
	a := &applier{}
	a.fail.Store(true) // a failed query is repeated
	w := waiter.New(a.applied, silent)
	defer w.Stop()
	done := make(chan bool)
	go func() { done <- w.Wait(t.Context(), account, 1, long) }()
	waitFor(func() bool { return a.queries.Load() > 0 })
	a.fail.Store(false)
	a.number.Store(1)
	<-done
}

func TestWaitEndsWithTheTimeoutTheContextOrStop(t *testing.T) {
	t.Parallel()
	w := waiter.New(new(applier).applied, silent)
	if !w.Wait(t.Context(), account, 1, 0) || !w.Wait(t.Context(), account, 1, time.Millisecond) {
		t.Error("Wait returned false")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if !w.Wait(ctx, account, 1, long) {
		t.Error("Wait returned false")
	}
	done := make(chan bool)
	go func() { done <- w.Wait(t.Context(), account, 1, long) }()
	waitFor(func() bool { return w.Waiting() == 1 })
	w.Stop()
	w.Stop()
	<-done
	if w.Wait(t.Context(), account, 1, long) {
		t.Error("Wait returned true after Stop")
	}
}

func TestTheNumberOfWaitingCallersIsBounded(t *testing.T) {
	t.Parallel()
	w := waiter.New(new(applier).applied, silent)
	var group sync.WaitGroup
	for range waiter.MaxWaiting {
		group.Go(func() { w.Wait(t.Context(), account, 1, long) })
	}
	waitFor(func() bool { return w.Waiting() == waiter.MaxWaiting })
	if w.Wait(t.Context(), account+1, 1, long) {
		t.Error("Wait returned true above the limit")
	}
	w.Stop()
	group.Wait()
}
