package billing_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// TestMain runs the tests, or a process that closes a month (see closeMonth).
func TestMain(m *testing.M) {
	task := os.Getenv(taskVariable)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := closeMonth(context.Background(), task); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// newLocations return a new place of a store on each kind of database.
var newLocations = map[string]func(t testing.TB) string{"SQLite": testing.TB.TempDir, "PostgreSQL": pgtest.Schema}

// open opens the store in a folder or at a URL.
func open(ctx context.Context, location string) (*sqlstore.Store, error) {
	if sqldb.IsPostgres(location) {
		return sqlstore.OpenPostgres(ctx, location)
	}
	return sqlstore.OpenSQLite(ctx, location)
}

// use calls f with the store at a location.
func use(t *testing.T, location string, f func(st *sqlstore.Store)) {
	t.Helper()
	st, err := open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	f(st)
}
