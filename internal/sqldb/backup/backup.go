// Package backup copies a SQLite database while it is written.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// stepPages is the number of pages, some 16 MiB, after which a copy notices that its
// context ended.
const stepPages = 4_000

// partialSuffix ends the name of a copy that is not complete.
const partialSuffix = ".partial"

// Copy copies the database at path to a new file with permissions for its owner only. The
// copy is the state of one moment, whatever other connections write meanwhile. Copy checks
// the copy with SQLite's integrity check and then, unless it is nil, with verify, before
// the file gets its name. If the file exists, Copy returns an error that wraps
// [fs.ErrExist]. Copy returns the time that it took before the checks.
func Copy(ctx context.Context, path, to string, verify func(copied string) error) (took time.Duration, err error) {
	if _, err := os.Lstat(to); err == nil {
		return 0, fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	partial := to + partialSuffix
	if err := remove(partial, "", "-journal", "-wal", "-shm"); err != nil { // of a killed process
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, remove(partial, "", "-journal", "-wal", "-shm"))
		}
	}()
	start := time.Now()
	if err := copyPages(ctx, path, partial); err != nil {
		return 0, fmt.Errorf("copy the database: %w", err)
	}
	if err := sync(partial); err != nil {
		return 0, err
	}
	took = time.Since(start)
	if err := check(ctx, partial); err != nil {
		return took, fmt.Errorf("check the copy: %w", err)
	}
	if verify != nil {
		if err := verify(partial); err != nil {
			return took, err
		}
	}
	return took, publish(partial, to)
}

// copyPages copies the pages of one snapshot. SQLite starts a copy again when another
// connection writes, unless the copying connection reads a snapshot.
func copyPages(ctx context.Context, path, to string) (err error) {
	db, err := wal.OpenFile(wal.VFS, path, "ro", nil, "busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var tables int
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil { // opens the snapshot
		return err
	}
	err = conn.Raw(func(raw any) error { return steps(ctx, raw.(driver.Conn).Raw(), to) })
	_, ended := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(err, ended)
}

func steps(ctx context.Context, source *sqlite3.Conn, to string) (err error) {
	target := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(to), RawQuery: url.Values{"vfs": {wal.BackupVFS}}.Encode()}
	b, err := source.BackupInit("main", target.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	for done := false; !done; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if done, err = b.Step(stepPages); err != nil {
			return err
		}
	}
	return nil
}

// check returns an error if SQLite finds the database at path inconsistent.
func check(ctx context.Context, path string) (err error) {
	db, err := wal.OpenFile(wal.VFS, path, "ro", nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var result string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return errors.New(result)
	}
	return nil
}

// publish gives the copy, which is on disk, its name.
func publish(partial, to string) error {
	if err := remove(partial, "-wal", "-shm"); err != nil { // reading the copy created them, empty
		return err
	}
	if err := os.Link(partial, to); err != nil { // unlike a rename, it replaces nothing
		return err
	}
	return errors.Join(os.Remove(partial), sync(filepath.Dir(to)))
}

func sync(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// remove removes the files that are named path and one of the suffixes, if they exist.
func remove(path string, suffixes ...string) error {
	for _, suffix := range suffixes {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// CopyClosed copies a database file to another folder, which must not contain one. No process may
// have the database open, so that the file is complete without a WAL.
func CopyClosed(name, from, to string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("copy the database: %w", err)
		}
	}()
	source, err := os.Open(filepath.Join(from, name))
	if err != nil {
		return err
	}
	defer source.Close()
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	target, err := os.OpenFile(filepath.Join(to, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Sync(), target.Close())
}
