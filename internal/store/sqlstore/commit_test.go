package sqlstore_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestACommitThatCannotApplyAccepts lets a lookup of the rules fail, in the second of three
// submissions of an account.
func TestACommitThatCannotApplyAccepts(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			st := d.openNew(t)
			fill(t, st, 1)
			createAccountWith(t, st, otherAccount)
			rename := func(from, to string) {
				t.Helper()
				err := st.DB().Write(t.Context(), func(s *sqldb.Session) error { return s.Exec("ALTER TABLE " + from + " RENAME TO " + to) })
				if err != nil {
					t.Fatal(err)
				}
			}
			byClick := conversion("by click", now)
			byClick.Command = ledger.Conversion{Campaign: 1000, EventType: 2240, EventDate: now, Order: "by click", Click: "none"}
			rename("clicks", "lost")
			results, err := st.Commit(t.Context(), &storetest.Batches{Now: now, All: []store.Batch{
				{Account: account, Submissions: []store.Submission{modification(1, 1), byClick, modification(1, 2)}},
				{Account: otherAccount, Submissions: []store.Submission{conversion("other", now)}},
			}}, ledger.Decide)
			if err != nil {
				t.Fatal(err)
			}
			if r := results[1]; r.Applied != 1 || r.Queued || r.Failure != nil {
				t.Errorf("the result of the other account is %+v", r)
			}
			if r := results[0]; r.Applied != 0 || !r.Queued || r.Failure == nil || len(r.Accepted) != 3 || r.Accepted[2].Number != 4 {
				t.Errorf("the result is %+v", r)
			}
			rename("lost", "clicks")
			if n, err := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide); n != 3 || err != nil {
				t.Errorf("%d submissions were applied: %v", n, err)
			}
			wantSound(t, st)
		})
	}
}

// TestACommitLeavesOutAccountsThatAreHeld commits in two processes at once.
func TestACommitLeavesOutAccountsThatAreHeld(t *testing.T) {
	url := pgtest.Schema(t)
	here, there := openPostgres(t, url), openPostgres(t, url)
	fill(t, here, 1)
	createAccountWith(t, here, otherAccount)
	batch := func(account int64) store.Batch {
		return store.Batch{Account: account, Submissions: []store.Submission{conversion("new", now)}}
	}
	commit := func(st *sqlstore.Store, decide store.Decide, batches ...store.Batch) []store.Committed {
		t.Helper()
		results, err := st.Commit(t.Context(), &storetest.Batches{Now: now, All: batches}, decide)
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	meanwhile := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		results := commit(there, ledger.Decide, batch(account), batch(otherAccount))
		if len(results) != 1 || results[0].Account != otherAccount || results[0].Applied != 1 {
			t.Errorf("meanwhile the other process committed %+v", results)
		}
		return ledger.Decide(l, s, actx)
	}
	commit(here, meanwhile, batch(account))

	// An account whose applier is held accepts, and applies nothing.
	if _, err := here.Accept(t.Context(), account, now, []store.Submission{modification(1, 1)}); err != nil {
		t.Fatal(err)
	}
	meanwhile = func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		results := commit(there, ledger.Decide, batch(account))
		if len(results) != 1 || results[0].Applied != 0 || !results[0].Queued || results[0].Failure != nil {
			t.Errorf("meanwhile the other process committed %+v", results)
		}
		return ledger.Decide(l, s, actx)
	}
	if n, err := here.Apply(t.Context(), account, now, store.MaxBatch, meanwhile); n != 1 || err != nil {
		t.Errorf("%d submissions were applied: %v", n, err)
	}
	commit(there, ledger.Decide, batch(account))
	wantSound(t, here)
}

// TestACommitReadsTheQueuesOfFewAccounts commits in ten accounts that each have a queued
// submission.
func TestACommitReadsTheQueuesOfFewAccounts(t *testing.T) {
	st := openWithAccounts(t, 10)
	source := &storetest.Batches{Now: now}
	for id := range int64(10) {
		queueModifications(t, st, id+1, 1)
		source.All = append(source.All, store.Batch{Account: id + 1, Submissions: modifications(1)})
	}
	results, err := st.Commit(t.Context(), source, ledger.Decide)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if want := i < 8; (r.Applied == 2) != want || r.Queued == want {
			t.Errorf("account %d: %d are applied, queued: %t", r.Account, r.Applied, r.Queued)
		}
	}
}
