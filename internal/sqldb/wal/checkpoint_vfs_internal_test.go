package wal

import (
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
)

// TestAFailedSyncLosesNothing fails the sync of a checkpoint that a reader prevents from
// finishing, for which SQLite itself would not sync. It then opens a copy of the database
// file from before the checkpoint with the WAL, as after a crash that loses the pages.
func TestAFailedSyncLosesNothing(t *testing.T) {
	t.Parallel()
	dir, next := t.TempDir(), t.TempDir()
	w := openWriter(t, dir)
	var l load
	write := func() {
		for range 16 {
			if err := l.write(w); err != nil {
				t.Fatal(err)
			}
		}
	}
	write()
	copyFile(t, dir, next, fileName)
	failure := errors.New("the disk failed")
	w.replaceFile(func(f systemFile) systemFile { return failingDisk{f, failure} })
	reader, err := OpenFile(VFS, filepath.Join(dir, fileName), "ro", nil)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := reader.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := snapshot.QueryRowContext(t.Context(), "SELECT count(*) FROM texts").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	write()
	for range 2 { // the second call does nothing
		w.Checkpoint()
	}
	if err := errors.Join(snapshot.Rollback(), reader.Close()); err != nil {
		t.Fatal(err)
	}
	if err := l.write(w); !errors.Is(err, failure) {
		t.Errorf("the next write returned %v, want %v", err, failure)
	}
	var busy, pages, checkpointed int
	if err := w.db.QueryRowContext(t.Context(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &checkpointed); err != nil || busy == 0 {
		t.Errorf("another connection checkpointed %d of %d pages (%v)", checkpointed, pages, err)
	}
	if err := w.close(); !errors.Is(err, failure) {
		t.Errorf("Close returned %v, want %v", err, failure)
	}
	copyFile(t, dir, next, fileName+"-wal")
	l.check(t, next)
	l.check(t, dir) // this process can no longer checkpoint, but reads everything
}

// TestClosingTheCheckpointerLastCheckpointsNothing closes the writer's connection first, as
// a failing disk does. By default SQLite would checkpoint when the last connection closes.
func TestClosingTheCheckpointerLastCheckpointsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := openWriter(t, dir)
	w.replaceFile(func(f systemFile) systemFile { return failingDisk{f, errors.New("the disk failed")} })
	var l load
	if err := l.write(w); err != nil {
		t.Fatal(err)
	}
	conn, err := w.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close()
	w.closed = true
	if err := errors.Join(w.Checkpointer.Close(), w.db.Close()); err != nil {
		t.Fatal(err)
	}
	if err := openWriter(t, dir).close(); err != nil {
		t.Error(err)
	}
	// The last connection to close has the file alone and deletes the WAL.
	if info, err := os.Stat(filepath.Join(dir, fileName+"-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the WAL exists, as if the broken connection were open: %v, %v", info, err)
	}
	l.check(t, dir)
}

// failingDisk is a file that fails every sync.
type failingDisk struct {
	systemFile
	err error
}

func (d failingDisk) Sync(vfs.SyncFlag) error { return d.err }

func copyFile(t *testing.T, from, to, name string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(from, name))
	if err == nil {
		err = os.WriteFile(filepath.Join(to, name), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
