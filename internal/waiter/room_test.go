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

// applier is one whose number a test moves; it counts who looks.
type applier struct {
	number, looks atomic.Int64
	fail          atomic.Bool
}

func (a *applier) look(context.Context, int64) (int64, error) {
	a.looks.Add(1)
	if a.fail.Load() {
		return 0, errors.New("broken")
	}
	return a.number.Load(), nil
}

// until spins until something holds.
func until(holds func() bool) {
	for !holds() {
		runtime.Gosched()
	}
}

func TestWhoWaitsIsCalledWhenItsSubmissionIsCompleteAndNotBefore(t *testing.T) {
	t.Parallel()
	a := &applier{}
	r := waiter.New(a.look, silent)
	defer r.Stop()
	var first, second sync.WaitGroup
	wait := func(group *sync.WaitGroup, number int64) {
		group.Go(func() {
			if !r.Wait(t.Context(), account, number, long) {
				t.Error("there was no room")
			}
		})
	}
	for range 100 {
		wait(&first, 1)
		wait(&second, 2)
	}
	until(func() bool { return r.Waiting() == 200 })
	a.number.Store(1)
	r.Applied(account + 1) // another's batch
	r.Applied(account)
	first.Wait()
	if n := r.Waiting(); n != 100 {
		t.Errorf("%d wait on, want 100", n)
	}
	before := a.looks.Load()
	a.number.Store(2)
	r.Applied(account)
	second.Wait()
	if n := a.looks.Load() - before; n > 10 {
		t.Errorf("100 callers looked %d times", n)
	}
	if r.Waiting() != 0 {
		t.Error("somebody waits on")
	}
}

func TestWhatIsCompleteAlreadyIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	a := &applier{}
	a.number.Store(5)
	r := waiter.New(a.look, silent)
	defer r.Stop()
	if !r.Wait(t.Context(), account, 5, long) {
		t.Error("there was no room")
	}
}

func TestNobodyIsCalledByAnotherProcessAndYetHearsOfIt(t *testing.T) {
	t.Parallel()
	a := &applier{}
	a.fail.Store(true) // a look that fails is made again
	r := waiter.New(a.look, silent)
	defer r.Stop()
	done := make(chan bool)
	go func() { done <- r.Wait(t.Context(), account, 1, long) }()
	until(func() bool { return a.looks.Load() > 0 })
	a.fail.Store(false)
	a.number.Store(1)
	<-done
}

func TestWaitingEndsWithTheTimeTheContextAndTheRoom(t *testing.T) {
	t.Parallel()
	r := waiter.New(new(applier).look, silent)
	if !r.Wait(t.Context(), account, 1, 0) || !r.Wait(t.Context(), account, 1, time.Millisecond) {
		t.Error("there was no room")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if !r.Wait(ctx, account, 1, long) {
		t.Error("there was no room")
	}
	done := make(chan bool)
	go func() { done <- r.Wait(t.Context(), account, 1, long) }()
	until(func() bool { return r.Waiting() == 1 })
	r.Stop()
	r.Stop()
	<-done
	if r.Wait(t.Context(), account, 1, long) {
		t.Error("a room that is stopped let somebody in")
	}
}

func TestTheRoomIsBounded(t *testing.T) {
	t.Parallel()
	r := waiter.New(new(applier).look, silent)
	var group sync.WaitGroup
	for range waiter.MaxWaiting {
		group.Go(func() { r.Wait(t.Context(), account, 1, long) })
	}
	until(func() bool { return r.Waiting() == waiter.MaxWaiting })
	if r.Wait(t.Context(), account+1, 1, long) {
		t.Error("one too many was let in")
	}
	r.Stop()
	group.Wait()
}
