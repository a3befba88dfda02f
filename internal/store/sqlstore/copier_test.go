package sqlstore

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"
)

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
