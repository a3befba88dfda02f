package wal

import (
	"fmt"
	"os"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/trueup-ledger/trueup/internal/sqldb/scrub"
)

// checkpointVFS is the name of a VFS like [VFS] whose database file syncs the checkpointed
// pages before SQLite marks them as checkpointed. SQLite itself syncs only after it has
// checkpointed the whole WAL. That seldom happens while a writer is active, so the sync
// would be left to the last checkpoint, for which the writer waits.
var checkpointVFS = register("trueup-checkpoint", syncingVFS{mergingVFS{systemVFS()}})

type syncingVFS struct{ mergingVFS }

// OpenFilename implements [vfs.VFSFilename].
func (s syncingVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := s.mergingVFS.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_MAIN_DB != 0 {
		file = &databaseFile{systemFile: file.(systemFile), mark: ScrubMark(name.String())}
	}
	return file, flags, err
}

// systemFile lists the optional interfaces of the operating system's files. The driver
// finds them by type assertion.
type systemFile interface {
	vfs.FileLockState
	vfs.FileHasMoved
	vfs.FileSizeHint
	vfs.FilePersistWAL
	vfs.FilePowersafeOverwrite
	vfs.FileSharedMemory
}

// databaseFile is the database file of the checkpointer's connection.
type databaseFile struct {
	systemFile
	// fail is called with the error of a failed sync.
	fail func(error)
	// mark is the path of the [ScrubMark], and cleaning whether it was there when the last
	// checkpoint began.
	mark     string
	cleaning bool
}

// ScrubMark returns the path of the file that is there while any process scrubs the database at
// path: until then, checkpoints copy pages as they are.
func ScrubMark(path string) string { return path + "-scrub" }

// databaseFileOf returns the database file of a checkpointer's connection.
func databaseFileOf(conn *sqlite3.Conn) (*databaseFile, error) {
	file, err := conn.FileControl("main", sqlite3.FCNTL_FILE_POINTER)
	if err != nil {
		return nil, err
	}
	database, ok := vfsutil.UnwrapFile[*databaseFile](file.(vfs.File)) // the driver wraps it once more
	if !ok {
		return nil, fmt.Errorf("the database file is a %T, which does not sync checkpoints", file)
	}
	return database, nil
}

var _ vfs.FileCheckpoint = (*databaseFile)(nil)

// WriteAt implements [vfs.File]. SQLite leaves deleted rows in the free space of pages. While the
// file is scrubbed they don't get there, so that erased data don't come back.
func (f *databaseFile) WriteAt(p []byte, offset int64) (int, error) {
	if size := int64(len(p)); f.cleaning && size > 0 && offset%size == 0 {
		scrub.Clean(p, offset/size+1)
	}
	return f.systemFile.WriteAt(p, offset)
}

// CheckpointStart implements [vfs.FileCheckpoint].
func (f *databaseFile) CheckpointStart() {
	_, err := os.Stat(f.mark)
	f.cleaning = err == nil
}

// CheckpointDone implements [vfs.FileCheckpoint]. SQLite calls it after it has copied
// the last page and before it marks the pages as checkpointed, and gives it no way to
// prevent that. A disk that lost pages may report success for the next sync, and the WAL,
// the only place that still has them, would be reused. So after a failed sync,
// CheckpointDone blocks forever: SQLite's checkpoint lock remains held, also against
// other processes, until this process ends. The next process that opens the database
// checkpoints the WAL from its beginning.
func (f *databaseFile) CheckpointDone() {
	if err := f.Sync(vfs.SYNC_NORMAL); err != nil {
		f.fail(fmt.Errorf("checkpoint the write-ahead log: restart to recover: %w", err))
		select {}
	}
}
