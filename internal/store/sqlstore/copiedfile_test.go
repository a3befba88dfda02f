package sqlstore

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
)

// TestWhatTheDiskLosesOfACopyIsStillInTheLog has the disk fail under a copy that a reader
// keeps from the log's end, of which SQLite alone would not wait for the disk. The next
// process finds the database as it was before.
func TestWhatTheDiskLosesOfACopyIsStillInTheLog(t *testing.T) {
	t.Parallel()
	dir, next := t.TempDir(), t.TempDir()
	st, err := OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var b bulk
	write := func() {
		for range 16 {
			if err := b.write(t, st); err != nil {
				t.Fatal(err)
			}
		}
	}
	write()
	keep(t, dir, next, databaseFile)
	failure := errors.New("the disk failed")
	st.copier.onFile(t, func(f systemFile) systemFile { return failing{f, failure} })
	err = st.readers.lend(t.Context(), func(s *session) error {
		return s.within(st.dialect.beginRead, func() error {
			var rows int
			err := s.row("SELECT count(*) FROM reference", nil, &rows)
			write()
			for range 2 { // the second is none
				st.copier.copy(passive)
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.write(t, st); !errors.Is(err, failure) {
		t.Errorf("a write answers %v, want %v", err, failure)
	}
	var busy, pages, copied int
	err = st.writers.lend(t.Context(), func(s *session) error {
		return s.row("PRAGMA wal_checkpoint(PASSIVE)", nil, &busy, &pages, &copied)
	})
	if err != nil || busy == 0 {
		t.Errorf("another copies %d pages of %d, error %v", copied, pages, err)
	}
	if err := st.Close(); !errors.Is(err, failure) {
		t.Errorf("Close answers %v, want %v", err, failure)
	}
	keep(t, dir, next, databaseFile+"-wal")
	b.check(t, next)
	b.check(t, dir) // in this process nobody copies any more, and all is there too
}

// TestTheCopierThatIsClosedLastCopiesNothing has the writer lost, as by a failing disk:
// SQLite would copy the log as the last connection is closed.
func TestTheCopierThatIsClosedLastCopiesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	st.copier.onFile(t, func(f systemFile) systemFile { return failing{f, errors.New("the disk failed")} })
	var b bulk
	err = errors.Join(b.write(t, st), st.writers.lend(t.Context(), func(s *session) error {
		s.broken = true
		return nil
	}), st.Close())
	if err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir).Close(); err != nil {
		t.Error(err)
	}
	// Whoever is last to close has the file alone, and leaves no log.
	if log, err := os.Stat(filepath.Join(dir, databaseFile+"-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is there, as if a connection that was lost were open: %v, %v", log, err)
	}
	b.check(t, dir)
}

// failing is a file of which a disk keeps nothing.
type failing struct {
	systemFile
	err error
}

func (f failing) Sync(vfs.SyncFlag) error { return f.err }

// keep copies a file from one folder to another.
func keep(t *testing.T, from, to, name string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(from, name))
	if err == nil {
		err = os.WriteFile(filepath.Join(to, name), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
