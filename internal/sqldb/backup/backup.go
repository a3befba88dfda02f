// Package backup copies a SQLite database while it is written, and reads and checks the copies.
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
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// stepPages is the number of pages, 1 MiB, after which a copy pauses and notices that its
// context ended. syncSteps is the number of steps after which it is synced: the disk would
// otherwise be busy for seconds with the sync at the end, and commits would wait.
const (
	stepPages = 256
	syncSteps = 16
)

// partialSuffix ends the name of a copy that is not complete.
const partialSuffix = ".partial"

// besides end the names of a database file and of those that SQLite keeps beside it.
var besides = []string{"", "-journal", "-wal", "-shm"}

// Options are the options of [Copy].
type Options struct {
	// Paced makes the copy and its check pause, so that a server beside it has time.
	Paced bool
	// Verify, unless it is nil, is called with the copy before it gets its name.
	Verify func(copied string) error
}

// Copy copies the database at path to a new file with permissions for its owner only. The
// copy is the state of one moment, whatever other connections write meanwhile, and has a
// stamp (see [ReadStamp]). Copy checks it with SQLite's integrity check and with
// [Options.Verify] before the file gets its name. If the file exists, Copy returns an error
// that wraps [fs.ErrExist]. If the disk has no space for the copy, Copy returns [ErrNoSpace]
// before it is full. Copy returns the time that it took before the checks.
func Copy(ctx context.Context, path, to string, o Options) (took time.Duration, err error) {
	if _, err := os.Lstat(to); err == nil {
		return 0, fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	partial := to + partialSuffix
	if err := remove(partial, besides...); err != nil { // of a killed process
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, remove(partial, besides...))
		}
	}()
	start := time.Now()
	if err := copyPages(ctx, path, partial, o.Paced); err != nil {
		return 0, fmt.Errorf("copy the database: %w", err)
	}
	if err := writeStamp(partial, start); err != nil {
		return 0, err
	}
	took = time.Since(start)
	if err := Check(ctx, partial, o.Paced); err != nil {
		return took, fmt.Errorf("check the copy: %w", err)
	}
	if o.Verify != nil {
		if err := o.Verify(partial); err != nil {
			return took, err
		}
	}
	return took, Publish(partial, to)
}

// copyPages copies the pages of one snapshot. SQLite starts a copy again when another
// connection writes, unless the copying connection reads a snapshot.
func copyPages(ctx context.Context, path, to string, paced bool) (err error) {
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
	var pages, pageSize int64
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&pages); err != nil { // opens the snapshot
		return err
	}
	err = conn.QueryRowContext(ctx, "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size").Scan(&pages, &pageSize)
	if err == nil {
		err = checkSpace(filepath.Dir(to), pages*pageSize)
	}
	if err == nil {
		err = conn.Raw(func(raw any) error { return steps(ctx, raw.(driver.Conn).Raw(), to, paced) })
	}
	_, ended := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(err, ended)
}

func steps(ctx context.Context, source *sqlite3.Conn, to string, paced bool) (err error) {
	target := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(to), RawQuery: url.Values{"vfs": {wal.BackupVFS}}.Encode()}
	b, err := source.BackupInit("main", target.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	begin := time.Now()
	for step, done := 1, false; !done; step++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if done, err = b.Step(stepPages); err != nil {
			return err
		}
		if step%syncSteps == 0 {
			if err := checkSpace(filepath.Dir(to), 0); err != nil {
				return err
			}
			if err := sync(to); err != nil {
				return err
			}
		}
		if paced && !done {
			begin = wal.Pause(begin)
		}
	}
	return nil
}

// Check returns an error if SQLite finds the database in a complete file inconsistent. It
// creates no file beside it.
func Check(ctx context.Context, path string, paced bool) (err error) {
	files := wal.VFS
	if paced {
		files = wal.PacedVFS
	}
	db, err := wal.OpenFile(files, path, wal.Immutable, nil)
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

// Publish gives a complete file, which no process has open, another name in one step. If a
// file has that name, Publish returns an error that wraps [fs.ErrExist].
func Publish(path, to string) error {
	if err := sync(path); err != nil {
		return err
	}
	if err := os.Link(path, to); err != nil { // unlike a rename, it replaces nothing
		return err
	}
	return errors.Join(sync(filepath.Dir(to)), os.Remove(path))
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
func CopyClosed(name, from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return CopyFile(context.Background(), filepath.Join(from, name), filepath.Join(to, name))
}

// CopyFile copies a complete database file to a new one and syncs it.
func CopyFile(ctx context.Context, from, to string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("copy the database: %w", err)
		}
	}()
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	info, err := source.Stat()
	if err == nil {
		err = checkSpace(filepath.Dir(to), info.Size())
	}
	if err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, contextReader{ctx, source})
	return errors.Join(err, target.Sync(), target.Close())
}

// contextReader fails once its context has ended.
type contextReader struct {
	context.Context
	io.Reader
}

// Read implements [io.Reader].
func (r contextReader) Read(p []byte) (int, error) {
	if r.Err() != nil {
		return 0, context.Cause(r.Context)
	}
	return r.Reader.Read(p)
}

// CompleteName returns the name that a file gets once it is complete, and reports whether it is
// the file of a [Copy] that isn't, or one that SQLite keeps beside such a file.
func CompleteName(file string) (name string, partial bool) {
	for _, suffix := range besides {
		if name, partial := strings.CutSuffix(file, partialSuffix+suffix); partial {
			return name, true
		}
	}
	return file, false
}
