package sqlstore_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/transfer"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// tablesIn returns the tables of a store that hold records, as the database lists them.
func tablesIn(t *testing.T, st *sqlstore.Store) (tables []string) {
	t.Helper()
	query := "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if st.DB().Dialect().Name == sqldb.PostgreSQL {
		query = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
	}
	err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
		var name string
		return s.Rows(query, nil, []any{&name}, func() error {
			if name != sqldb.MigrationsTable {
				tables = append(tables, name)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(tables)
	return tables
}

// TestACopyHasTheRowsOfEveryTable copies a store with rows in each table. It fails for a table that
// is added and not copied, or not filled by the fixture.
func TestACopyHasTheRowsOfEveryTable(t *testing.T) {
	t.Parallel()
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) {
		t.Helper()
		from := openNew()
		fillEverything(t, from)
		for _, d := range databases {
			t.Run("to "+d.name, func(t *testing.T) {
				to := d.openNew(t)
				sums, err := transfer.Copy(t.Context(), from.DB(), to.DB())
				if err != nil {
					t.Fatal(err)
				}
				for _, st := range []*sqlstore.Store{from, to} {
					for _, table := range tablesIn(t, st) {
						if sum, copied := sums[table]; !copied || sum.Rows == 0 && table != "backfills" { // only a migration fills it
							t.Errorf("no row of table %s was copied", table)
						}
					}
					if err := sums.Check(t.Context(), st.DB()); err != nil {
						t.Error(err)
					}
				}
				if err := sums.CheckUnchanged(t.Context(), from.DB()); err != nil {
					t.Error(err)
				}
				wantSound(t, to)
			})
		}
	})
}

// TestACopyNoticesChanges changes a store in each of two ways after it was copied.
func TestACopyNoticesChanges(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, st *sqlstore.Store) error{
		"a submission": func(t *testing.T, st *sqlstore.Store) error {
			t.Helper()
			_, err := st.Accept(t.Context(), account, now, []store.Submission{modification(1, 1)})
			return err
		},
		"a token": func(t *testing.T, st *sqlstore.Store) error {
			t.Helper()
			return st.SaveToken(t.Context(), store.Token{SID: "new", Account: account, Created: now}, byTest)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := databases[0].openNew(t)
			fillEverything(t, st)
			sums, err := transfer.Copy(t.Context(), st.DB(), databases[0].openNew(t).DB())
			if err != nil {
				t.Fatal(err)
			}
			if err := change(t, st); err != nil {
				t.Fatal(err)
			}
			for name, check := range map[string]error{"Check": sums.Check(t.Context(), st.DB()), "CheckUnchanged": sums.CheckUnchanged(t.Context(), st.DB())} {
				if !errors.Is(check, transfer.ErrDiffers) {
					t.Errorf("%s returns %v, want %v", name, check, transfer.ErrDiffers)
				}
			}
		})
	}
}
