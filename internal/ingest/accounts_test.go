package ingest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
)

// The tests run in synctest bubbles, in which only commits take time.

// slowStore is a store whose commits take a second. It stores nothing.
type slowStore struct {
	parallel, accounts int
	// delay is the time until a commit begins.
	delay time.Duration
	// held are the accounts that another process holds, until the channel is closed.
	held map[int64]chan struct{}

	mu sync.Mutex
	// commits holds the accounts and sizes of the batches of each commit.
	commits [][][2]int64
}

func (s *slowStore) CommitLimits() (commits, accounts int) { return s.parallel, s.accounts }

func (s *slowStore) Commit(_ context.Context, source store.BatchSource, _ store.Decide) (results []store.Committed, err error) {
	time.Sleep(s.delay)
	accounts, wait := source.Accounts()
	if wait && s.held[accounts[0]] != nil {
		<-s.held[accounts[0]]
	}
	accounts = slices.DeleteFunc(accounts, s.isHeld)
	_, batches := source.Take(accounts)
	if len(batches) == 0 {
		return nil, nil
	}
	time.Sleep(time.Second)
	var commit [][2]int64
	for _, b := range batches {
		commit = append(commit, [2]int64{b.Account, int64(len(b.Submissions))})
		results = append(results, store.Committed{Account: b.Account, Accepted: make([]store.Accepted, len(b.Submissions))})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits = append(s.commits, commit)
	return results, nil
}

func (s *slowStore) isHeld(account int64) bool {
	select {
	case <-s.held[account]:
		return false
	default:
		return s.held[account] != nil
	}
}

// sent are calls that were sent together.
type sent struct {
	group sync.WaitGroup
	mu    sync.Mutex
	// took holds the longest time that a call of each account took.
	took map[int64]time.Duration
}

// send sends calls of an account.
func (s *sent) send(t *testing.T, in *ingest.Ingest, account int64, count int) {
	begin := time.Now()
	for range count {
		s.group.Go(func() {
			if _, err := in.Accept(t.Context(), account, store.Submission{}); err != nil {
				t.Error(err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.took[account] = max(s.took[account], time.Since(begin))
		})
	}
}

func TestAccountsShareCommits(t *testing.T) {
	tests := map[string]struct {
		accounts int
		calls    [][2]int64 // accounts and their numbers of calls, while the first commit is running
		want     [][][2]int64
	}{
		"calls of all accounts share the next commit": {
			10, [][2]int64{{2, 1}, {3, 2}, {1, 1}}, [][][2]int64{{{2, 1}, {3, 2}, {1, 1}}},
		},
		"an account with many calls leaves room for the others": {
			10, [][2]int64{{2, 1_500}, {3, 1}, {4, 1}}, [][][2]int64{{{2, 333}, {3, 1}, {4, 1}}, {{2, 1_000}}, {{2, 167}}},
		},
		"a commit has so many accounts, and the others are next": {
			2, [][2]int64{{2, 1}, {3, 1}, {4, 1}}, [][][2]int64{{{2, 1}, {3, 1}}, {{4, 1}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := &slowStore{parallel: 1, accounts: test.accounts}
				in := newIngest(st, func(int64) {})
				calls := sent{took: make(map[int64]time.Duration)}
				calls.send(t, in, 1, 1)
				synctest.Wait()
				for _, c := range test.calls {
					calls.send(t, in, c[0], int(c[1]))
					synctest.Wait()
				}
				calls.group.Wait()
				in.Stop(t.Context())
				if got := st.commits[1:]; !slices.EqualFunc(got, test.want, slices.Equal) {
					t.Errorf("the commits are %v, want %v", got, test.want)
				}
			})
		})
	}
}

// TestAnAccountThatFillsCommitsLeavesTurnsToTheOthers keeps more payload waiting than a commit
// takes.
func TestAnAccountThatFillsCommitsLeavesTurnsToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &slowStore{parallel: 1, accounts: 10}
		in := newIngest(st, func(int64) {})
		ended := time.Now().Add(30 * time.Second)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				for time.Now().Before(ended) {
					if _, err := in.Accept(t.Context(), 1, store.Submission{Payload: strings.Repeat("x", 1<<20)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(5 * time.Second)
		calls := sent{took: make(map[int64]time.Duration)}
		calls.send(t, in, 2, 1)
		calls.group.Wait()
		if took := calls.took[2]; took > 4*time.Second {
			t.Errorf("a call of another account took %v", took)
		}
		group.Wait()
		in.Stop(t.Context())
	})
}

// TestACommitThatWaitsLeavesAnotherForTheRest lets calls arrive while the next commit is about
// to claim an account that is held for an hour, and while a second account was held for a
// moment.
func TestACommitThatWaitsLeavesAnotherForTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &slowStore{parallel: 3, accounts: 10, delay: time.Second, held: map[int64]chan struct{}{2: make(chan struct{}), 4: make(chan struct{})}}
		time.AfterFunc(time.Hour, func() { close(st.held[2]) })
		in := newIngest(st, func(int64) {})
		calls := sent{took: make(map[int64]time.Duration)}
		calls.send(t, in, 2, 1)
		time.Sleep(1500 * time.Millisecond)
		calls.send(t, in, 3, 1)
		calls.send(t, in, 4, 1)
		time.Sleep(5 * time.Second)
		close(st.held[4])
		calls.group.Wait()
		in.Stop(t.Context())
		if took := calls.took; took[3] > 5*time.Second || took[4] > 10*time.Second {
			t.Errorf("the calls took %v", took)
		}
	})
}

// TestAHeldAccountDoesNotHoldUpTheOthers lets another process hold an account for an hour.
func TestAHeldAccountDoesNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &slowStore{parallel: 2, accounts: 10, held: map[int64]chan struct{}{2: make(chan struct{})}}
		in := newIngest(st, func(int64) {})
		calls := sent{took: make(map[int64]time.Duration)}
		time.AfterFunc(time.Hour, func() { close(st.held[2]) })
		calls.send(t, in, 2, 3)
		calls.send(t, in, 3, 1)
		time.Sleep(10 * time.Second)
		for range 5 {
			calls.send(t, in, 2, 1)
			calls.send(t, in, 3, 2)
			calls.send(t, in, 4, 1)
			time.Sleep(10 * time.Second)
		}
		calls.group.Wait()
		in.Stop(t.Context())
		if took := calls.took; took[3] > 3*time.Second || took[4] > 3*time.Second || took[2] < time.Hour/2 {
			t.Errorf("the calls took %v", took)
		}
	})
}

// failingStore is a store that fails before it takes submissions.
type failingStore struct{ slowStore }

func (s *failingStore) Commit(_ context.Context, source store.BatchSource, _ store.Decide) ([]store.Committed, error) {
	if len(s.commits) == 0 { // in one try it claims accounts before
		source.Accounts()
	}
	s.commits = append(s.commits, nil)
	time.Sleep(time.Second)
	return nil, errBroken
}

var errBroken = errors.New("broken")

func TestAFailedCommitFailsTheCallsOfAllAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &failingStore{slowStore{parallel: 1, accounts: 10}}
		in := newIngest(st, func(int64) { t.Error("an account was announced") })
		for range 2 {
			var group sync.WaitGroup
			for account := range int64(3) {
				group.Go(func() {
					if _, err := in.Accept(t.Context(), account, store.Submission{}); !errors.Is(err, errBroken) {
						t.Errorf("the error in account %d is %v", account, err)
					}
				})
			}
			group.Wait()
		}
		in.Stop(t.Context())
	})
}

// TestACommitWaitsForTheCallersOfTheLastOne lets callers send their next calls some time after
// the last response.
func TestACommitWaitsForTheCallersOfTheLastOne(t *testing.T) {
	for name, test := range map[string]struct {
		pause time.Duration // between the callers
		size  int64         // of the second commit
	}{
		"callers that are soon there share the next commit": {10 * time.Microsecond, 30},
		"it doesn't wait for those that take long":          {time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := &slowStore{parallel: 1, accounts: 10}
				in := newIngest(st, func(int64) {})
				calls := sent{took: make(map[int64]time.Duration)}
				calls.send(t, in, 1, 1)
				synctest.Wait()
				calls.send(t, in, 1, 40)
				calls.group.Wait()
				for range 40 {
					calls.send(t, in, 1, 1)
					time.Sleep(test.pause)
				}
				calls.group.Wait()
				in.Stop(t.Context())
				if got := st.commits[2][0][1]; got != test.size {
					t.Errorf("the commit after that of 40 has %d calls, want %d", got, test.size)
				}
			})
		})
	}
}
