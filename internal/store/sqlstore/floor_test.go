package sqlstore

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestTheFloorWritesWhatTheRunWrote(t *testing.T) {
	onBoth(t, floorWritesAll)
}

func floorWritesAll(t *testing.T, fresh func() *Store) {
	run, floor := ranAndDidNot(t, fresh)
	w, err := floor.Floor(t.Context(), run, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if w.Submissions != 57 || w.Accepts != 3 || w.Applies != 3 || w.Elapsed <= 0 {
		t.Errorf("wrote %+v, want 57 submissions in 3 commits of each kind", w)
	}
	tables := []string{"intake", "applier", "submissions", "outcomes", "actions", "items", "updates"}
	if run.dialect.latest {
		tables = append(tables, "latest")
	}
	for _, table := range tables {
		if diff := cmp.Diff(dump(t, run, table), dump(t, floor, table)); diff != "" {
			t.Errorf("%s differ:\n%s", table, diff)
		}
	}
	if offences, err := store.Verify(t.Context(), floor, ledger.Decide); err != nil || len(offences) > 0 {
		t.Errorf("the copy breaks the laws: %v, %v", offences, err)
	}
	if again, err := floor.Floor(t.Context(), run, time.Hour); err != nil || again != (Written{}) {
		t.Errorf("wrote %+v, %v when nothing was left", again, err)
	}
}

func TestTheFloorEndsAtItsLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() *Store) {
		run, floor := ranAndDidNot(t, fresh)
		w, err := floor.Floor(t.Context(), run, time.Nanosecond)
		if err != nil || w.Submissions != 0 {
			t.Errorf("wrote %+v, %v", w, err)
		}
	})
}

func TestACopyReplacesNoStore(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	for _, dir := range []string{from, to} {
		if err := open(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := CopySQLite(from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copied over a store: %v", err)
	}
}

func TestTheSizeGrowsByWhatIsWritten(t *testing.T) {
	st := open(t, t.TempDir())
	before, err := st.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fill(t, st, 500)
	after, err := st.Size(t.Context())
	if err != nil || after < before+500*100 {
		t.Errorf("%d bytes before and %d after 500 orders (%v)", before, after, err)
	}
}

// ranAndDidNot answers a store with 40 orders to which 57 submissions were made in
// three batches, and one as it was before them.
func ranAndDidNot(t *testing.T, fresh func() *Store) (run, floor *Store) {
	t.Helper()
	run, floor = fresh(), fresh()
	fill(t, run, 40)
	fill(t, floor, 40)
	var batch []store.Submission
	for n := range int64(20) { // one action twice, and one that no longer differs
		batch = append(batch, modification(1+n%15, 3+n/15))
	}
	writeAt(t, run, batch, now.Add(time.Minute))
	batch = nil
	for n := range 10 { // orders that are changed in the commit that made them
		batch = append(batch, conversion(fmt.Sprintf("new-%d", n), now), modification(int64(61+2*n), 5))
	}
	writeAt(t, run, batch, now.Add(2*time.Minute))
	batch = nil
	for n := range int64(17) {
		batch = append(batch, modification(1+n, 7))
		if n%5 == 0 {
			id := ledger.ActionID{Campaign: 1000, EventType: 2240, Number: 30 + n}
			batch[n].Command = ledger.Reversal{Address: ledger.Address{Action: id}, Reason: "OTHER"}
		}
	}
	batch[3] = modification(999_999, 1) // there is no such action
	writeAt(t, run, batch, now.Add(3*time.Minute))
	return run, floor
}

func writeAt(t *testing.T, st *Store, batch []store.Submission, at time.Time) {
	t.Helper()
	if _, err := st.Accept(t.Context(), account, at, batch); err != nil {
		t.Fatal(err)
	}
	if n, err := st.Apply(t.Context(), account, at.Add(time.Second), len(batch), ledger.Decide); n != len(batch) || err != nil {
		t.Fatal(n, err)
	}
}

// dump answers a table's rows in an order of their own: a server has none.
func dump(t *testing.T, st *Store, table string) (rows []string) {
	t.Helper()
	err := st.read(t.Context(), account, func(s *session) error {
		found, err := s.conn.QueryContext(t.Context(), "SELECT * FROM "+table) //nolint:unqueryvet // whatever they are
		if err != nil {
			return err
		}
		defer found.Close()
		columns, err := found.Columns()
		if err != nil {
			return err
		}
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		for found.Next() {
			if err := found.Scan(dest...); err != nil {
				return err
			}
			rows = append(rows, fmt.Sprintf("%#v", values))
		}
		return found.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Errorf("%s has no rows to compare", table)
	}
	slices.Sort(rows)
	return rows
}
