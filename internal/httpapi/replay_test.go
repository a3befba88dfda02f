package httpapi_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// slowPreviews is a queue whose previews take a minute. It counts those that run.
type slowPreviews struct {
	store.Queue
	running *atomic.Int64
}

func (q slowPreviews) Preview(ctx context.Context, account int64, now time.Time, command ledger.Command, decide store.Decide) (store.Preview, error) {
	if account == demo.Account {
		q.running.Add(1)
		time.Sleep(time.Minute)
		q.running.Add(-1)
	}
	return q.Queue.Preview(ctx, account, now, command, decide)
}

// TestExpensivePreviewsOfAnAccountDoNotHoldUpAnother sends many dry runs of an account, and
// one of another account.
func TestExpensivePreviewsOfAnAccountDoNotHoldUpAnother(t *testing.T) {
	if _, err := seeded(); err != nil { // in real time
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		var running atomic.Int64
		s.store.Store.Queue = slowPreviews{s.store.Store.Queue, &running}
		other := s.as(t, store.TokenRequest{Account: demo.AccountJapan, Name: "other", Version: 14}, nil)
		const dryRun = "DryRun=true&ActionTrackerId=2240&OrderId=none&DispositionCode=REJECTED"
		var calls sync.WaitGroup
		for range 20 {
			calls.Go(func() { s.do(s.request(http.MethodDelete, "/Actions", form, dryRun)) })
		}
		synctest.Wait()
		if n := running.Load(); n < 1 || n > 4 {
			t.Errorf("%d of 20 previews run at once", n)
		}
		begin := time.Now()
		if w := other.do(other.request(http.MethodDelete, "/Actions", form, dryRun)); w.Code != http.StatusOK || time.Since(begin) > 0 {
			t.Errorf("status %d after %v: %s", w.Code, time.Since(begin), w.Body)
		}
		calls.Wait()
	})
}
