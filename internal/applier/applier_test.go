package applier_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

var silent = slog.New(slog.DiscardHandler)

// Many callers increment the quantity of one item at the same time.
func TestConcurrentModificationsTakeEffectOnce(t *testing.T) {
	t.Parallel()
	const callers, each = 64, 20
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	targets, _, err := bench.Prepare(t.Context(), st, time.Now(), bench.Fixture{Actions: 1, Accounts: 1})
	if err != nil {
		t.Fatal(err)
	}
	id, err := ids.ParseActionID(targets[0].Action)
	if err != nil {
		t.Fatal(err)
	}
	before := quantity(t, st, id, targets[0].SKU)

	a := applier.New(st, time.Now, func(int64) {}, silent)
	in := ingest.New(st, ingest.Config{Decide: ledger.Decide, Now: time.Now, Queued: a.Notify, Applied: func(int64) {}, Log: silent})
	var mu sync.Mutex
	numbers := make(map[int64]bool)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range each {
				one := int64(1)
				s, err := in.Accept(t.Context(), 1, store.Submission{Submission: ledger.Submission{Command: ledger.Modification{
					Address: ledger.Address{Action: id}, Reason: ledger.ReasonOrderUpdate,
					Items: []ledger.ItemChange{{SKU: targets[0].SKU, QuantityDelta: &one}},
				}}})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if numbers[s.Number] {
					t.Errorf("two submissions have the number %d", s.Number)
				}
				numbers[s.Number] = true
				mu.Unlock()
			}
		})
	}
	group.Wait()
	in.Stop(t.Context())
	a.Stop(t.Context())
	if got := quantity(t, st, id, targets[0].SKU); got != before+callers*each {
		t.Errorf("the quantity is %d, want %d", got, before+callers*each)
	}
	if len(numbers) != callers*each {
		t.Errorf("%d numbers, want %d", len(numbers), callers*each)
	}
	violations, err := verify.Store(t.Context(), st, ledger.Decide)
	if err != nil || len(violations) > 0 {
		t.Errorf("verify: %v %v", violations, err)
	}
}

// heldStore is a store whose accounts are all held by another process.
type heldStore struct {
	applier.Store
	notified, attempts atomic.Int64
}

func (s *heldStore) Apply(context.Context, int64, time.Time, int, store.Decide) (int, error) {
	s.attempts.Add(1)
	return 0, store.ErrHeldElsewhere
}

func (s *heldStore) NotifyQueued(context.Context, int64) error {
	s.notified.Add(1)
	return nil
}

// TestTheHoldingProcessIsNotified checks that an announcement does not cause another one,
// or two processes would notify each other forever.
func TestTheHoldingProcessIsNotified(t *testing.T) {
	tests := map[string]struct {
		schedule func(*applier.Applier)
		want     int64
	}{
		"of its own submissions":       {func(a *applier.Applier) { a.Notify(1) }, 1},
		"not of announced submissions": {func(a *applier.Applier) { a.Schedule(1) }, 0},
		"once if both are queued":      {func(a *applier.Applier) { a.Schedule(1); a.Notify(1); a.Schedule(1) }, 1},
		"of each account":              {func(a *applier.Applier) { a.Notify(1); a.Schedule(1); a.Notify(2) }, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := new(heldStore)
			a := applier.New(st, time.Now, func(int64) { t.Error("a submission was applied") }, silent)
			test.schedule(a)
			a.Stop(t.Context())
			if got := st.notified.Load(); got != test.want {
				t.Errorf("%d notifications, want %d", got, test.want)
			}
		})
	}
}

// metStore is a store whose account another process holds during the first attempt, in which
// it finds no submissions.
type metStore struct {
	heldStore
}

func (s *metStore) Apply(context.Context, int64, time.Time, int, store.Decide) (int, error) {
	if s.attempts.Add(1) == 1 {
		return 0, store.ErrHeldElsewhere
	}
	return 0, nil
}

func TestAnAccountThatWasHeldIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := new(metStore)
		a := applier.New(st, time.Now, func(int64) {}, silent)
		begin := time.Now()
		a.Schedule(1)
		a.Stop(t.Context())
		if took := time.Since(begin); st.attempts.Load() != 2 || took > 100*time.Millisecond {
			t.Errorf("%d attempts in %v, want 2", st.attempts.Load(), took)
		}
	})
}

func TestNewSubmissionsOfAHeldAccountAreAnnouncedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := new(heldStore)
		a := applier.New(st, time.Now, func(int64) { t.Error("a submission was applied") }, silent)
		a.Schedule(1)
		synctest.Wait() // until the first attempt has found the account held
		begin := time.Now()
		a.Notify(1)
		synctest.Wait()
		if got := st.notified.Load(); got != 1 || time.Since(begin) != 0 {
			t.Errorf("%d notifications after %v, want one at once", got, time.Since(begin))
		}
		if got := st.attempts.Load(); got != 1 {
			t.Errorf("%d attempts before the delay ended, want 1", got)
		}
		a.Stop(t.Context())
		if got := st.attempts.Load(); got < 2 || got > 4 {
			t.Errorf("%d attempts in the end, want some more, but not without end", got)
		}
	})
}

func quantity(t *testing.T, st store.Snapshots, id ids.ActionID, sku string) (n int64) {
	t.Helper()
	err := st.Read(t.Context(), 1, func(r store.Reader) error {
		a, err := r.Action(id)
		for _, item := range a.Items {
			if item.SKU == sku {
				n = item.Quantity
				return nil
			}
		}
		return fmt.Errorf("no item %s: %w", sku, err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
