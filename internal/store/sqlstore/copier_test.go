package sqlstore

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"
)

// bulk is what the tests of the copier write: rows of 256 pages, one in a commit.
type bulk struct {
	rows    [48]int // what was written last to each, 0 of nothing
	commits int
}

func (b *bulk) text(row int) string { return strings.Repeat(fmt.Sprintf("%07d ", b.rows[row]), 1<<17) }

func (b *bulk) write(t *testing.T, st *Store) error {
	t.Helper()
	row := b.commits % len(b.rows)
	next := *b
	next.commits++
	next.rows[row] = next.commits
	err := st.write(t.Context(), func(s *session) error {
		return s.exec("INSERT OR REPLACE INTO reference (account, kind, key, recorded, document) VALUES (1, 'x', 'x', ?, ?)", row, next.text(row))
	})
	if err == nil {
		*b = next
	}
	return err
}

// writeOn writes to the stores in turn until the log was begun anew so often, and answers
// how many pages it had at its longest.
func (b *bulk) writeOn(t *testing.T, stores []*Store, often int) (longest, anew int) {
	t.Helper()
	for before := 0; anew < often && b.commits < 1000; {
		st := stores[b.commits%len(stores)]
		if err := b.write(t, st); err != nil {
			t.Fatal(err)
		}
		if st.copier.pages < before {
			anew++
		}
		before = st.copier.pages
		longest = max(longest, before)
	}
	return longest, anew
}

// check closes the stores in a folder and opens it anew: all must be there.
func (b *bulk) check(t *testing.T, dir string, stores ...*Store) {
	t.Helper()
	for _, st := range stores {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
	st := open(t, dir)
	err := st.lookup(t.Context(), func(s *session) error {
		for row := range min(b.commits, len(b.rows)) {
			var text string
			err := s.row("SELECT document FROM reference WHERE account = 1 AND recorded = ?", []any{row}, &text)
			if err != nil || text != b.text(row) {
				t.Errorf("row %d: %.8q, %v", row, text, err)
			}
		}
		var sound string
		err := s.row("PRAGMA quick_check", nil, &sound)
		if sound != "ok" {
			t.Error(sound)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheLogBeginsAnewWhileWritesGoOn(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]int{"of one store": 1, "of two on one folder": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var stores []*Store
			for range count {
				stores = append(stores, open(t, dir))
			}
			var b bulk
			longest, anew := b.writeOn(t, stores, 2)
			if most := waitPages + (count-1)*heldPages + 1000; anew < 2 || longest > most {
				t.Errorf("after %d commits the log was begun anew %d times, and had %d pages at its longest, of at most %d",
					b.commits, anew, longest, most)
			}
			b.check(t, dir, stores...)
		})
	}
}

func TestTheWriterWaitsForLittleAndWhereTheLogIsLong(t *testing.T) {
	t.Parallel()
	st := open(t, t.TempDir())
	for name, test := range map[string]struct {
		aim, pages, copied int
		started, later     bool
	}{
		"not of a log that is short":                       {0, copyPages - 1, 0, false, false},
		"not for much of it":                               {0, copyPages, copyPages - restPages - 1, true, false},
		"for the rest":                                     {0, copyPages, copyPages - restPages, true, true},
		"for much where it is long":                        {0, waitPages, 0, true, true},
		"not at once after a copy that did not come to it": {copyPages, copyPages + 1, copyPages - 1, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := st.copier
			c.pages, c.due, c.aim = 0, copyPages, test.aim
			idle := c.idle
			c.look(test.pages, test.copied)
			if started := c.idle != idle; started != test.started {
				t.Errorf("a copy was begun: %t", started)
			}
			if later := c.due == test.pages+heldPages; later != test.later {
				t.Errorf("the next one is due at %d pages", c.due)
			}
			<-c.idle
		})
	}
}

func TestTheWriterWaitsForACopyWhenTheLogIsLong(t *testing.T) {
	t.Parallel()
	st := open(t, t.TempDir())
	file := slowDisk{begun: make(chan struct{}), goOn: make(chan struct{})}
	st.copier.onFile(t, func(f systemFile) systemFile { file.systemFile = f; return file })
	var b bulk
	if err := b.write(t, st); err != nil {
		t.Fatal(err)
	}
	st.copier.look(copyPages, 0)
	<-file.begun
	st.copier.look(waitPages-1, 0)
	var released atomic.Bool
	time.AfterFunc(50*time.Millisecond, func() {
		released.Store(true)
		close(file.goOn)
	})
	if st.copier.look(waitPages, 0); !released.Load() {
		t.Error("it did not wait")
	}
}

// TestWritesGoOnBesideACopy holds a copy while the disk takes it.
func TestWritesGoOnBesideACopy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st := open(t, dir)
	file, begun := slowDisk{begun: make(chan struct{}), goOn: make(chan struct{})}, false
	st.copier.onFile(t, func(f systemFile) systemFile { file.systemFile = f; return file })
	var b bulk
	for beside := 0; beside < 10; {
		if err := b.write(t, st); err != nil {
			t.Fatal(err)
		}
		switch {
		case begun:
			beside++
		case st.copier.underWay():
			<-file.begun
			begun = true
		}
	}
	close(file.goOn)
	if longest, anew := b.writeOn(t, []*Store{st}, 1); anew < 1 {
		t.Errorf("the log has %d pages and was not begun anew", longest)
	}
	b.check(t, dir, st)
}

// slowDisk is a file whose first sync waits.
type slowDisk struct {
	systemFile
	begun, goOn chan struct{}
}

func (w slowDisk) Sync(flags vfs.SyncFlag) error {
	select {
	case <-w.goOn:
	default:
		close(w.begun)
		<-w.goOn
	}
	return w.systemFile.Sync(flags)
}

// TestACopyThatFailsIsTriedAgain has the disk take no page of the first one.
func TestACopyThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st := open(t, dir)
	st.copier.onFile(t, func(f systemFile) systemFile { return fullDisk{f} })
	var b bulk
	longest, anew := b.writeOn(t, []*Store{st}, 1)
	if anew < 1 || longest < copyPages+heldPages || longest > waitPages {
		t.Errorf("after %d commits the log was begun anew %d times, %d pages at its longest", b.commits, anew, longest)
	}
	b.check(t, dir, st)
}

// fullDisk is a file that takes nothing more.
type fullDisk struct{ systemFile }

func (fullDisk) WriteAt([]byte, int64) (int, error) { return 0, sqlite3.FULL }

// onFile replaces the database file of the copier's connection.
func (c *copier) onFile(t *testing.T, replace func(systemFile) systemFile) {
	t.Helper()
	err := c.pool.lend(t.Context(), func(s *session) error {
		return s.conn.Raw(func(raw any) error {
			file, err := fileOf(raw.(driver.Conn).Raw())
			if err == nil {
				file.systemFile = replace(file.systemFile)
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
