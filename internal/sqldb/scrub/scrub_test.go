package scrub_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/trueup-ledger/trueup/internal/sqldb/scrub"
)

// TestAScrubbedFileHasOnlyItsRows fills tables with rows of many lengths, deletes and replaces
// them in random order, and compares the contents of the file before and after.
func TestAScrubbedFileHasOnlyItsRows(t *testing.T) {
	t.Parallel()
	for _, pageSize := range []int{512, 4096, 65536} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("pages of %d, seed %d", pageSize, seed), func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "test.db")
				fill(t, path, pageSize, rand.New(rand.NewPCG(seed, 1)))
				before, file := contents(t, path), read(t, path)
				if !bytes.Contains(file, []byte("secret")) {
					t.Fatal("no deleted row is left in the file")
				}
				if cleared := scrubFile(t, path); cleared == 0 {
					t.Error("no page was changed")
				}
				if n := bytes.Count(read(t, path), []byte("secret")); n > 0 {
					t.Errorf("%d deleted rows are left in the file", n)
				}
				if after := contents(t, path); after != before {
					t.Error("the rows differ")
				}
				if cleared := scrubFile(t, path); cleared != 0 {
					t.Errorf("%d pages were changed again", cleared)
				}
			})
		}
	}
}

func open(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// fill makes a file in which no row has the text "secret" any more.
func fill(t testing.TB, path string, pageSize int, random *rand.Rand) {
	t.Helper()
	db := open(t, path)
	db.SetMaxOpenConns(1)
	defer db.Close()
	exec := func(text string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(fmt.Sprintf("PRAGMA page_size = %d", pageSize))
	exec("PRAGMA secure_delete = OFF")
	exec("CREATE TABLE a (id integer PRIMARY KEY, text text, other blob)")
	exec("CREATE TABLE b (key text, number integer, text text, PRIMARY KEY (key, number)) WITHOUT ROWID")
	exec("CREATE TABLE c (text text)")
	exec("CREATE INDEX a_text ON a (text)")
	exec("CREATE INDEX b_text ON b (text, number)")
	text := func(word string) string {
		length := random.IntN(40)
		if random.IntN(8) == 0 {
			length = random.IntN(3 * pageSize / len(word))
		}
		return fmt.Sprintf("%d %s", random.IntN(1_000_000), strings.Repeat(word, 1+length))
	}
	exec("BEGIN")
	for i := range 300 {
		word := []string{"secret", "public"}[random.IntN(2)]
		exec("INSERT INTO a VALUES (?, ?, ?)", i, text(word), []byte(text("public")))
		exec("INSERT INTO b VALUES (?, ?, ?)", text(word), i, text("public"))
		exec("INSERT INTO c VALUES (?)", text("secret"))
		if random.IntN(3) == 0 {
			exec("DELETE FROM b WHERE number = ?", random.IntN(i+1))
			exec("UPDATE a SET text = ? WHERE id = ?", text("public"), random.IntN(i+1))
		}
	}
	exec("COMMIT")
	exec("UPDATE a SET text = 'erased ' || id WHERE text LIKE '%secret%'")
	exec("UPDATE b SET key = 'erased ' || number WHERE key LIKE '%secret%'")
	exec("DELETE FROM c")
	exec("DROP TABLE c")
	exec("DELETE FROM a WHERE id % 7 = 0")
}

func scrubFile(t *testing.T, path string) (cleared int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s, err := scrub.New(file)
	for n := int64(1); err == nil && n <= s.Pages(); n++ {
		err = s.Page(n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.Cleared
}

// contents returns the rows of all tables and indexes, which SQLite must find consistent.
func contents(t *testing.T, path string) string {
	t.Helper()
	db := open(t, path)
	defer db.Close()
	var check, rows string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&check); err != nil || check != "ok" {
		t.Fatalf("the file is damaged: %s (%v)", check, err)
	}
	err := db.QueryRowContext(t.Context(), `SELECT (SELECT group_concat(id || text || other) FROM a) || (SELECT group_concat(text) FROM a WHERE text > '')
		|| (SELECT group_concat(key || number || text) FROM b)`).Scan(&rows)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
