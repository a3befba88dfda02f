package keyqueue_test

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
)

// The tests run in synctest bubbles: a piece of work waits until the test lets it go
// on, and one that would wait for ever fails the test at once.

func TestOnePieceAtATimeForEachAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy [3]atomic.Int32
		var pieces atomic.Int32
		release := make(chan struct{})
		lanes := keyqueue.New(func(_ context.Context, account int64) bool {
			if busy[account].Add(1) != 1 {
				t.Errorf("two pieces of account %d at once", account)
			}
			<-release
			busy[account].Add(-1)
			pieces.Add(1)
			return false
		})
		for range 100 {
			lanes.Schedule(1)
			lanes.Schedule(2)
		}
		synctest.Wait()
		close(release)
		lanes.Stop(t.Context())
		if n := pieces.Load(); n != 4 { // one at once and one for all the kicks meanwhile
			t.Errorf("%d pieces, want 4", n)
		}
	})
}

func TestAccountsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, done := make(chan struct{}), make(chan int64, 2)
		lanes := keyqueue.New(func(_ context.Context, account int64) bool {
			if account == 1 {
				<-release
			}
			done <- account
			return false
		})
		lanes.Schedule(1)
		lanes.Schedule(2)
		if first := <-done; first != 2 {
			t.Errorf("account %d was done first", first)
		}
		close(release)
		lanes.Stop(t.Context())
	})
}

func TestAKickDuringOrAfterAPieceIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, finish := make(chan struct{}), make(chan struct{})
		lanes := keyqueue.New(func(context.Context, int64) bool {
			began <- struct{}{}
			<-finish
			return false
		})
		for range 1000 {
			lanes.Schedule(1) // while the lane of the round before may be ending
			<-began
			lanes.Schedule(1) // during the piece
			finish <- struct{}{}
			<-began
			finish <- struct{}{}
		}
		lanes.Stop(t.Context())
	})
}

func TestStopEndsWorkThatNeverEndsWhenItsTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lanes := keyqueue.New(func(ctx context.Context, _ int64) bool {
			<-ctx.Done()
			return true
		})
		lanes.Schedule(1)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begin := time.Now()
		lanes.Stop(ctx)
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("stopped after %v", took)
		}
		lanes.Schedule(1) // after Stop: does nothing, and leaks no goroutine
	})
}

func TestARetryRestsForItsPauseOrUntilItIsTold(t *testing.T) {
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
