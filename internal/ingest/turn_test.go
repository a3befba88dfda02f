package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
)

// turning is a store whose turn to write comes when it is let go, unless it fails.
type turning struct {
	store.Store
	waits chan struct{}
	turn  chan error
}

func (s *turning) AcceptInTurn(ctx context.Context, id int64, take func() (time.Time, []store.Submission)) ([]store.Accepted, error) {
	s.waits <- struct{}{}
	if err := <-s.turn; err != nil {
		return nil, err
	}
	return s.Store.(store.InTurn).AcceptInTurn(ctx, id, take)
}

func TestWhatComesBeforeTheTurnIsInTheSameCommit(t *testing.T) {
	st := &turning{Store: open(t), waits: make(chan struct{}), turn: make(chan error)}
	var woken atomic.Int32
	in := ingest.New(st, time.Now, func(int64) { woken.Add(1) })
	const callers = 10
	var group sync.WaitGroup
	call := func(i int) {
		group.Go(func() {
			if s, err := in.Accept(t.Context(), account, reversal(i)); err != nil || s.Payload != fmt.Sprint(i) {
				t.Errorf("caller %d was answered %q, %v", i, s.Payload, err)
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
	st.turn <- nil
	group.Wait()
	in.Stop(t.Context())
	if woken.Load() != 1 {
		t.Errorf("%d commits", woken.Load())
	}
}

func TestATurnThatNeverComesIsEveryCallersError(t *testing.T) {
	broken := errors.New("broken")
	st := &turning{Store: open(t), waits: make(chan struct{}), turn: make(chan error)}
	in := ingest.New(st, time.Now, func(int64) { t.Error("woken for nothing") })
	gone := make(chan error)
	for i := range 2 {
		go func() {
			_, err := in.Accept(t.Context(), account, reversal(i))
			gone <- err
		}()
	}
	<-st.waits
	for in.Waiting(account) < 2 {
		runtime.Gosched()
	}
	st.turn <- broken
	for range 2 {
		if err := <-gone; !errors.Is(err, broken) {
			t.Errorf("answered %v", err)
		}
	}
	in.Stop(t.Context())
}
