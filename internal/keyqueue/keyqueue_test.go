package keyqueue_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
)

// The tests run in synctest bubbles: work blocks until the test releases it, and a
// deadlock fails the test at once.

func TestOneCallAtATimeForEachAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy [3]atomic.Int32
		var calls atomic.Int32
		release := make(chan struct{})
		queues := keyqueue.New(func(_ context.Context, account int64) bool {
			if busy[account].Add(1) != 1 {
				t.Errorf("two concurrent calls for account %d", account)
			}
			<-release
			busy[account].Add(-1)
			calls.Add(1)
			return false
		})
		for range 100 {
			queues.Schedule(1)
			queues.Schedule(2)
		}
		synctest.Wait()
		close(release)
		queues.Stop(t.Context())
		if n := calls.Load(); n != 4 { // two for each account: the second for all calls of Schedule during the first
			t.Errorf("%d calls, want 4", n)
		}
	})
}

func TestAccountsRunInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, done := make(chan struct{}), make(chan int64, 2)
		queues := keyqueue.New(func(_ context.Context, account int64) bool {
			if account == 1 {
				<-release
			}
			done <- account
			return false
		})
		queues.Schedule(1)
		queues.Schedule(2)
		if first := <-done; first != 2 {
			t.Errorf("account %d finished first", first)
		}
		close(release)
		queues.Stop(t.Context())
	})
}

func TestScheduleDuringOrAfterACallIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started, finish := make(chan struct{}), make(chan struct{})
		queues := keyqueue.New(func(context.Context, int64) bool {
			started <- struct{}{}
			<-finish
			return false
		})
		for range 1000 {
			queues.Schedule(1) // while the goroutine of the previous iteration may be ending
			<-started
			queues.Schedule(1) // during the call
			finish <- struct{}{}
			<-started
			finish <- struct{}{}
		}
		queues.Stop(t.Context())
	})
}

func TestStopCancelsEndlessWorkWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queues := keyqueue.New(func(ctx context.Context, _ int64) bool {
			<-ctx.Done()
			return true
		})
		queues.Schedule(1)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begin := time.Now()
		queues.Stop(ctx)
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("stopped after %v", took)
		}
		queues.Schedule(1) // after Stop it does nothing and leaks no goroutine
	})
}

func TestWaitBlocksUntilTheAccountsHaveNoMoreWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		queues := keyqueue.New(func(ctx context.Context, account int64) bool {
			if account == 2 {
				<-ctx.Done()
				return false
			}
			time.Sleep(time.Second)
			return calls.Add(1) < 3
		})
		if err := queues.Wait(t.Context()); err != nil {
			t.Errorf("without work: %v", err)
		}
		queues.Schedule(1)
		if err := queues.Wait(t.Context()); err != nil || calls.Load() != 3 {
			t.Errorf("after %d calls: %v", calls.Load(), err)
		}
		queues.Schedule(2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := queues.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("work that doesn't end: %v", err)
		}
		queues.Stop(ctx)
	})
}

func TestRetryWaitsForItsDelayOrUntilTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		for _, want := range []time.Duration{time.Minute, 30 * time.Second, 0} {
			begin := time.Now()
			more := keyqueue.Retry(ctx, slog.New(slog.NewTextHandler(&log, nil)), time.Minute, "it failed", "account", 1)
			if took := time.Since(begin); !more || took != want {
				t.Errorf("%t after %v, want %v", more, took, want)
			}
		}
		if text := log.String(); strings.Count(text, `msg="it failed" account=1 retry_in=1m0s`) != 3 {
			t.Errorf("the log is %s", text)
		}
	})
}
