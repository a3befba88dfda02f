package sqldb

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
)

// restrictAccess removes the permissions of other users from a data folder and the files
// of its database, and logs that it did. It returns an error if it can't, and for a folder
// that is meant for everybody, such as /tmp.
func restrictAccess(dir string) error {
	if runtime.GOOS == "windows" { // there, permissions are inherited from the folder above
		return nil
	}
	info, err := os.Stat(dir)
	if err == nil && info.Mode()&fs.ModeSticky != 0 {
		return fmt.Errorf("%s is shared by all users: use a folder of your own", dir)
	}
	if err == nil {
		err = restrict(dir, info, 0o700)
	}
	for _, name := range append(SQLiteFiles(), lockFile, migrateLockFile) {
		path := filepath.Join(dir, name)
		info, missing := os.Lstat(path)
		if missing == nil && info.Mode().IsRegular() {
			err = errors.Join(err, restrict(path, info, 0o600))
		}
	}
	return err
}

func restrict(path string, info fs.FileInfo, allowed fs.FileMode) error {
	before := info.Mode().Perm()
	if before&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(path, allowed); err != nil {
		return fmt.Errorf("other users can access %s: %w; run chmod %o on it", path, err, allowed)
	}
	slog.Warn("other users could access the data: permissions changed",
		"path", path, "before", fmt.Sprintf("%#o", before), "after", fmt.Sprintf("%#o", allowed))
	return nil
}
