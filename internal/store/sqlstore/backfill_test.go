package sqlstore_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// asMigrated makes the rows of a store those of version 0.1 after the migration.
func asMigrated(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		for _, text := range []string{
			"UPDATE updates SET replaced = '' WHERE account = ?",
			"UPDATE items SET changes = '' WHERE account = ?",
			"UPDATE actions SET changes = '' WHERE account = ?",
			"UPDATE submissions SET rules = 1 WHERE account = ?",
			"DELETE FROM undone WHERE account = ?",
			"INSERT INTO backfills (account, action) VALUES (?, 0)",
		} {
			if err := s.Exec(text, account); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBackfillRecordsWhatOlderSubmissionsReplaced(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) {
		st := openNew()
		fill(t, st, 150)
		var batch []store.Submission
		for action := range int64(150) {
			batch = append(batch, modification(action+1, 1), modification(action+1, 3))
		}
		submit(t, st, batch) // 151 to 450
		submit(t, st, []store.Submission{undo(450), undo(451)})
		asMigrated(t, st)
		submit(t, st, []store.Submission{modification(2, 5)}) // 453, by another process meanwhile
		if err := st.Backfill(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSound(t, st)
		submit(t, st, []store.Submission{undo(152), undo(154), undo(450), undo(453), undo(452)})
		for number, want := range map[int64]rejection.Code{454: "", 455: rejection.CodeStaleAction, 456: rejection.CodeAlreadyUndone, 457: "", 458: ""} {
			if got := outcome(t, st, number); got.Code != want || (want == "") != got.Changed {
				t.Errorf("submission %d: %+v, want code %q", number, got, want)
			}
		}
		wantSound(t, st)
	})
}

// TestBackfillLeavesOutActionsThatCannotBeReplayed holds that one damaged action keeps
// neither a store from opening nor others from being undone.
func TestBackfillLeavesOutActionsThatCannotBeReplayed(t *testing.T) {
	dir := t.TempDir()
	st := openSQLite(t, dir)
	fill(t, st, 2)
	submit(t, st, []store.Submission{modification(1, 1), modification(2, 1)})
	asMigrated(t, st)
	err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Exec("UPDATE submissions SET command = replace(command, '12345', 'none') WHERE account = ? AND number = 3", account)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Backfill(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err = st.Accept(t.Context(), account, now, []store.Submission{undo(3), undo(4)}); err != nil {
		t.Fatal(err)
	}
	for attempt := range store.MaxAttempts {
		_, err := st.Apply(t.Context(), account, now, 2, ledger.Decide)
		if failed := attempt+1 < store.MaxAttempts; failed != (err != nil) {
			t.Fatalf("attempt %d: %v", attempt+1, err)
		}
	}
	if parked, undone := outcome(t, st, 5), outcome(t, st, 6); parked.Code != rejection.CodeParked || !undone.Changed {
		t.Errorf("outcomes are %+v and %+v", parked, undone)
	}
}

// outcome returns the outcome of a submission.
func outcome(t testing.TB, st *sqlstore.Store, number int64) (o store.Outcome) {
	t.Helper()
	err := st.Scan(t.Context(), account, func(c store.Contents) error {
		for s, err := range c.Submissions() {
			if err != nil {
				return err
			}
			if s.Number == number {
				o = s.Outcome
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}
