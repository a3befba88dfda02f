package sqlstore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/trueup-ledger/trueup/internal/store"
)

func TestWritesToTheLogGoTogetherAndBeforeEverythingElse(t *testing.T) {
	for name, ask := range map[string]func(f *logFile) error{
		"sync":     func(f *logFile) error { return f.Sync(vfs.SYNC_NORMAL) },
		"read":     func(f *logFile) error { _, err := f.ReadAt(make([]byte, 5), 2); return err },
		"size":     func(f *logFile) error { _, err := f.Size(); return err },
		"truncate": func(f *logFile) error { return f.Truncate(7) },
		"write":    func(f *logFile) error { _, err := f.WriteAt([]byte("z"), 0); return err },
	} {
		under := &writesOf{}
		f := &logFile{File: under}
		for i, piece := range []string{"ab", "cd", "efg"} {
			if n, err := f.WriteAt([]byte(piece), 2+int64(2*i)); n != len(piece) || err != nil {
				t.Error(n, err)
			}
		}
		if under.calls != 0 {
			t.Errorf("%s: %d writes before it", name, under.calls)
		}
		if err := ask(f); err != nil || under.calls != 1 || string(under.content) != "\x00\x00abcdefg" {
			t.Errorf("%s: %d writes, %q, %v", name, under.calls, under.content, err)
		}
	}
}

// Another process may have committed in the same place meanwhile.
func TestALogThatIsClosedForgetsWhatItHoldsBack(t *testing.T) {
	under := &writesOf{}
	f := &logFile{File: under}
	if _, err := f.WriteAt([]byte("never committed"), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil || under.calls != 0 {
		t.Errorf("%d writes, %v", under.calls, err)
	}
}

func TestALogHoldsBackSoMuchOnly(t *testing.T) {
	under := &writesOf{}
	f := &logFile{File: under}
	want := bytes.Repeat([]byte("0123456789"), maxMerged/4)
	for offset := 0; offset < len(want); offset += 4096 {
		if _, err := f.WriteAt(want[offset:min(offset+4096, len(want))], int64(offset)); err != nil {
			t.Fatal(err)
		}
		if len(f.held) > maxMerged {
			t.Fatalf("%d bytes are held back", len(f.held))
		}
	}
	if err := f.Sync(vfs.SYNC_NORMAL); err != nil || !bytes.Equal(under.content, want) || under.calls != 3 {
		t.Errorf("%d bytes in %d writes, want %d in 3 (%v)", len(under.content), under.calls, len(want), err)
	}
}

func TestWhatALogCannotWriteIsForgotten(t *testing.T) {
	full := errors.New("full")
	under := &writesOf{err: full}
	f := &logFile{File: under}
	if _, err := f.WriteAt([]byte("lost"), 0); err != nil {
		t.Error(err)
	}
	if err := f.Sync(vfs.SYNC_NORMAL); !errors.Is(err, full) {
		t.Errorf("error is %v, want %v", err, full)
	}
	under.err = nil
	if err := f.Sync(vfs.SYNC_NORMAL); err != nil || len(under.content) != 0 {
		t.Errorf("%q was written after all (%v)", under.content, err)
	}
}

func TestACommitIsInTheLogWhenItIsDone(t *testing.T) {
	dir := t.TempDir()
	st := open(t, dir)
	fill(t, st, 1)
	log := func() []byte {
		content, err := os.ReadFile(filepath.Join(dir, databaseFile+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	before := log()
	write(t, st, []store.Submission{modification(1, 5)})
	after := log()
	if len(after) <= len(before) || !bytes.Contains(after[len(before):], []byte("Quantity=5")) {
		t.Errorf("the log had %d bytes and has %d, without what was committed", len(before), len(after))
	}
}

// writesOf keeps what is written to it.
type writesOf struct {
	vfs.File
	content []byte
	calls   int
	err     error
}

func (w *writesOf) WriteAt(p []byte, offset int64) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.calls++
	w.content = append(w.content, make([]byte, max(0, int(offset)+len(p)-len(w.content)))...)
	return copy(w.content[offset:], p), nil
}

func (w *writesOf) ReadAt(p []byte, offset int64) (int, error) {
	return copy(p, w.content[offset:]), nil
}
func (w *writesOf) Truncate(int64) error    { return nil }
func (w *writesOf) Sync(vfs.SyncFlag) error { return nil }
func (w *writesOf) Size() (int64, error)    { return int64(len(w.content)), nil }
func (w *writesOf) Close() error            { return nil }
