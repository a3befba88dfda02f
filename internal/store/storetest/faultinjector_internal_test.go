package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// countingQueue counts the calls that reach it.
type countingQueue struct {
	store.Queue
	calls int
}

func (c *countingQueue) Accept(_ context.Context, _ int64, _ time.Time, batch []store.Submission) ([]store.Accepted, error) {
	c.calls++
	return make([]store.Accepted, len(batch)), nil
}

func (c *countingQueue) Apply(context.Context, int64, time.Time, int, store.Decide) (int, error) {
	c.calls++
	return 1, nil
}

func TestFaultInjectorFailsBeforeOrAfterTheCall(t *testing.T) {
	disk := errors.New("no space left")
	inner := &countingQueue{}
	s := NewFaultInjector(store.Store{Queue: inner})
	s.Fail(CallAccept, Before, disk)
	s.Fail(CallAccept, After, disk)
	s.Fail(CallApply, After, disk)
	for i, want := range []struct {
		err   error
		calls int
	}{{disk, 0}, {disk, 1}, {nil, 2}} {
		got, err := s.Accept(t.Context(), 1, start, make([]store.Submission, 1))
		if !errors.Is(err, want.err) || inner.calls != want.calls || (err == nil) != (len(got) == 1) {
			t.Errorf("call %d: %d accepted, error %v, %d calls reached the store", i, len(got), err, inner.calls)
		}
	}
	if n, err := s.Apply(t.Context(), 1, start, 1, ledger.Decide); n != 0 || !errors.Is(err, disk) || inner.calls != 3 {
		t.Errorf("apply: %d completed, error %v, %d calls reached the store", n, err, inner.calls)
	}
	if n, err := s.Apply(t.Context(), 1, start, 1, ledger.Decide); n != 1 || err != nil {
		t.Errorf("apply: %d completed, error %v", n, err)
	}
}
