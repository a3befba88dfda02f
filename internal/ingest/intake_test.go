package ingest_test

import (
	"context"
	"errors"
	"fmt"
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

// account is the one that bench prepares.
const account = 1

// counting is a store that counts its commits of submissions and holds each
// until it is let go.
type counting struct {
	store.Store
	commits atomic.Int32
	began   chan int
	proceed chan struct{}
}

func (c *counting) Accept(ctx context.Context, id int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	c.commits.Add(1)
	c.began <- len(batch)
	<-c.proceed
	return c.Store.Accept(ctx, id, now, batch)
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
	if _, _, err := bench.Prepare(t.Context(), st, time.Now(), bench.Stock{Actions: 1, Accounts: 1}); err != nil {
		t.Fatal(err)
	}
	return st
}

func reversal(i int) store.Submission {
	return store.Submission{Payload: fmt.Sprint(i), Submission: ledger.Submission{
		Command: ledger.Reversal{Address: ledger.Address{EventType: 1, Order: fmt.Sprint(i)}, Reason: "OTHER"},
	}}
}

func TestWhatWaitsTogetherGoesIntoOneCommit(t *testing.T) {
	st := &counting{Store: open(t), began: make(chan int), proceed: make(chan struct{})}
	var woken atomic.Int32
	in := ingest.New(st, time.Now, func(int64) { woken.Add(1) })
	const callers = 100
	var group sync.WaitGroup
	answered := make(chan store.Accepted, callers)
	call := func(i int) {
		group.Go(func() {
			s, err := in.Accept(t.Context(), account, reversal(i))
			if err != nil {
				t.Error(err)
			}
			if s.Payload != fmt.Sprint(i) {
				t.Errorf("caller %d was answered the submission of caller %s", i, s.Payload)
			}
			answered <- s
		})
	}
	call(0)
	if n := <-st.began; n != 1 { // it does not wait for more to come
		t.Errorf("the first commit has %d submissions", n)
	}
	for i := 1; i < callers; i++ {
		call(i)
	}
	for in.Waiting(account) < callers-1 { // until all stand in the queue behind the first commit
		runtime.Gosched()
	}
	if len(answered) != 0 {
		t.Error("a caller was answered before the commit")
	}
	st.proceed <- struct{}{}
	if n := <-st.began; n != callers-1 {
		t.Errorf("the second commit has %d submissions", n)
	}
	st.proceed <- struct{}{}
	group.Wait()
	if n := st.commits.Load(); n != 2 || woken.Load() != 2 {
		t.Errorf("%d commits, woken %d times", n, woken.Load())
	}
	in.Stop(t.Context())
}

func TestAFailedCommitIsEveryCallersErrorAndKeepsNothing(t *testing.T) {
	broken := errors.New("broken")
	st := storetest.NewFaulty(open(t))
	in := ingest.New(st, time.Now, func(int64) { t.Error("woken for nothing") })
	st.Fail(storetest.CallAccept, storetest.Before, broken)
	if _, err := in.Accept(t.Context(), account, reversal(1)); !errors.Is(err, broken) {
		t.Errorf("answered %v", err)
	}
	in.Stop(t.Context())
	if waiting, err := st.Waiting(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("queued in %v, %v", waiting, err)
	}
}

func TestACallerWhoGivesUpIsNotWaitedFor(t *testing.T) {
	st := &counting{Store: open(t), began: make(chan int), proceed: make(chan struct{})}
	in := ingest.New(st, time.Now, func(int64) {})
	given, giveUp := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := in.Accept(given, account, reversal(1))
		gone <- err
	}()
	<-st.began
	giveUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("answered %v", err)
	}
	st.proceed <- struct{}{}
	in.Stop(t.Context())
	if waiting, err := st.Waiting(t.Context()); err != nil || len(waiting) != 1 {
		t.Errorf("the submission was lost: queued in %v, %v", waiting, err)
	}
}

func TestBytesThatWaitAreBoundedAndSoIsACommit(t *testing.T) {
	st := &counting{Store: open(t), began: make(chan int), proceed: make(chan struct{})}
	in := ingest.New(st, time.Now, func(int64) {})
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
	<-st.began // the first commit is held, so that the rest has to wait
	const waiting = 65
	for range waiting {
		accept()
	}
	for in.Waiting(account) < waiting {
		runtime.Gosched()
	}
	if _, err := in.Accept(t.Context(), account, large); !errors.Is(err, store.ErrBusy) {
		t.Errorf("the next caller was answered %v", err)
	}
	st.proceed <- struct{}{}
	for left := waiting; left > 0; {
		n := <-st.began
		if n > 8 {
			t.Errorf("a commit of %d MiB", n)
		}
		left -= n
		st.proceed <- struct{}{}
	}
	group.Wait()
	in.Stop(t.Context())
}
