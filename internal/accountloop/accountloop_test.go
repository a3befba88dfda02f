package accountloop_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/accountloop"
)

// fixture is a loop whose accounts have work once an hour.
type fixture struct {
	*accountloop.Loop[time.Time] // a state is when the account is due
	now                          time.Time
	follows                      bool
	accounts                     []int64
	failure                      error

	mu    sync.Mutex
	lists int
	done  map[int64]int
}

func newFixture(accounts ...int64) *fixture {
	f := &fixture{now: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), accounts: accounts, done: make(map[int64]int)}
	f.Loop = accountloop.New(accountloop.Config[time.Time]{
		Accounts: func(context.Context) ([]int64, error) {
			f.lists++
			return f.accounts, f.failure
		},
		ListInterval: 10 * time.Minute,
		Now:          func() time.Time { return f.now },
		IsLeader:     func() bool { return !f.follows },
		IsDue:        func(due *time.Time, now time.Time) bool { return !due.After(now) },
		Work: func(_ context.Context, account int64) bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.done[account]++
			f.Update(account, func(due *time.Time) { *due = f.now.Add(time.Hour) })
			return false
		},
	})
	return f
}

// wake wakes the loop and waits for its work.
func (f *fixture) wake(t *testing.T) {
	t.Helper()
	if err := f.WakeAll(t.Context()); err != nil {
		t.Error(err)
	}
	synctest.Wait()
}

func (f *fixture) want(t *testing.T, when string, done map[int64]int) {
	t.Helper()
	if !maps.Equal(f.done, done) {
		t.Errorf("%s: the accounts did %v, want %v", when, f.done, done)
	}
}

func TestWorkIsDoneWhenItIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(1, 2)
		defer f.Stop()
		f.wake(t)
		f.want(t, "at first", map[int64]int{1: 1, 2: 1})
		f.now = f.now.Add(time.Hour - 1)
		f.wake(t)
		f.want(t, "before an hour", map[int64]int{1: 1, 2: 1})
		f.now = f.now.Add(1)
		f.wake(t)
		f.want(t, "after an hour", map[int64]int{1: 2, 2: 2})
	})
}

func TestNewAccountsAreFoundOnceInAnIntervalOrWhenSettling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(1)
		defer f.Stop()
		f.wake(t)
		f.accounts = []int64{1, 2}
		f.now = f.now.Add(10*time.Minute - 1)
		f.wake(t)
		f.want(t, "within the interval", map[int64]int{1: 1})
		f.now = f.now.Add(1)
		f.wake(t)
		f.want(t, "after it", map[int64]int{1: 1, 2: 1})
		f.accounts = []int64{1, 2, 3}
		if err := f.Settle(t.Context()); err != nil {
			t.Error(err)
		}
		f.want(t, "when it settled", map[int64]int{1: 1, 2: 1, 3: 1})
		if f.lists != 3 {
			t.Errorf("the accounts were listed %d times, want 3", f.lists)
		}
	})
}

func TestOnlyTheLeaderWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(1)
		defer f.Stop()
		f.follows = true
		f.wake(t)
		if err := f.Settle(t.Context()); err != nil || f.lists != 0 {
			t.Errorf("a follower listed the accounts %d times (%v)", f.lists, err)
		}
		f.want(t, "as a follower", map[int64]int{})
		f.follows = false
		f.wake(t)
		f.want(t, "as the leader", map[int64]int{1: 1})
	})
}

func TestAListThatFailsIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(1)
		defer f.Stop()
		f.failure = errors.New("unavailable")
		if err := f.WakeAll(t.Context()); !errors.Is(err, f.failure) {
			t.Errorf("got %v", err)
		}
		if err := f.Settle(t.Context()); !errors.Is(err, f.failure) {
			t.Errorf("got %v", err)
		}
		f.failure = nil
		f.wake(t)
		f.want(t, "after the failure", map[int64]int{1: 1})
	})
}

func TestAForgottenAccountHasNoState(t *testing.T) {
	f := newFixture()
	defer f.Stop()
	f.Update(1, func(due *time.Time) { *due = f.now })
	f.Update(2, func(due *time.Time) { *due = f.now.Add(time.Hour) })
	f.Forget(1)
	var states []time.Time
	f.Each(func(due *time.Time) { states = append(states, *due) })
	if !slices.Equal(states, []time.Time{f.now.Add(time.Hour)}) {
		t.Errorf("the states are %v", states)
	}
}
