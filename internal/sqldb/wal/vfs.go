package wal

import "github.com/ncruces/go-sqlite3/vfs"

// VFS is the name of a VFS that opens the operating system's files, but merges writes
// to the WAL: SQLite writes each page in two pieces, and all pieces of one commit
// reach the system in one call.
var VFS = register("trueup", mergingVFS{systemVFS()})

func systemVFS() vfs.VFSFilename { return vfs.Find("").(vfs.VFSFilename) }

func register(name string, files vfs.VFS) string {
	vfs.Register(name, files)
	return name
}

type mergingVFS struct{ vfs.VFSFilename }

// OpenFilename implements [vfs.VFSFilename].
func (m mergingVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := m.VFSFilename.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_WAL != 0 {
		file = &logFile{File: file}
	}
	return file, flags, err
}

// maxMerged bounds the bytes that are merged into one write.
const maxMerged = 256 << 10

// logFile is a WAL that buffers consecutive writes until any other operation.
//
// No reader misses the buffered bytes: others read the WAL only as far as its index
// says, and SQLite adds a commit to the index after syncing it (synchronous=FULL). No
// other process overwrites them either: with cache_spill off, a transaction writes to
// the WAL only while it commits, and a commit ends with a sync or discards what it
// wrote.
type logFile struct {
	vfs.File
	// buffer holds the pending bytes, which belong at offset.
	buffer []byte
	offset int64
}

// flush writes the buffer. A failure discards it, since SQLite then rolls the
// transaction back.
func (f *logFile) flush() error {
	if len(f.buffer) == 0 {
		return nil
	}
	_, err := f.File.WriteAt(f.buffer, f.offset)
	f.buffer = f.buffer[:0]
	return err
}

// WriteAt implements [vfs.File].
func (f *logFile) WriteAt(p []byte, offset int64) (int, error) {
	if offset != f.offset+int64(len(f.buffer)) || len(f.buffer)+len(p) > maxMerged {
		if err := f.flush(); err != nil {
			return 0, err
		}
		f.offset = offset
	}
	f.buffer = append(f.buffer, p...)
	return len(p), nil
}

// ReadAt implements [vfs.File].
func (f *logFile) ReadAt(p []byte, offset int64) (int, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, offset)
}

// Truncate implements [vfs.File].
func (f *logFile) Truncate(size int64) error {
	if err := f.flush(); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

// Sync implements [vfs.File].
func (f *logFile) Sync(flags vfs.SyncFlag) error {
	if err := f.flush(); err != nil {
		return err
	}
	return f.File.Sync(flags)
}

// Size implements [vfs.File].
func (f *logFile) Size() (int64, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.Size()
}

// Close implements [vfs.File].
func (f *logFile) Close() error {
	f.buffer = nil // it was never part of a commit
	return f.File.Close()
}
