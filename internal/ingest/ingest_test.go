package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
)

// account is the account that bench.Prepare fills.
const account = 1

// blockingStore counts its commits. Each commit sends the size of its batch to started and
// blocks until it receives from proceed.
type blockingStore struct {
	store.Store
	commits atomic.Int32
	started chan int
	proceed chan struct{}
}

func newBlockingStore(t *testing.T) *blockingStore {
	return &blockingStore{Store: open(t), started: make(chan int), proceed: make(chan struct{})}
}

func (s *blockingStore) Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error) {
	return s.Store.Commit(ctx, blockingSource{source, s}, decide)
}

// blockingSource blocks after it took the submissions.
type blockingSource struct {
	store.BatchSource
	store *blockingStore
}

func (s blockingSource) Take(held []int64) (time.Time, []store.Batch) {
	now, batches := s.BatchSource.Take(held)
	size := 0
	for _, b := range batches {
		size += len(b.Submissions)
	}
	s.store.commits.Add(1)
	s.store.started <- size
	<-s.store.proceed
	return now, batches
}

// newIngest returns an Ingest that calls done with the account after each commit, whether or
// not it applied the submissions.
func newIngest(st ingest.Store, done func(int64)) *ingest.Ingest {
	return ingest.New(st, ingest.Config{
		Decide: ledger.Decide, Now: time.Now, Queued: done, Applied: done, Log: slog.New(slog.DiscardHandler),
	})
}

func open(t *testing.T) store.Store {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := bench.Prepare(t.Context(), st, time.Now(), bench.Fixture{Actions: 1, Accounts: 1}); err != nil {
		t.Fatal(err)
	}
	return st.Roles()
}

func reversal(i int) store.Submission {
	return store.Submission{Payload: fmt.Sprint(i), Submission: ledger.Submission{
		Command: ledger.Reversal{Address: ledger.Address{EventType: 1, Order: fmt.Sprint(i)}, Reason: "OTHER"},
	}}
}

func TestConcurrentSubmissionsShareACommit(t *testing.T) {
	st := newBlockingStore(t)
	var notified atomic.Int32
	in := newIngest(st, func(int64) { notified.Add(1) })
	const callers = 100
	var group sync.WaitGroup
	returned := make(chan store.Accepted, callers)
	call := func(i int) {
		group.Go(func() {
			s, err := in.Accept(t.Context(), account, reversal(i))
			if err != nil {
				t.Error(err)
			}
			if s.Payload != fmt.Sprint(i) {
				t.Errorf("caller %d got the submission of caller %s", i, s.Payload)
			}
			returned <- s
		})
	}
	call(0)
	if n := <-st.started; n != 1 { // the first commit does not wait for more submissions
		t.Errorf("the first commit has %d submissions", n)
	}
	for i := 1; i < callers; i++ {
		call(i)
	}
	for in.Waiting(account) < callers-1 { // until all others are queued
		runtime.Gosched()
	}
	if len(returned) != 0 {
		t.Error("a call returned before its commit")
	}
	st.proceed <- struct{}{}
	if n := <-st.started; n != callers-1 {
		t.Errorf("the second commit has %d submissions", n)
	}
	st.proceed <- struct{}{}
	group.Wait()
	if n := st.commits.Load(); n != 2 || notified.Load() != 2 {
		t.Errorf("%d commits, %d notifications, want 2 and 2", n, notified.Load())
	}
	in.Stop(t.Context())
}

func TestAFailedCommitFailsEveryCallAndStoresNothing(t *testing.T) {
	broken := errors.New("broken")
	st := storetest.NewFaultInjector(open(t))
	in := newIngest(st, func(int64) { t.Error("notified without a commit") })
	st.Fail(storetest.CallAccept, storetest.Before, broken)
	if _, err := in.Accept(t.Context(), account, reversal(1)); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	in.Stop(t.Context())
	if waiting, err := st.QueuedAccounts(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("queued in accounts %v, error %v", waiting, err)
	}
}

func TestACallReturnsWhenItsContextEnds(t *testing.T) {
	st := newBlockingStore(t)
	before, err := st.Applied(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	in := newIngest(st, func(int64) {})
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error, 1)
	go func() {
		_, err := in.Accept(ctx, account, reversal(1))
		errs <- err
	}()
	<-st.started
	cancel()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	st.proceed <- struct{}{}
	in.Stop(t.Context())
	if applied, err := st.Applied(t.Context(), account); err != nil || applied != before+1 {
		t.Errorf("the submission was lost: %d submissions are applied, error %v", applied-before, err)
	}
}

func TestWaitingBytesAndCommitsAreBounded(t *testing.T) {
	st := newBlockingStore(t)
	in := newIngest(st, func(int64) {})
	large := reversal(1)
	large.Payload = strings.Repeat("x", 1<<20)
	var group sync.WaitGroup
	accept := func() {
		group.Go(func() {
			if _, err := in.Accept(t.Context(), account, large); err != nil {
				t.Error(err)
			}
		})
	}
	accept()
	<-st.started // the first commit blocks, so that the others wait
	const waiting = 65
	for range waiting {
		accept()
	}
	for in.Waiting(account) < waiting {
		runtime.Gosched()
	}
	if _, err := in.Accept(t.Context(), account, large); !errors.Is(err, store.ErrBusy) {
		t.Errorf("above the limit the error is %v", err)
	}
	st.proceed <- struct{}{}
	for left := waiting; left > 0; {
		n := <-st.started
		if n > 8 {
			t.Errorf("a commit has %d MiB", n)
		}
		left -= n
		st.proceed <- struct{}{}
	}
	group.Wait()
	in.Stop(t.Context())
}
