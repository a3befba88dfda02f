package maintenance_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/transfer"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// copyOf returns a copy from one place to another.
func copyOf(from, to string) maintenance.Copy {
	return maintenance.Copy{From: maintenance.Place(from), To: maintenance.Place(to), Verify: verify, Progress: func(string) {}}
}

// TestALedgerIsCopiedToPostgresAndBack copies random books. Copies are verified, and compared row by
// row.
func TestALedgerIsCopiedToPostgresAndBack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		dir, url, back := fill(t, seed), pgtest.Schema(t), filepath.Join(t.TempDir(), "back")
		there, err := copyOf(dir, url).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		again, err := copyOf(url, back).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if there.Rows < 500 || there.Submissions < 90 || again.Rows != there.Rows || again.Contents != there.Contents {
			t.Errorf("copied %d rows, %v, and back %d, %v", there.Rows, there.Contents, again.Rows, again.Contents)
		}
		use(t, back, func(copied *sqlstore.Store) {
			use(t, dir, func(original *sqlstore.Store) {
				sums, err := transfer.Copy(t.Context(), original.DB(), openNew(t).DB())
				if err != nil {
					t.Fatal(err)
				}
				if err := sums.Check(t.Context(), copied.DB()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// openNew opens an empty store.
func openNew(t *testing.T) *sqlstore.Store {
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
	return st
}

func TestACopyIsRefused(t *testing.T) {
	t.Parallel()
	dir := fill(t, 1)
	other := filepath.Join(t.TempDir(), "other")
	use(t, other, func(*sqlstore.Store) {})
	locked := filepath.Join(t.TempDir(), "locked")
	lock, err := sqldb.LockFolder(t.Context(), locked)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	for _, tt := range []struct {
		name, from, to string
		want           error
	}{
		{"to a folder with a ledger", dir, other, fs.ErrExist},
		{"to a folder in use", dir, locked, sqldb.ErrInUse},
		{"from a folder without a ledger", locked, filepath.Join(t.TempDir(), "new"), maintenance.ErrNoLedger},
		{"to its own folder", dir, dir, sqldb.ErrInUse},
	} {
		if _, err := copyOf(tt.from, tt.to).Run(t.Context()); !errors.Is(err, tt.want) {
			t.Errorf("%s: error is %v, want %v", tt.name, err, tt.want)
		}
	}
}

// TestACopyOfAChangedLedgerFails writes to the ledger while it is copied. The copy leaves nothing and
// can be repeated.
func TestACopyOfAChangedLedgerFails(t *testing.T) {
	t.Parallel()
	dir, to := fill(t, 1), filepath.Join(t.TempDir(), "to")
	c, verified := copyOf(dir, to), 0
	c.Verify = func(ctx context.Context, st *sqlstore.Store) error {
		if verified++; verified == 2 {
			use(t, dir, func(st *sqlstore.Store) {
				token := store.Token{SID: "new", Account: 1, Created: now}
				if err := st.SaveToken(ctx, token, restoring); err != nil {
					t.Error(err)
				}
			})
		}
		return nil
	}
	if _, err := c.Run(t.Context()); !errors.Is(err, transfer.ErrDiffers) || verified != 2 {
		t.Errorf("error is %v after %d verifications, want %v", err, verified, transfer.ErrDiffers)
	}
	wantAbsent(t, to)
	if _, err := copyOf(dir, to).Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestACopyToPostgresIsCompleteOrAbsent fails a copy before it is published, and finds what a killed
// process left.
func TestACopyToPostgresIsCompleteOrAbsent(t *testing.T) {
	t.Parallel()
	dir, url := fill(t, 1), pgtest.Schema(t)
	c, failure, verified := copyOf(dir, url), errors.New("invalid"), 0
	c.Verify = func(context.Context, *sqlstore.Store) error {
		if verified++; verified == 2 {
			return failure
		}
		return nil
	}
	if _, err := c.Run(t.Context()); !errors.Is(err, failure) {
		t.Errorf("error is %v, want %v", err, failure)
	}
	if exists, err := sqldb.PostgresExists(t.Context(), url); exists || err != nil {
		t.Errorf("a ledger exists (%v)", err)
	}
	if err := sqldb.Connect(t.Context(), url, func(conn *pgx.Conn) error {
		var schema string
		if err := conn.QueryRow(t.Context(), "SELECT current_schema() || '_incomplete'").Scan(&schema); err != nil {
			return err
		}
		_, err := conn.Exec(t.Context(), "CREATE SCHEMA "+schema+"; CREATE TABLE "+schema+".accounts ()")
		if err != nil {
			return err
		}
		if _, err := copyOf(dir, url).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "is not an incomplete copy") {
			t.Errorf("a schema of others: %v", err)
		}
		_, err = conn.Exec(t.Context(), "COMMENT ON SCHEMA "+schema+" IS 'an incomplete copy by trueup'")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := copyOf(dir, url).Run(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := copyOf(dir, url).Run(t.Context()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error is %v, want %v", err, fs.ErrExist)
	}
}

func TestACopyKeepsASchemaWithALongName(t *testing.T) {
	t.Parallel()
	server := pgtest.Server(t)
	name := "test_" + strings.ToLower(rand.Text())
	name += strings.Repeat("x", 63-len(name))
	pgtest.Exec(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { pgtest.Exec(t, server, "DROP SCHEMA "+name+" CASCADE") })
	pgtest.Exec(t, server, "CREATE TABLE "+name+".kept ()")
	if _, err := copyOf(fill(t, 1), server+"&search_path="+name).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "63 bytes") {
		t.Errorf("error is %v", err)
	}
	pgtest.Exec(t, server, "SELECT FROM "+name+".kept")
}

// TestALedgerOfARunningServerIsNotCopied holds the lock of the leader.
func TestALedgerOfARunningServerIsNotCopied(t *testing.T) {
	t.Parallel()
	url := pgtest.Schema(t)
	st, err := sqlstore.OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	leading, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- st.RunAsLeader(ctx, func() { close(leading) }) }()
	<-leading
	if _, err := copyOf(url, t.TempDir()).Run(t.Context()); !errors.Is(err, sqldb.ErrInUse) {
		t.Errorf("error is %v, want %v", err, sqldb.ErrInUse)
	}
	cancel()
	if err := errors.Join(<-ended, st.Close()); err != nil {
		t.Error(err)
	}
}
