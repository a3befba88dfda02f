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
	"github.com/trueup-ledger/trueup/ledger"
)

var silent = slog.New(slog.DiscardHandler)

// TestIntakeAndApplierTogether has many callers modify one item at once: each
// adds one, and in the end each was counted once, in the order of the numbers.
func TestIntakeAndApplierTogether(t *testing.T) {
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
	targets, _, err := bench.Prepare(t.Context(), st, time.Now(), bench.Stock{Actions: 1, Accounts: 1})
	if err != nil {
		t.Fatal(err)
	}
	id, err := ledger.ParseActionID(targets[0].Action)
	if err != nil {
		t.Fatal(err)
	}
	before := quantity(t, st, id, targets[0].SKU)

	applier := applier.New(st, time.Now, func(int64) {}, silent)
	in := ingest.New(st, time.Now, applier.Wake)
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
					t.Errorf("number %d was given twice", s.Number)
				}
				numbers[s.Number] = true
				mu.Unlock()
			}
		})
	}
	group.Wait()
	in.Stop(t.Context())
	applier.Stop(t.Context())
	if got := quantity(t, st, id, targets[0].SKU); got != before+callers*each {
		t.Errorf("the quantity is %d, want %d", got, before+callers*each)
	}
	if len(numbers) != callers*each {
		t.Errorf("%d numbers were given", len(numbers))
	}
	offences, err := store.Verify(t.Context(), st, ledger.Decide)
	if err != nil || len(offences) > 0 {
		t.Errorf("check: %v %v", offences, err)
	}
}

// busy is a store whose accounts another process applies.
type busy struct {
	store.Store
	store.Notifier
	told, tried atomic.Int64
}

func (b *busy) Apply(context.Context, int64, time.Time, int, store.Decide) (int, error) {
	b.tried.Add(1)
	return 0, store.ErrHeldElsewhere
}

func (b *busy) NotifyQueued(context.Context, int64) error {
	b.told.Add(1)
	return nil
}

// TestWhoIsAtWorkIsToldOfWhatIsNew has two processes that hear of each other: if who
// hears told in turn, they would go on for ever.
func TestWhoIsAtWorkIsToldOfWhatIsNew(t *testing.T) {
	tests := map[string]struct {
		wake func(*applier.Applier)
		told int64
	}{
		"by who queued something":    {func(a *applier.Applier) { a.Wake(1) }, 1},
		"not by who was told":        {func(a *applier.Applier) { a.Look(1) }, 0},
		"by who was told and queued": {func(a *applier.Applier) { a.Look(1); a.Wake(1); a.Look(1) }, 1},
		"of each account on its own": {func(a *applier.Applier) { a.Wake(1); a.Look(1); a.Wake(2) }, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := new(busy)
			a := applier.New(st, time.Now, func(int64) { t.Error("something was applied") }, silent)
			test.wake(a)
			a.Stop(t.Context())
			if got := st.told.Load(); got != test.told {
				t.Errorf("told %d times, want %d", got, test.told)
			}
		})
	}
}

// TestWhatIsQueuedForAnotherIsToldAtOnce has a process leave an account to another for a
// while, in which it does not try.
func TestWhatIsQueuedForAnotherIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := new(busy)
		a := applier.New(st, time.Now, func(int64) { t.Error("something was applied") }, silent)
		a.Look(1)
		synctest.Wait() // until it has left the account
		begin := time.Now()
		a.Wake(1)
		synctest.Wait()
		if got := st.told.Load(); got != 1 || time.Since(begin) != 0 {
			t.Errorf("told %d times after %v", got, time.Since(begin))
		}
		if got := st.tried.Load(); got != 1 {
			t.Errorf("tried %d times meanwhile", got)
		}
		a.Stop(t.Context())
		if got := st.tried.Load(); got != 2 {
			t.Errorf("tried %d times in the end, want once more after the rest", got)
		}
	})
}

func quantity(t *testing.T, st store.Store, id ledger.ActionID, sku string) (n int64) {
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
