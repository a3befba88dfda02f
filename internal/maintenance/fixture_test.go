package maintenance_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest/books"
)

var now = time.Date(2025, 6, 1, 10, 0, 0, 0, time.UTC)

// restoring is the audit event of restores.
var restoring = store.AuditEvent{Actor: store.Actor{Source: store.SourceCommand, ID: "test"}, Operation: store.OperationRestore, At: now}

func verify(ctx context.Context, st *sqlstore.Store) error {
	return maintenance.VerifyStore(ctx, io.Discard, st, nil)
}

// fill keeps the books of an account for three months in a new ledger, and returns its folder.
func fill(t *testing.T, seed uint64) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "ledger")
	use(t, dir, func(st *sqlstore.Store) {
		b := &books.Books{Store: st.Roles(), Account: 1, Currency: "USD", Partners: 6, Orders: 30, Seed: seed}
		err := b.Open(t.Context())
		for m := range 3 {
			if err == nil {
				err = b.Trade(t.Context(), books.First.Add(m))
			}
			if err == nil {
				err = b.Close(t.Context(), books.First.Add(m))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return dir
}

// use opens a ledger, calls f and closes it.
func use(t *testing.T, dir string, f func(st *sqlstore.Store)) {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
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

// backUp returns a backup of a ledger.
func backUp(t *testing.T, dir string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "backup.db")
	if _, err := sqlstore.Backup(t.Context(), dir, file, sqlstore.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	return file
}

// wantAbsent reports an error unless a folder has neither a ledger nor an incomplete one.
func wantAbsent(t *testing.T, dir string) {
	t.Helper()
	for _, name := range append(sqldb.SQLiteFiles(), "incomplete") {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s has %s", dir, name)
		}
	}
}

// contents returns the names and contents of the files in a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(content)
	}
	return files
}
