package wal

import (
	"time"

	"github.com/ncruces/go-sqlite3/vfs"
)

// PacedVFS is the name of a VFS like [VFS] whose readers of a database file pause, so that
// they use at most half of a processor.
var PacedVFS = register("trueup-paced", pacedVFS{mergingVFS{systemVFS()}})

type pacedVFS struct{ mergingVFS }

// OpenFilename implements [vfs.VFSFilename].
func (p pacedVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := p.mergingVFS.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_MAIN_DB != 0 {
		file = &pacedFile{File: file, begin: time.Now()}
	}
	return file, flags, err
}

// pacedFile is a database file of a single connection.
type pacedFile struct {
	vfs.File
	begin time.Time
}

// ReadAt implements [vfs.File].
func (f *pacedFile) ReadAt(p []byte, offset int64) (int, error) {
	f.begin = Pause(f.begin)
	return f.File.ReadAt(p, offset)
}

// Unwrap implements [vfs.FileUnwrap].
func (f *pacedFile) Unwrap() vfs.File { return f.File }

// pauseAfter is the time of work after which a pause is due. A pause is as long as the work,
// but at most maxPause.
const (
	pauseAfter = 2 * time.Millisecond
	maxPause   = 100 * time.Millisecond
)

// Pause pauses if work that began at the given time is due for a pause. It returns the time
// at which the work that follows began.
func Pause(began time.Time) time.Time {
	worked := time.Since(began)
	if worked < pauseAfter {
		return began
	}
	time.Sleep(min(worked, maxPause))
	return time.Now()
}
