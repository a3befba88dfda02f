package logcheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// AcceptLoss copies the files of a damaged database at path into a new folder beside them
// and returns it. It then has SQLite recover what it can, and forgets the high-water mark.
// No process may have the database open.
func AcceptLoss(ctx context.Context, path string, now time.Time) (folder string, err error) {
	folder = filepath.Join(filepath.Dir(path), "damaged-"+now.UTC().Format("20060102T150405Z"))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	for _, suffix := range []string{"", "-wal", wal.MarkSuffix} {
		if err := copyFile(path+suffix, filepath.Join(folder, filepath.Base(path)+suffix)); err != nil {
			return folder, fmt.Errorf("copy the damaged files: %w", err)
		}
	}
	db, err := wal.OpenFile(wal.VFS, path, "rw", nil, "synchronous(FULL)")
	if err != nil {
		return folder, err
	}
	db.SetMaxOpenConns(1)
	var busy, pages, checkpointed int
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &checkpointed)
	if err == nil && busy != 0 {
		err = errors.New("another process has the database open")
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return folder, fmt.Errorf("recover the database: %w", err)
	}
	for _, suffix := range []string{"-wal", wal.MarkSuffix} { // SQLite keeps a WAL that it ignored
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return folder, err
		}
	}
	return folder, nil
}

// copyFile copies a file that may be missing.
func copyFile(from, to string) error {
	source, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Sync(), target.Close())
}
