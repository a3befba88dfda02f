package adminapi

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestAFileWaitsForASlotForABoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &handler{imports: fair.NewPool(2)}
		begun, release := make(chan struct{}), make(chan struct{})
		go func() {
			_ = h.withSlot(t.Context(), 1, func() error {
				close(begun)
				<-release
				return nil
			})
		}()
		<-begun
		waiting := time.Now()
		err := h.withSlot(t.Context(), 1, func() error { return nil })
		if !errors.Is(err, store.ErrBusy) || time.Since(waiting) != slotWait {
			t.Errorf("got %v after %v, want the server to be busy after %v", err, time.Since(waiting), slotWait)
		}
		err = h.withSlot(t.Context(), 2, func() error {
			time.Sleep(time.Hour) // the wait is bounded, not the work
			return nil
		})
		if err != nil {
			t.Errorf("another account gets %v", err)
		}
		close(release)
		synctest.Wait()
		if err := h.withSlot(t.Context(), 1, func() error { return nil }); err != nil {
			t.Errorf("once a slot is free, the account gets %v", err)
		}
	})
}
