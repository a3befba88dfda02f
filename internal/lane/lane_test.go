package lane_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/lane"
)

// Work takes time in these tests, but by the clock of a synctest bubble, which
// moves at once when everybody waits: nobody sleeps.

func TestOnePieceAtATimeForEachAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy [3]atomic.Int32
		var pieces atomic.Int32
		lanes := lane.New(func(_ context.Context, account int64) bool {
			if busy[account].Add(1) != 1 {
				t.Errorf("two pieces of account %d at once", account)
			}
			time.Sleep(time.Millisecond)
			busy[account].Add(-1)
			pieces.Add(1)
			return false
		})
		for range 100 {
			lanes.Kick(1)
			lanes.Kick(2)
		}
		lanes.Stop(t.Context())
		if n := pieces.Load(); n != 4 { // one at once and one for all the kicks meanwhile
			t.Errorf("%d pieces, want 4", n)
		}
	})
}

func TestAccountsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, done := make(chan struct{}), make(chan int64, 2)
		lanes := lane.New(func(_ context.Context, account int64) bool {
			if account == 1 {
				<-release
			}
			done <- account
			return false
		})
		lanes.Kick(1)
		lanes.Kick(2)
		if first := <-done; first != 2 {
			t.Errorf("account %d was done first", first)
		}
		close(release)
		lanes.Stop(t.Context())
	})
}

func TestAKickDuringAPieceIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		waiting, done := 0, 0
		lanes := lane.New(func(context.Context, int64) bool {
			mu.Lock()
			taken := waiting
			waiting = 0
			mu.Unlock()
			time.Sleep(time.Microsecond) // something may come now
			mu.Lock()
			done += taken
			mu.Unlock()
			return false
		})
		for range 1000 {
			mu.Lock()
			waiting++
			mu.Unlock()
			lanes.Kick(1)
			time.Sleep(time.Nanosecond * 300)
		}
		lanes.Stop(t.Context())
		if done != 1000 {
			t.Errorf("%d of 1000 were done", done)
		}
	})
}

func TestStopEndsWorkThatNeverEndsWhenItsTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lanes := lane.New(func(context.Context, int64) bool {
			time.Sleep(time.Second)
			return true
		})
		lanes.Kick(1)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begin := time.Now()
		lanes.Stop(ctx)
		if took := time.Since(begin); took < 10*time.Second || took > 12*time.Second {
			t.Errorf("stopped after %v", took)
		}
		lanes.Kick(1) // after Stop: does nothing, and leaks no goroutine
	})
}
