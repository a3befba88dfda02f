package wal

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// Measure is a query that returns one row: whether the WAL is busy, its length in pages,
// and the number of its checkpointed pages. It checkpoints nothing.
const Measure = "PRAGMA wal_checkpoint(NOOP)"

// Checkpointer copies the WAL into the database file on a connection of its own, so that
// transactions don't wait for the disk. SQLite reuses the WAL if all of it is checkpointed
// when a transaction begins. While a writer is busy that never happens by itself, so the
// writer waits for the last few pages.
//
// While a Checkpointer is open, nothing else may checkpoint: a COMMIT that did would mark
// pages as checkpointed that may not be on disk. A checkpoint that fails, for instance
// because the disk is full, is retried when the WAL is longer.
//
// The methods, except LastFailure, Length and OnCheckpoint, must be called by the writer, between two of its
// transactions.
type Checkpointer struct {
	db *sql.DB
	// pages is the length of the WAL as last observed, due the length that triggers the
	// next checkpoint, and target the length up to which the last one should have copied.
	pages, due, target int
	// idle is closed while no checkpoint is running. It guards failed, the error that left
	// the database file in an unknown state.
	idle   chan struct{}
	failed error
	// last holds the error of the last checkpoint.
	last lastError
	// length is pages for other goroutines.
	length atomic.Int64
	// observe is called after each checkpoint, unless it is nil.
	observe atomic.Pointer[func(time.Duration, error)]
	// path is the database's.
	path string
}

// lastError is an error that several goroutines use.
type lastError struct {
	mu  sync.Mutex
	err error
}

func (l *lastError) set(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *lastError) get() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// pageSize is the size of a page in bytes.
const pageSize = 4 << 10

// Lengths of the WAL, in pages.
const (
	// checkpointPages triggers a checkpoint. The longer the WAL, the more often a page
	// that was written several times is copied only once.
	checkpointPages = 24_000
	// blockingPages is the length of a checkpoint for which the writer waits. It takes some
	// milliseconds.
	blockingPages = 500
	// retryPages is the growth of the WAL before the next attempt if a checkpoint failed or
	// a reader prevented it from finishing.
	retryPages = 4_000
	// maxPages is the length from which the writer waits for the checkpoint. It bounds
	// the recovery after a crash.
	maxPages = 44_000
)

// Checkpoint modes. A passive checkpoint doesn't wait for readers. A truncating one waits
// for them and truncates the WAL.
const (
	passive    = "PASSIVE"
	truncating = "TRUNCATE"
)

// NewCheckpointer returns a checkpointer for the database at path. It connects when the
// first checkpoint starts.
func NewCheckpointer(path string) (*Checkpointer, error) {
	c := &Checkpointer{path: path, due: checkpointPages, idle: make(chan struct{})}
	close(c.idle)
	db, err := OpenFile(checkpointVFS, path, "rw", func(conn *sqlite3.Conn) error {
		// The last connection to close must not checkpoint either: its failure would go
		// unreported.
		if _, err := conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true); err != nil {
			return err
		}
		file, err := databaseFileOf(conn)
		if err == nil {
			file.fail = c.fail
		}
		return err
	}, "synchronous(FULL)", "mmap_size(0)", "busy_timeout(200)") // only Truncate waits, for other processes' readers
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c.db = db
	return c, nil
}

// Observe takes the length of the WAL and the number of its checkpointed pages, as [Measure]
// returns them after a transaction. It starts a checkpoint if one is due, and waits for it
// if few pages remain or the WAL is long.
func (c *Checkpointer) Observe(pages, checkpointed int) {
	if pages < c.pages { // the WAL was reused
		c.due, c.target = checkpointPages, 0
	}
	c.pages = pages
	c.length.Store(int64(pages))
	switch {
	case pages < c.due:
	case c.running():
		if pages >= maxPages {
			<-c.idle
		}
	case checkpointed < c.target: // the last one failed, or a reader blocked it and would block the next one
		c.due, c.target = pages+retryPages, 0
	case pages-checkpointed <= blockingPages || pages >= maxPages:
		c.run(passive)
		c.due, c.target = pages+retryPages, 0
	default:
		c.start(passive)
	}
}

// Checkpoint waits for any running checkpoint, and checkpoints as much of the WAL as readers
// allow.
func (c *Checkpointer) Checkpoint() { c.run(passive) }

// ScrubMark returns the [ScrubMark] of the database.
func (c *Checkpointer) ScrubMark() string { return ScrubMark(c.path) }

// Finish checkpoints the rest of the WAL, of so many pages. If they are too many to wait for, it
// only starts a checkpoint, unless one is running, and returns false.
func (c *Checkpointer) Finish(pages int) bool {
	switch {
	case pages <= blockingPages:
		c.run(passive)
		return true
	case !c.running():
		c.start(passive)
	}
	return false
}

// Truncate waits for any running checkpoint, and checkpoints and truncates the WAL if no
// reader needs it.
func (c *Checkpointer) Truncate() { c.run(truncating) }

// Wait waits for any running checkpoint.
func (c *Checkpointer) Wait() { <-c.idle }

// Err returns the error after which further writes are unsafe, or nil.
func (c *Checkpointer) Err() error {
	if c.running() {
		return nil
	}
	return c.failed
}

// LastFailure returns the error of the last checkpoint, or nil if it succeeded.
func (c *Checkpointer) LastFailure() error { return c.last.get() }

// Length returns the length of the WAL in bytes, as last observed.
func (c *Checkpointer) Length() int64 { return c.length.Load() * pageSize }

// OnCheckpoint makes f be called after each checkpoint, with the time that it took and its
// error.
func (c *Checkpointer) OnCheckpoint(f func(time.Duration, error)) { c.observe.Store(&f) }

// Close waits for any running checkpoint and closes the connection. It returns the error
// of [Checkpointer.Err] as well. No transaction may follow.
func (c *Checkpointer) Close() error {
	<-c.idle
	return errors.Join(c.failed, c.db.Close())
}

func (c *Checkpointer) run(mode string) {
	<-c.idle
	c.start(mode)
	<-c.idle
}

// start starts a checkpoint; none may be running. After an error nothing must be undone:
// the pages that the checkpoint missed are not marked, and the next checkpoint begins with
// them.
func (c *Checkpointer) start(mode string) {
	if c.failed != nil {
		return
	}
	c.target, c.idle = c.pages, make(chan struct{})
	go func(idle chan struct{}) {
		defer close(idle)
		begun := time.Now()
		c.checkpoint(context.Background(), mode)
		if observe := c.observe.Load(); observe != nil {
			(*observe)(time.Since(begun), c.last.get())
		}
	}(c.idle)
}

func (c *Checkpointer) checkpoint(ctx context.Context, mode string) {
	conn, err := c.db.Conn(ctx)
	if err != nil {
		c.last.set(err)
		return
	}
	var busy, pages, checkpointed int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &checkpointed)
	c.last.set(err)
	if err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the next checkpoint gets a new connection
	}
	_ = conn.Close()
}

func (c *Checkpointer) running() bool {
	select {
	case <-c.idle:
		return false
	default:
		return true
	}
}

// fail records that the disk lost checkpointed pages. The checkpoint that calls it never
// ends (see [databaseFile.CheckpointDone]).
func (c *Checkpointer) fail(err error) {
	c.failed = err
	c.last.set(err)
	close(c.idle)
}
