package bench

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

var replayNow = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// testStore is a store with a handle to read its tables.
type testStore struct {
	*sqlstore.Store
	tables *sql.DB
	// names are the tables that Replay writes.
	names []string
}

// onBoth runs a test on each database. The function fresh opens an empty store.
func onBoth(t *testing.T, test func(t *testing.T, fresh func() testStore)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, func() testStore {
			dir := t.TempDir()
			st, err := sqlstore.OpenSQLite(t.Context(), dir)
			return openTables(t, st, err, "sqlite3", "file:"+filepath.ToSlash(filepath.Join(dir, sqldb.SQLiteFiles()[0]))+"?mode=ro")
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, func() testStore {
			url := pgtest.Schema(t)
			st, err := sqlstore.OpenPostgres(t.Context(), url)
			return openTables(t, st, err, "pgx", url)
		})
	})
}

func openTables(t *testing.T, st *sqlstore.Store, err error, driver, name string) testStore {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	tables, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tables.Close(); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	names := []string{"intake", "applier", "submissions", "outcomes", "actions", "items", "updates"}
	return testStore{st, tables, names}
}

func TestReplayWritesTheRowsOfTheRun(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() testStore) {
		run, replica := runAndReplica(t, fresh)
		r, err := Replay(t.Context(), run.Store, replica.Store, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if r.Submissions != 57+23 || r.Commits != 3+3+2 || r.Elapsed <= 0 {
			t.Errorf("replayed %+v, want 80 submissions in 8 commits", r)
		}
		for _, table := range run.names {
			if diff := cmp.Diff(dump(t, run, table), dump(t, replica, table)); diff != "" {
				t.Errorf("table %s differs:\n%s", table, diff)
			}
		}
		if violations, err := verify.Store(t.Context(), replica.Store, ledger.Decide); err != nil || len(violations) > 0 {
			t.Errorf("Verify returned %v, %v", violations, err)
		}
		if again, err := Replay(t.Context(), run.Store, replica.Store, time.Hour); err != nil || again != (Replayed{}) {
			t.Errorf("replayed %+v, %v when nothing was left", again, err)
		}
	})
}

func TestReplayStopsAtItsLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() testStore) {
		run, replica := runAndReplica(t, fresh)
		r, err := Replay(t.Context(), run.Store, replica.Store, time.Nanosecond)
		if err != nil || r.Submissions != 0 {
			t.Errorf("replayed %+v, %v", r, err)
		}
	})
}

// runAndReplica returns two stores with the same 40 actions in each of two accounts. The store
// run also has 57 further submissions of the first account in three batches, which were applied
// from the queue, and 23 of both accounts, of which a commit accepted 20 and applied all.
func runAndReplica(t *testing.T, fresh func() testStore) (run, replica testStore) {
	t.Helper()
	run, replica = fresh(), fresh()
	for _, st := range []testStore{run, replica} {
		if _, _, err := Prepare(t.Context(), st, replayNow, Fixture{Actions: 80, Accounts: 2, Items: 3}); err != nil {
			t.Fatal(err)
		}
	}
	var batch []store.Submission
	for n := range int64(20) { // some actions twice
		batch = append(batch, setQuantity(1+n%15, 6+n/15))
	}
	apply(t, run, batch, replayNow.Add(time.Minute))
	batch = nil
	random := rand.New(rand.NewPCG(4, 0))
	for n := range 10 { // actions that are changed in the commit that creates them
		batch = append(batch, conversion(random, replayNow, 40+n, 3), setQuantity(int64(61+2*n), 9))
	}
	apply(t, run, batch, replayNow.Add(2*time.Minute))
	batch = nil
	for n := range int64(17) {
		batch = append(batch, setQuantity(1+n, 8))
		if n%5 == 0 {
			batch[n].Command = ledger.Reversal{Address: ledger.Address{Action: actionID(30 + n)}, Reason: "OTHER"}
		}
	}
	batch[3] = setQuantity(999_999, 1) // rejected: there is no such action
	apply(t, run, batch, replayNow.Add(3*time.Minute))
	if _, err := run.Accept(t.Context(), 2, replayNow.Add(4*time.Minute), quantities(3, 4)); err != nil {
		t.Fatal(err)
	}
	_, err := applied(t.Context(), run, replayNow.Add(5*time.Minute),
		store.Batch{Account: 1, Submissions: quantities(12, 5)}, store.Batch{Account: 2, Submissions: quantities(8, 5)})
	if err != nil {
		t.Fatal(err)
	}
	return run, replica
}

// quantities returns modifications of the first actions.
func quantities(count int, quantity int64) (batch []store.Submission) {
	for n := range count {
		batch = append(batch, setQuantity(int64(1+n), quantity))
	}
	return batch
}

func apply(t *testing.T, st testStore, batch []store.Submission, at time.Time) {
	t.Helper()
	if _, err := st.Accept(t.Context(), 1, at, batch); err != nil {
		t.Fatal(err)
	}
	if n, err := st.Apply(t.Context(), 1, at.Add(time.Second), len(batch), ledger.Decide); n != len(batch) || err != nil {
		t.Fatal(n, err)
	}
}

func setQuantity(action, quantity int64) store.Submission {
	return store.Submission{
		Payload: fmt.Sprintf("ActionId=%s&Sku=%s&Quantity=%d", actionID(action), sku(0), quantity),
		Submission: ledger.Submission{Command: ledger.Modification{
			Address: ledger.Address{Action: actionID(action)}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{SKU: sku(0), Quantity: &quantity}},
		}},
	}
}

// dump returns the rows of a table, sorted: a server returns them in any order.
func dump(t *testing.T, st testStore, table string) (rows []string) {
	t.Helper()
	found, err := st.tables.QueryContext(t.Context(), "SELECT * FROM "+table) //nolint:unqueryvet // all columns
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for found.Next() {
		if err := found.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprintf("%#v", values))
	}
	if err := found.Err(); err != nil || len(rows) == 0 {
		t.Errorf("table %s has %d rows (%v)", table, len(rows), err)
	}
	slices.Sort(rows)
	return rows
}
