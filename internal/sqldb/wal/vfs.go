package wal

import (
	"encoding/binary"
	"os"
	"strings"

	"github.com/ncruces/go-sqlite3/vfs"
)

// VFS is the name of a VFS that opens the operating system's files, but merges writes to
// the WAL: SQLite writes each page in two pieces, and the VFS writes the pieces of a commit
// in one call, or in several if they are large. It creates files with permissions for
// their owner only.
var VFS = register("trueup", mergingVFS{systemVFS()})

func systemVFS() vfs.VFSFilename { return vfs.Find("").(vfs.VFSFilename) }

func register(name string, files vfs.VFS) string {
	vfs.Register(name, files)
	return name
}

type mergingVFS struct{ vfs.VFSFilename }

// OpenFilename implements [vfs.VFSFilename].
func (m mergingVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if flags&vfs.OPEN_CREATE != 0 && name != nil {
		createPrivate(name.String())
		if database, found := strings.CutSuffix(name.String(), walSuffix); found && flags&vfs.OPEN_WAL != 0 {
			createPrivate(database + "-shm") // SQLite opens it next, without this VFS
		}
	}
	file, flags, err := m.VFSFilename.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_WAL != 0 {
		mark := MarkOf(strings.TrimSuffix(name.String(), walSuffix))
		mark.open()
		file = &walFile{File: file, mark: mark}
	}
	return file, flags, err
}

// Delete implements [vfs.VFS]. SQLite deletes a WAL when the database file contains all of
// it.
func (m mergingVFS) Delete(path string, syncDir bool) error {
	if database, found := strings.CutSuffix(path, walSuffix); found {
		if err := MarkOf(database).reset(); err != nil {
			return err
		}
	}
	return m.VFSFilename.Delete(path, syncDir)
}

const walSuffix = "-wal"

// createPrivate creates a file with permissions for its owner only, unless it exists. It
// ignores errors: opening the file reports them.
func createPrivate(path string) {
	if file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		_ = file.Close()
	}
}

// maxMerged bounds the bytes that are merged into one write.
const maxMerged = 256 << 10

// walFile is a WAL that buffers consecutive writes until any other operation.
//
// No reader misses the buffered bytes: other connections read the WAL only up to the last
// commit in its index, and SQLite adds a commit to the index after syncing it
// (synchronous=FULL). No other process writes in the same place: with cache_spill off, a
// transaction writes to the WAL only during its COMMIT, while it holds the write lock, and
// a COMMIT either syncs its writes or discards them.
type walFile struct {
	vfs.File
	// buffer holds the pending bytes, which belong at offset.
	buffer []byte
	offset int64

	// mark is written when a commit was synced.
	mark *Mark
	// commit is the frame that ends the transaction that was written last, and commitSalt
	// its generation. Commit is 0 if the transaction is not complete.
	commit     int64
	commitSalt Salt
	// header reports whether the last write was the header of such a frame.
	header bool
}

// observe notes the end of a transaction. SQLite writes the header of a frame, the only
// piece of its length, and then the page.
func (f *walFile) observe(p []byte, offset int64) {
	switch {
	case len(p) == frameHeaderSize:
		f.commit, f.commitSalt, f.header = 0, Salt(p[8:16]), binary.BigEndian.Uint32(p[4:]) != 0
	case f.header:
		f.commit, f.header = (offset+int64(len(p))-headerSize)/(frameHeaderSize+int64(len(p))), false
	}
}

// flush writes the buffer. If that fails, it discards the buffer, since SQLite then rolls
// the transaction back.
func (f *walFile) flush() error {
	if len(f.buffer) == 0 {
		return nil
	}
	_, err := f.File.WriteAt(f.buffer, f.offset)
	f.buffer = f.buffer[:0]
	return err
}

// WriteAt implements [vfs.File].
func (f *walFile) WriteAt(p []byte, offset int64) (int, error) {
	if offset != f.offset+int64(len(f.buffer)) || len(f.buffer)+len(p) > maxMerged {
		if err := f.flush(); err != nil {
			return 0, err
		}
		f.offset = offset
	}
	f.buffer = append(f.buffer, p...)
	f.observe(p, offset)
	return len(p), nil
}

// ReadAt implements [vfs.File].
func (f *walFile) ReadAt(p []byte, offset int64) (int, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, offset)
}

// Truncate implements [vfs.File].
func (f *walFile) Truncate(size int64) error {
	if err := f.flush(); err != nil {
		return err
	}
	if size == 0 { // the database file contains everything
		if err := f.mark.reset(); err != nil {
			return err
		}
	}
	return f.File.Truncate(size)
}

// Sync implements [vfs.File].
func (f *walFile) Sync(flags vfs.SyncFlag) error {
	frames := f.commit
	f.commit = 0
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.File.Sync(flags); err != nil {
		return err
	}
	if frames > 0 {
		f.mark.commit(f.commitSalt, frames)
	}
	return nil
}

// Size implements [vfs.File].
func (f *walFile) Size() (int64, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.Size()
}

// Close implements [vfs.File].
func (f *walFile) Close() error {
	f.buffer = nil // it was never part of a commit
	f.mark.close()
	return f.File.Close()
}
