package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
)

// lockedStore blocks each Commit, before it takes the batch, until it receives an
// error or nil from locked.
type lockedStore struct {
	store.Store
	waits  chan struct{}
	locked chan error
}

func newLockedStore(t *testing.T) *lockedStore {
	return &lockedStore{Store: open(t), waits: make(chan struct{}), locked: make(chan error)}
}

func (s *lockedStore) Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error) {
	s.waits <- struct{}{}
	if err := <-s.locked; err != nil {
		return nil, err
	}
	return s.Store.Commit(ctx, source, decide)
}

func TestSubmissionsThatArriveWhileTheStoreWaitsJoinTheCommit(t *testing.T) {
	st := newLockedStore(t)
	var notified atomic.Int32
	in := newIngest(st, func(int64) { notified.Add(1) })
	const callers = 10
	var group sync.WaitGroup
	call := func(i int) {
		group.Go(func() {
			if s, err := in.Accept(t.Context(), account, reversal(i)); err != nil || s.Payload != fmt.Sprint(i) {
				t.Errorf("caller %d got %q, %v", i, s.Payload, err)
			}
		})
	}
	call(0)
	<-st.waits
	for i := 1; i < callers; i++ {
		call(i)
	}
	for in.Waiting(account) < callers {
		runtime.Gosched()
	}
	st.locked <- nil
	group.Wait()
	in.Stop(t.Context())
	if notified.Load() != 1 {
		t.Errorf("%d commits, want 1", notified.Load())
	}
}

func TestAStoreThatFailsBeforeItTakesTheBatchFailsEveryCall(t *testing.T) {
	broken := errors.New("broken")
	st := newLockedStore(t)
	in := newIngest(st, func(int64) { t.Error("notified without a commit") })
	errs := make(chan error)
	for i := range 2 {
		go func() {
			_, err := in.Accept(t.Context(), account, reversal(i))
			errs <- err
		}()
	}
	<-st.waits
	for in.Waiting(account) < 2 {
		runtime.Gosched()
	}
	st.locked <- broken
	for range 2 {
		if err := <-errs; !errors.Is(err, broken) {
			t.Errorf("error is %v", err)
		}
	}
	in.Stop(t.Context())
}
