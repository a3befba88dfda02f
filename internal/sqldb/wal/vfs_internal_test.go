package wal

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
)

func TestWritesAreMergedUntilAnyOtherOperation(t *testing.T) {
	for name, operation := range map[string]func(f *walFile) error{
		"sync":              func(f *walFile) error { return f.Sync(vfs.SYNC_NORMAL) },
		"read":              func(f *walFile) error { _, err := f.ReadAt(make([]byte, 5), 2); return err },
		"size":              func(f *walFile) error { _, err := f.Size(); return err },
		"truncate":          func(f *walFile) error { return f.Truncate(7) },
		"a write elsewhere": func(f *walFile) error { _, err := f.WriteAt([]byte("z"), 0); return err },
	} {
		t.Run(name, func(t *testing.T) {
			file := &memoryFile{}
			f := &walFile{File: file, mark: &Mark{path: filepath.Join(t.TempDir(), "mark")}}
			for i, piece := range []string{"ab", "cd", "efg"} {
				if n, err := f.WriteAt([]byte(piece), 2+int64(2*i)); n != len(piece) || err != nil {
					t.Error(n, err)
				}
			}
			if file.writes != 0 {
				t.Errorf("%d writes before the operation, want none", file.writes)
			}
			if err := operation(f); err != nil || file.writes != 1 || string(file.content) != "\x00\x00abcdefg" {
				t.Errorf("%d writes of %q (%v), want all pieces in one", file.writes, file.content, err)
			}
		})
	}
}

// Another process may have committed in the same place in the meantime.
func TestCloseDiscardsTheBuffer(t *testing.T) {
	file := &memoryFile{}
	f := &walFile{File: file, mark: &Mark{path: filepath.Join(t.TempDir(), "mark")}}
	if _, err := f.WriteAt([]byte("never committed"), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil || file.writes != 0 {
		t.Errorf("%d writes (%v), want none", file.writes, err)
	}
}

func TestTheBufferIsBounded(t *testing.T) {
	file := &memoryFile{}
	f := &walFile{File: file, mark: &Mark{path: filepath.Join(t.TempDir(), "mark")}}
	want := bytes.Repeat([]byte("0123456789"), maxMerged/4)
	for offset := 0; offset < len(want); offset += 4096 {
		if _, err := f.WriteAt(want[offset:min(offset+4096, len(want))], int64(offset)); err != nil {
			t.Fatal(err)
		}
		if len(f.buffer) > maxMerged {
			t.Fatalf("the buffer holds %d bytes, want at most %d", len(f.buffer), maxMerged)
		}
	}
	if err := f.Sync(vfs.SYNC_NORMAL); err != nil || !bytes.Equal(file.content, want) || file.writes != 3 {
		t.Errorf("%d bytes in %d writes (%v), want %d in 3", len(file.content), file.writes, err, len(want))
	}
}

func TestAFailedWriteDiscardsTheBuffer(t *testing.T) {
	full := errors.New("full")
	file := &memoryFile{err: full}
	f := &walFile{File: file, mark: &Mark{path: filepath.Join(t.TempDir(), "mark")}}
	if _, err := f.WriteAt([]byte("lost"), 0); err != nil {
		t.Error(err)
	}
	if err := f.Sync(vfs.SYNC_NORMAL); !errors.Is(err, full) {
		t.Errorf("Sync returned %v, want %v", err, full)
	}
	file.err = nil
	if err := f.Sync(vfs.SYNC_NORMAL); err != nil || len(file.content) != 0 {
		t.Errorf("the next Sync wrote %q (%v), want nothing", file.content, err)
	}
}

func TestACommitIsInTheWAL(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir)
	w.exec("INSERT INTO texts VALUES (1, 'before')")
	before := readWAL(t, dir)
	w.exec("INSERT INTO texts VALUES (2, 'the next commit')")
	after := readWAL(t, dir)
	if len(after) <= len(before) || !bytes.Contains(after[len(before):], []byte("the next commit")) {
		t.Errorf("the WAL grew from %d to %d bytes without the commit", len(before), len(after))
	}
}

// memoryFile is an in-memory file that counts its writes.
type memoryFile struct {
	vfs.File
	content []byte
	writes  int
	err     error
}

func (f *memoryFile) WriteAt(p []byte, offset int64) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	f.writes++
	f.content = append(f.content, make([]byte, max(0, int(offset)+len(p)-len(f.content)))...)
	return copy(f.content[offset:], p), nil
}

func (f *memoryFile) ReadAt(p []byte, offset int64) (int, error) {
	return copy(p, f.content[offset:]), nil
}
func (f *memoryFile) Truncate(int64) error    { return nil }
func (f *memoryFile) Sync(vfs.SyncFlag) error { return nil }
func (f *memoryFile) Size() (int64, error)    { return int64(len(f.content)), nil }
func (f *memoryFile) Close() error            { return nil }
