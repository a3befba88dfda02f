package wal

import "github.com/ncruces/go-sqlite3/vfs"

// BackupVFS is the name of a VFS like [VFS] that also merges the writes to a database file.
// It is for a file that a single connection fills.
var BackupVFS = register("trueup-backup", backupVFS{mergingVFS{systemVFS()}})

type backupVFS struct{ mergingVFS }

// OpenFilename implements [vfs.VFSFilename].
func (b backupVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := b.mergingVFS.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_MAIN_DB != 0 {
		file = &walFile{File: file, mark: &Mark{}} // no frame of a WAL ends here, so the mark is not used
	}
	return file, flags, err
}
