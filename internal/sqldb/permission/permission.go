// Package permission keeps other users of the machine from reading a database.
package permission

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
)

// Restrict removes the permissions of other users from a data folder and the named files in
// it, which may be missing. It logs that it did if the first file, the database, exists. It
// returns an error if it can't, and for a folder that is meant for everybody, such as /tmp.
func Restrict(dir string, files []string) error {
	if runtime.GOOS == "windows" { // there, permissions are inherited from the folder above
		return nil
	}
	info, err := os.Stat(dir)
	if err == nil && info.Mode()&fs.ModeSticky != 0 {
		return fmt.Errorf("%s is shared by all users: use a folder of your own", dir)
	}
	_, empty := os.Stat(filepath.Join(dir, files[0]))
	if err == nil {
		err = restrict(dir, info, 0o700, empty == nil)
	}
	for _, name := range files {
		path := filepath.Join(dir, name)
		info, missing := os.Lstat(path)
		if missing == nil && info.Mode().IsRegular() {
			err = errors.Join(err, restrict(path, info, 0o600, true))
		}
	}
	return err
}

func restrict(path string, info fs.FileInfo, allowed fs.FileMode, log bool) error {
	before := info.Mode().Perm()
	if before&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(path, allowed); err != nil {
		return fmt.Errorf("other users can access %s: %w; run chmod %o on it", path, err, allowed)
	}
	if !log {
		return nil
	}
	slog.Warn("other users could access the data: permissions changed",
		"path", path, "before", fmt.Sprintf("%#o", before), "after", fmt.Sprintf("%#o", allowed))
	return nil
}
