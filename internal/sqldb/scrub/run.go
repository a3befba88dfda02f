package scrub

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Database is a database that this process writes.
type Database interface {
	// Exclusive calls f while no transaction of this process writes. The function checkpoint
	// checkpoints the WAL, and reports whether the database file has all of its pages. Exclusive
	// returns [ErrNotReady] while a checkpoint takes longer than writers should wait.
	Exclusive(ctx context.Context, f func(checkpoint func() (bool, error)) error) error
	// Truncate truncates the WAL. It returns [ErrNotReady] while a reader needs the WAL.
	Truncate(ctx context.Context) error
}

// ErrNotReady reports that a reader or a checkpoint has to end first.
var ErrNotReady = errors.New("a reader needs the write-ahead log")

const (
	passes = 2
	// batchTime bounds the time for which writers wait.
	batchTime = 20 * time.Millisecond
	// retryPause is the time between two attempts, and timeout that after which there are no more.
	retryPause = 20 * time.Millisecond
	timeout    = 2 * time.Minute
)

// Run scrubs the file of a database and truncates its WAL. The connection must be new: Run closes
// it.
//
// SQLite's writers cache pages, with the bytes of erased rows. They drop their caches when another
// connection has committed, so each batch ends with a commit of the connection. When a writer
// balances pages of a tree, it can exchange their numbers, and bytes of a page that was not scrubbed
// get to one that was. Checkpoints clean such pages ([Clean]), except free and overflow pages, for
// which there is a second pass.
func Run(ctx context.Context, db Database, conn *sql.Conn) (err error) {
	defer func() {
		_ = conn.Raw(func(any) error { return sqldriver.ErrBadConn })
		_ = conn.Close()
	}()
	r := run{db: db, conn: conn}
	if err := conn.Raw(r.findFile); err != nil {
		return err
	}
	for range passes {
		for r.next, r.done = 1, false; !r.done; {
			if err := retry(ctx, func() error { return db.Exclusive(ctx, r.batch) }); err != nil {
				return fmt.Errorf("scrub the database file: %w", err)
			}
		}
	}
	if err := r.file.Sync(vfs.SYNC_FULL); err != nil {
		return err
	}
	if err := retry(ctx, func() error { return db.Truncate(ctx) }); err != nil {
		return fmt.Errorf("truncate the write-ahead log: %w", err)
	}
	return nil
}

type run struct {
	db   Database
	conn *sql.Conn
	file vfs.File
	// next is the number of the next page. Done means that all pages are scrubbed.
	next int64
	done bool
}

func (r *run) findFile(raw any) error {
	file, err := raw.(driver.Conn).Raw().FileControl("main", sqlite3.FCNTL_FILE_POINTER)
	if err == nil {
		r.file = file.(vfs.File)
	}
	return err
}

// batch scrubs pages for a while.
func (r *run) batch(checkpoint func() (bool, error)) (err error) {
	ctx := context.Background() // a batch is short
	if _, err := r.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = r.conn.ExecContext(ctx, "ROLLBACK")
		}
	}()
	if ready, err := checkpoint(); err != nil || !ready {
		return errors.Join(err, ErrNotReady)
	}
	s, err := New(r.file)
	for end := time.Now().Add(batchTime); err == nil && r.next <= s.Pages() && time.Now().Before(end); r.next++ {
		err = s.Page(r.next)
	}
	if err != nil {
		return err
	}
	r.done = r.next > s.Pages()
	// This writes the first page. The version is not used.
	_, err = r.conn.ExecContext(ctx, "PRAGMA user_version = 0")
	if err == nil {
		_, err = r.conn.ExecContext(ctx, "COMMIT")
	}
	return err
}

// retry calls f until it returns another error than [ErrNotReady].
func retry(ctx context.Context, f func() error) error {
	for end := time.Now().Add(timeout); ; {
		err := f()
		if !errors.Is(err, ErrNotReady) || time.Now().After(end) {
			return err
		}
		select {
		case <-time.After(retryPause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
