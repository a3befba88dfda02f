package backup

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// openWriter opens a database with two tables of as many rows, which a function adds to
// both in one transaction.
func openWriter(t *testing.T) (path string, add func() error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "test.db")
	db, err := wal.OpenFile(wal.VFS, path, "rwc", nil, "journal_mode(WAL)", "synchronous(FULL)", "cache_spill(0)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	add = func() error {
		_, err := db.ExecContext(t.Context(), "BEGIN; INSERT INTO a VALUES (randomblob(3000)); INSERT INTO b VALUES (randomblob(3000)); COMMIT")
		return err
	}
	const rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT randomblob(3000) FROM n"
	for _, statement := range []string{"CREATE TABLE a (content)", "CREATE TABLE b (content)", "INSERT INTO a " + rows, "INSERT INTO b " + rows} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return path, add
}

func countRows(t *testing.T, path, table string) (rows int) {
	t.Helper()
	db, err := wal.OpenFile(wal.VFS, path, "ro", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&rows); err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Error(err)
	}
	return rows
}

// TestACopyIsOneMomentOfABusyDatabase copies while another connection writes.
func TestACopyIsOneMomentOfABusyDatabase(t *testing.T) {
	path, add := openWriter(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() {
		var err error
		for err == nil && ctx.Err() == nil {
			err = add()
		}
		stopped <- err
	}()
	dir := t.TempDir()
	for _, name := range []string{"first", "second"} {
		to := filepath.Join(dir, name)
		if err := os.WriteFile(to+partialSuffix, []byte("of a killed process"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Copy(t.Context(), path, to, Options{Paced: true}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the copy has mode %v (%v)", info.Mode(), err)
		}
		if files, err := filepath.Glob(to + "*"); len(files) != 1 || err != nil {
			t.Errorf("the files are %q (%v), want only the copy", files, err)
		}
		if a, b := countRows(t, to, "a"), countRows(t, to, "b"); a != b || a < 2000 {
			t.Errorf("the copy has %d and %d rows", a, b)
		}
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestAFailedCopyLeavesNothing(t *testing.T) {
	path, _ := openWriter(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	invalid := errors.New("invalid")
	for name, tt := range map[string]struct {
		ctx    context.Context
		from   string
		verify func(string) error
		want   error
	}{
		"canceled":       {canceled, path, nil, context.Canceled},
		"not verified":   {t.Context(), path, func(string) error { return invalid }, invalid},
		"not a database": {t.Context(), filepath.Join(t.TempDir(), "missing"), nil, nil},
	} {
		dir := t.TempDir()
		_, err := Copy(tt.ctx, tt.from, filepath.Join(dir, "copy"), Options{Verify: tt.verify})
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: error is %v, want %v", name, err, tt.want)
		}
		if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
			t.Errorf("%s: left %v (%v)", name, left, err)
		}
	}
}

func TestACopyReplacesNothing(t *testing.T) {
	path, _ := openWriter(t)
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(to, []byte("the only backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), path, to, Options{Paced: true}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error is %v, want %v", err, fs.ErrExist)
	}
	if content, err := os.ReadFile(to); string(content) != "the only backup" || err != nil {
		t.Errorf("the file is %q (%v)", content, err)
	}
}

func TestACopyOfAClosedDatabaseReplacesNone(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	for _, dir := range []string{from, to} {
		if err := os.WriteFile(filepath.Join(dir, "test.db"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := CopyClosed("test.db", from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error is %v, want %v", err, fs.ErrExist)
	}
}
