package sqlstore

import "github.com/ncruces/go-sqlite3/vfs"

// mergingVFS names the operating system's files, but for the write-ahead log: SQLite
// writes each of its pages in two pieces, one after the other, and those of one
// commit go to the system together.
var mergingVFS = register("trueup", merging{systemVFS()})

func systemVFS() vfs.VFSFilename { return vfs.Find("").(vfs.VFSFilename) }

func register(name string, files vfs.VFS) string {
	vfs.Register(name, files)
	return name
}

type merging struct{ vfs.VFSFilename }

// OpenFilename implements [vfs.VFSFilename].
func (m merging) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := m.VFSFilename.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_WAL != 0 {
		file = &logFile{File: file}
	}
	return file, flags, err
}

// maxMerged is how much is put together.
const maxMerged = 256 << 10

// logFile holds back what is written until something else than a write next to it is
// asked for. Others look at a log only as far as its index says, and a commit is in
// the index when it is on disk (synchronous=FULL): nobody misses what is held back. A
// transaction writes to the log in its commit alone (cache_spill), which ends with a sync
// or takes back what it wrote: nothing is held back that another process's commit, in the
// same place, could meet.
type logFile struct {
	vfs.File
	// held belongs at the offset.
	held   []byte
	offset int64
}

// flush writes what is held back. If that fails it is forgotten, as SQLite takes
// back the transaction.
func (f *logFile) flush() error {
	if len(f.held) == 0 {
		return nil
	}
	_, err := f.File.WriteAt(f.held, f.offset)
	f.held = f.held[:0]
	return err
}

// WriteAt implements [vfs.File].
func (f *logFile) WriteAt(p []byte, offset int64) (int, error) {
	if offset != f.offset+int64(len(f.held)) || len(f.held)+len(p) > maxMerged {
		if err := f.flush(); err != nil {
			return 0, err
		}
		f.offset = offset
	}
	f.held = append(f.held, p...)
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
	f.held = nil // it was never in a commit
	return f.File.Close()
}
