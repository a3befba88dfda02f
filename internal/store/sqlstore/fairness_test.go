package sqlstore_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// The tests run in synctest bubbles, in which only time.Sleep takes time.

// TestABatchEndsAfterItsTime applies submissions that each take the given time.
func TestABatchEndsAfterItsTime(t *testing.T) {
	for name, test := range map[string]struct {
		each    time.Duration
		batches []int
	}{
		"cheap submissions share a transaction":        {0, []int{100, 0}},
		"a batch ends once its time is over":           {10 * time.Millisecond, []int{6, 6, 6}},
		"an expensive submission is applied by itself": {time.Second, []int{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := openWithAccounts(t, 1)
				st.BatchTime = sqlstore.BatchTime
				queueModifications(t, st, 1, 100)
				for i, want := range test.batches {
					n, err := st.Apply(t.Context(), 1, time.Now(), store.MaxBatch, taking(test.each, ledger.Decide))
					if err != nil || n != want {
						t.Errorf("batch %d applied %d submissions (%v), want %d", i+1, n, err, want)
					}
				}
			})
		})
	}
}

// TestExpensiveAccountsDoNotHoldUpAnother keeps three accounts busy with submissions that take
// a second each, and measures the writes of another account.
func TestExpensiveAccountsDoNotHoldUpAnother(t *testing.T) {
	for name, decide := range map[string]store.Decide{
		"whose submissions change something": ledger.Decide,
		"whose submissions are refused": func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) {
			return ledger.Change{}, &rejection.Rejection{Code: rejection.CodeActionNotFound, Message: "no"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const heavy, light = 3, 4
				st := openWithAccounts(t, light)
				st.BatchTime = sqlstore.BatchTime
				slow := applier.NewWith(st, taking(time.Second, decide), time.Now, func(int64) {}, slog.New(slog.DiscardHandler))
				for account := range int64(heavy) {
					queueModifications(t, st, account+1, 30)
					slow.Notify(account + 1)
				}
				time.Sleep(heavy * time.Second) // until each has used its time once
				for range 10 {
					time.Sleep(100 * time.Millisecond)
					begin := time.Now()
					queueModifications(t, st, light, 1)
					accepted := time.Now()
					if n, err := st.Apply(t.Context(), light, time.Now(), store.MaxBatch, ledger.Decide); n != 1 || err != nil {
						t.Fatalf("%d submissions were applied: %v", n, err)
					}
					// Each of the two waits for the transaction that is running, but for no other.
					if accept, apply := accepted.Sub(begin), time.Since(accepted); accept > time.Second || apply > time.Second {
						t.Errorf("accepting took %v and applying %v", accept, apply)
					}
				}
				slow.Stop(t.Context())
			})
		})
	}
}

// TestQueuedSubmissionsYieldToCallers applies a long queue whose submissions take a
// millisecond each, while callers of another account commit.
func TestQueuedSubmissionsYieldToCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const heavy, light = 1, 2
		st := openWithAccounts(t, light)
		st.BatchTime = sqlstore.BatchTime
		for range 3 {
			queueModifications(t, st, heavy, 1_000)
		}
		slow := applier.NewWith(st, taking(time.Millisecond, ledger.Decide), time.Now, func(int64) {}, slog.New(slog.DiscardHandler))
		begin := time.Now()
		slow.Notify(heavy)
		for range 100 {
			time.Sleep(time.Millisecond)
			begin := time.Now()
			results, err := st.Commit(t.Context(), &storetest.Batches{Now: begin, All: []store.Batch{
				{Account: light, Submissions: []store.Submission{{Submission: ledger.Submission{Command: ledger.Undo{Submission: 99}}}}},
			}}, ledger.Decide)
			if err != nil || results[0].Applied != 1 {
				t.Fatalf("%+v, %v", results, err)
			}
			if took := time.Since(begin); took > sqlstore.BatchTime/4 {
				t.Errorf("a commit took %v", took)
			}
		}
		slow.Stop(t.Context())
		if took := time.Since(begin); took > 4*time.Second {
			t.Errorf("the queue took %v: it had no turns", took)
		}
	})
}

// TestAnExpensiveSubmissionEndsTheTurnOfItsAccount commits submissions that each take the
// given time, in two accounts.
func TestAnExpensiveSubmissionEndsTheTurnOfItsAccount(t *testing.T) {
	for name, test := range map[string]struct {
		each    time.Duration
		applied []int
	}{
		"cheap ones are all applied":                    {0, []int{20, 20}},
		"a commit ends once its time is over":           {3 * time.Millisecond, []int{17, 0}},
		"an expensive one ends the turn of its account": {10 * time.Millisecond, []int{1, 1}},
		"a very expensive one ends the commit":          {time.Second, []int{1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := openWithAccounts(t, 2)
				st.BatchTime = sqlstore.BatchTime
				source := &storetest.Batches{Now: time.Now()}
				for account := range int64(2) {
					source.All = append(source.All, store.Batch{Account: account + 1, Submissions: modifications(20)})
				}
				results, err := st.Commit(t.Context(), source, taking(test.each, ledger.Decide))
				if err != nil {
					t.Fatal(err)
				}
				for i, r := range results {
					if r.Applied != test.applied[i] || r.Queued != (r.Applied < 20) {
						t.Errorf("account %d: %d are applied, want %d; queued: %t", r.Account, r.Applied, test.applied[i], r.Queued)
					}
				}
			})
		})
	}
}

// taking returns a function that decides as decide does, but takes the given time.
func taking(d time.Duration, decide store.Decide) store.Decide {
	return func(l ledger.Lookup, s ledger.Submission, c ledger.ApplyContext) (ledger.Change, error) {
		time.Sleep(d)
		return decide(l, s, c)
	}
}

// openWithAccounts opens a store in which each account has one action.
func openWithAccounts(t *testing.T, accounts int) *sqlstore.Store {
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
	if _, _, err := bench.Prepare(t.Context(), st, time.Now(), bench.Fixture{Actions: accounts, Accounts: accounts}); err != nil {
		t.Fatal(err)
	}
	return st
}

// queueModifications queues modifications of the account's action.
func queueModifications(t *testing.T, st *sqlstore.Store, account int64, count int) {
	t.Helper()
	if _, err := st.Accept(t.Context(), account, time.Now(), modifications(count)); err != nil {
		t.Fatal(err)
	}
}

// modifications returns modifications of the account's action.
func modifications(count int) []store.Submission {
	one := int64(1)
	batch := make([]store.Submission, count)
	for i := range batch {
		batch[i].Command = ledger.Modification{
			Address: ledger.Address{Action: ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1}}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{SKU: "SKU-00001", QuantityDelta: &one}},
		}
	}
	return batch
}
