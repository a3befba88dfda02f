package sqlstore_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// The migrations of an empty database take most of the time of a short test. The suite runs them
// once and copies the result.

// sqliteTemplate returns the contents of the files of an empty store by name.
var sqliteTemplate = sync.OnceValues(func() (files map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	st, err := sqlstore.OpenSQLite(context.Background(), dir)
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	files = make(map[string][]byte)
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, err
})

// emptySQLite returns the folder of an empty store, which is removed when the test ends.
func emptySQLite(t testing.TB) (dir string) {
	t.Helper()
	files, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// postgresTemplate returns the URL of an empty store, which is dropped when the test ends.
func postgresTemplate(t testing.TB) (url string) {
	t.Helper()
	url = pgtest.Database(t)
	st, err := sqlstore.OpenPostgres(t.Context(), url)
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return url
}
