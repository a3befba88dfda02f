package sqlstore

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// copyingVFS names the files of [mergingVFS], but for a database: what is copied into it
// is on the disk before SQLite marks it as copied. SQLite itself sees to that only when it
// copied all of the log, which it seldom does beside a writer; then the whole burden is
// left to the last copy, which the writer waits for.
var copyingVFS = register("trueup-copier", copying{merging{systemVFS()}})

type copying struct{ merging }

// OpenFilename implements [vfs.VFSFilename].
func (c copying) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := c.merging.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_MAIN_DB != 0 {
		file = &copiedFile{systemFile: file.(systemFile)}
	}
	return file, flags, err
}

// systemFile is what SQLite asks of the system's files, and finds by their type.
type systemFile interface {
	vfs.FileLockState
	vfs.FileHasMoved
	vfs.FileSizeHint
	vfs.FilePersistWAL
	vfs.FilePowersafeOverwrite
	vfs.FileSharedMemory
}

// copiedFile is a database file.
type copiedFile struct {
	systemFile
	// fail is told of a failure.
	fail func(error)
}

// fileOf answers the database file of a copier's connection.
func fileOf(conn *sqlite3.Conn) (*copiedFile, error) {
	file, err := conn.FileControl("main", sqlite3.FCNTL_FILE_POINTER)
	if err != nil {
		return nil, err
	}
	copied, is := vfsutil.UnwrapFile[*copiedFile](file.(vfs.File)) // the driver wraps it once more
	if !is {
		return nil, fmt.Errorf("the database is a %T, which does not see to it that copies are on the disk", file)
	}
	return copied, nil
}

var _ vfs.FileCheckpoint = (*copiedFile)(nil)

// CheckpointStart implements [vfs.FileCheckpoint].
func (f *copiedFile) CheckpointStart() {}

// CheckpointDone implements [vfs.FileCheckpoint]. It is called after the last page was
// copied and before they are marked as such, which no error prevents. A disk that failed
// to take them may well say of the next attempt that all is there, and the log, the only
// place where they are, would be begun anew. So it never returns: SQLite's lock on copying
// is kept, against other processes too, until this one ends. Who opens the store then
// copies the log from its beginning.
func (f *copiedFile) CheckpointDone() {
	if err := f.Sync(vfs.SYNC_NORMAL); err != nil {
		f.fail(fmt.Errorf("copy the log into the database, which has to be opened anew: %w", err))
		select {}
	}
}
