package sqlstore_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

// TestAnErasureLeavesNoByteInFiles searches the files of the database and a backup. The rows were
// written several times, so that SQLite left copies in the free space of pages and in the WAL.
func TestAnErasureLeavesNoByteInFiles(t *testing.T) {
	t.Parallel()
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "backup.db")
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	roles := st.Roles()
	account := storetest.FillWithCustomer(t, roles)
	if files := searchFiles(t, dir); files == "" {
		t.Fatal("no file has the customer")
	}
	if _, err := storetest.Erase(t.Context(), roles, account); err != nil {
		t.Fatal(err)
	}
	if files := searchFiles(t, dir); files != "" {
		t.Errorf("of the customer there is %s", files)
	}
	if _, err := sqlstore.Backup(t.Context(), dir, copied, sqlstore.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if files := searchFiles(t, filepath.Dir(copied)); files != "" {
		t.Errorf("of the customer there is %s", files)
	}
	if err := storetest.Verify(t.Context(), st); err != nil {
		t.Error(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if files := searchFiles(t, dir); files != "" {
		t.Errorf("of the customer, after the store was closed, there is %s", files)
	}
}

// searchFiles returns the files of a folder that have personal data of the customer.
func searchFiles(t *testing.T, dir string) string {
	t.Helper()
	var found []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(bytes.ToLower(content), []byte("veiled")); n > 0 {
			at := bytes.Index(bytes.ToLower(content), []byte("veiled"))
			found = append(found, fmt.Sprintf("%d in %s, as %q", n, e.Name(), content[max(0, at-20):min(len(content), at+40)]))
		}
	}
	return strings.Join(found, "; ")
}

// TestAnErasureLeavesNothingInADump searches all rows of all tables in PostgreSQL.
func TestAnErasureLeavesNothingInADump(t *testing.T) {
	t.Parallel()
	url := pgtest.Schema(t)
	st := openPostgres(t, url)
	roles := st.Roles()
	account := storetest.FillWithCustomer(t, roles)
	if !strings.Contains(dump(t, url), "veiled") {
		t.Fatal("the dump doesn't have the customer")
	}
	if _, err := storetest.Erase(t.Context(), roles, account); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(dump(t, url)) {
		if strings.Contains(strings.ToLower(line), "veiled") {
			t.Errorf("the dump has %s", line)
		}
	}
	if err := storetest.Verify(t.Context(), st); err != nil {
		t.Error(err)
	}
}

// dump returns the rows of all tables as pg_dump writes them.
func dump(t *testing.T, url string) string {
	t.Helper()
	var b bytes.Buffer
	err := sqldb.Connect(t.Context(), url, func(conn *pgx.Conn) error {
		rows, err := conn.Query(t.Context(), "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name")
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		for _, name := range names {
			if err == nil {
				_, err = conn.PgConn().CopyTo(t.Context(), &b, "COPY "+pgx.Identifier{name}.Sanitize()+" TO STDOUT")
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
