package wal

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3/driver"
)

const fileName = "test.db"

// writer writes to a database and keeps its WAL short, as package sqldb does.
type writer struct {
	t  *testing.T
	db *sql.DB
	*Checkpointer
	closed bool
}

// openWriter opens the database in a folder and closes it when the test ends.
func openWriter(t *testing.T, dir string) *writer {
	t.Helper()
	path := filepath.Join(dir, fileName)
	db, err := OpenFile(VFS, path, "rwc", nil, "journal_mode(WAL)", "wal_autocheckpoint(0)",
		"synchronous(FULL)", "cache_spill(0)", "mmap_size(0)", "busy_timeout(10000)", "cache_size(-16384)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	w := &writer{t: t, db: db}
	w.exec("CREATE TABLE IF NOT EXISTS texts (number INTEGER PRIMARY KEY, content TEXT NOT NULL)")
	if w.Checkpointer, err = NewCheckpointer(path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *writer) close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	return errors.Join(w.Checkpointer.Close(), w.db.Close())
}

func (w *writer) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.db.ExecContext(w.t.Context(), statement, args...); err != nil {
		w.t.Fatal(err)
	}
}

// replaceFile replaces the database file of the checkpointer's connection.
func (w *writer) replaceFile(replace func(systemFile) systemFile) {
	w.t.Helper()
	conn, err := w.Checkpointer.db.Conn(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	err = conn.Raw(func(raw any) error {
		file, err := databaseFileOf(raw.(driver.Conn).Raw())
		if err == nil {
			file.systemFile = replace(file.systemFile)
		}
		return err
	})
	if err := errors.Join(err, conn.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// commitPages is more than the pages of a commit of load. The writer waits at the end of a
// commit, so that the WAL can be longer than its limit by one.
const commitPages = 300

// load is the data that a test writes: rows of 256 pages, one per commit.
type load struct {
	rows    [48]int // the number of the commit that wrote each row last, or 0
	commits int
}

func (l *load) text(row int) string { return strings.Repeat(fmt.Sprintf("%07d ", l.rows[row]), 1<<17) }

// write commits one row, unless the checkpointer has failed.
func (l *load) write(w *writer) error {
	if err := w.Err(); err != nil {
		return err
	}
	row := l.commits % len(l.rows)
	next := *l
	next.commits++
	next.rows[row] = next.commits
	if _, err := w.db.ExecContext(w.t.Context(), "INSERT OR REPLACE INTO texts VALUES (?, ?)", row, next.text(row)); err != nil {
		return err
	}
	*l = next
	var busy, pages, checkpointed int
	if err := w.db.QueryRowContext(w.t.Context(), Measure).Scan(&busy, &pages, &checkpointed); err != nil {
		return err
	}
	if busy == 0 {
		w.Observe(pages, checkpointed)
	}
	return nil
}

// writeUntilReused writes to the writers in turn until the WAL was reused the given number
// of times, or until it gives up. It returns the largest length of the WAL in pages and
// the number of times it was reused.
func (l *load) writeUntilReused(t *testing.T, times int, writers ...*writer) (longest, reused int) {
	t.Helper()
	for before := 0; reused < times && l.commits < 1000; {
		w := writers[l.commits%len(writers)]
		if err := l.write(w); err != nil {
			t.Fatal(err)
		}
		if w.pages < before {
			reused++
		}
		before = w.pages
		longest = max(longest, before)
	}
	return longest, reused
}

// check closes the writers and opens the database again: every commit must be in it.
func (l *load) check(t *testing.T, dir string, writers ...*writer) {
	t.Helper()
	for _, w := range writers {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}
	w := openWriter(t, dir)
	for row := range min(l.commits, len(l.rows)) {
		var text string
		err := w.db.QueryRowContext(t.Context(), "SELECT content FROM texts WHERE number = ?", row).Scan(&text)
		if err != nil || text != l.text(row) {
			t.Errorf("row %d is %.8q (%v), want %.8q", row, text, err, l.text(row))
		}
	}
	var result string
	if err := w.db.QueryRowContext(t.Context(), "PRAGMA quick_check").Scan(&result); err != nil || result != "ok" {
		t.Error(result, err)
	}
}

func readWAL(t *testing.T, dir string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, fileName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
