package sqlstore

import (
	"context"
	"database/sql"

	"github.com/ncruces/go-sqlite3"
)

// copier copies SQLite's write-ahead log back into the database with a connection of its
// own, beside the writer: that waits for the disk, and no transaction does. SQLite begins
// the log anew when a transaction begins and all of it is copied, which never is while the
// writer goes on. So what little is left at last is copied while the writer waits.
//
// While a store is open nothing else copies: a COMMIT that did would mark as copied what
// may not be on the disk (see [copiedFile]). A copy that fails, as by a full disk, is tried
// again when the log is longer.
type copier struct {
	pool *pool
	// pages is how long the log was when the writer last looked, and due how long it has
	// to be for a copy; aim is how far into it the last copy was to get. They are the
	// writer's, as idle is, between two of its transactions.
	pages, due, aim int
	// idle is closed while no copy is under way, and whoever saw that may read failed:
	// why the database on the disk is not what it should be.
	idle   chan struct{}
	failed error
}

// Lengths of the log in pages of 4 KiB.
const (
	// copyPages is how long it is when it is copied: the longer, the more pages are copied
	// once that were written several times.
	copyPages = 24_000
	// restPages is what the writer waits for: some milliseconds.
	restPages = 500
	// heldPages is how much longer it gets before the next try, when a copy failed or
	// somebody reads who keeps it from being copied or begun anew.
	heldPages = 4_000
	// waitPages is how long it may be while the writer does not wait for the copy: it
	// bounds what a start after a crash has to read.
	waitPages = 44_000
	// trimPages is how long it may be before readers are held back for a moment.
	trimPages = 65_536
)

// How a copy treats the log: passive waits for nobody, and truncating waits for readers and
// leaves no log.
const (
	passive    = "PASSIVE"
	truncating = "TRUNCATE"
)

// newCopier makes the copier of a database file. It connects when there is something to
// copy, so that a store that is open for a moment pays nothing.
func newCopier(path string) (*copier, *sql.DB, error) {
	c := &copier{due: copyPages, idle: make(chan struct{})}
	close(c.idle)
	db, err := openSQLiteFile(copyingVFS, path, "rw", func(conn *sqlite3.Conn) error {
		// Nor does it copy when it is closed, be it the last: who fails then has nobody to tell.
		_, err := conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true)
		if err != nil {
			return err
		}
		file, err := fileOf(conn)
		if err == nil {
			file.fail = c.fail
		}
		return err
	}, "synchronous(FULL)", "mmap_size(0)", "busy_timeout(200)") // trim alone waits, for other processes' readers
	if err != nil {
		return nil, nil, err
	}
	c.pool = newPool(db, sqliteDialect, 1)
	return c, db, nil
}

// look begins a copy if it is time for one, and waits for it if that is short or the log
// long. It runs between two transactions of the writer.
func (c *copier) look(pages, copied int) {
	if pages < c.pages { // it was begun anew
		c.due, c.aim = copyPages, 0
	}
	c.pages = pages
	switch {
	case pages < c.due:
	case c.underWay():
		if pages >= waitPages {
			<-c.idle
		}
	case copied < c.aim: // it failed, or a reader kept it back, as it would the next
		c.due, c.aim = pages+heldPages, 0
	case pages-copied <= restPages || pages >= waitPages:
		c.copy(passive)
		c.due, c.aim = pages+heldPages, 0
	default:
		c.start(passive)
	}
}

// copy copies once no other copy is under way, and waits for the end.
func (c *copier) copy(how string) {
	<-c.idle
	c.start(how)
	<-c.idle
}

// start begins a copy, when none is under way. One that fails is as good as none: what it
// did not come to is not marked as copied, and the next one begins there.
func (c *copier) start(how string) {
	if c.failed != nil {
		return
	}
	c.aim, c.idle = c.pages, make(chan struct{})
	go func(idle chan struct{}) {
		defer close(idle)
		_ = c.pool.lend(context.Background(), func(s *session) error {
			var busy, pages, copied int
			err := s.row("PRAGMA wal_checkpoint("+how+")", nil, &busy, &pages, &copied)
			s.broken = s.broken || err != nil
			return err
		})
	}(c.idle)
}

func (c *copier) underWay() bool {
	select {
	case <-c.idle:
		return false
	default:
		return true
	}
}

// fail is told by the copy under way, which will not end, that the disk lost some of what
// was copied (see [copiedFile]).
func (c *copier) fail(err error) {
	c.failed = err
	close(c.idle)
}

// failure answers why nothing may be written any more.
func (c *copier) failure() error {
	if c == nil || c.underWay() {
		return nil
	}
	return c.failed
}

// close waits for the copy under way, when the writer is gone.
func (c *copier) close() error {
	<-c.idle
	if c.failed != nil { // its session is lent for ever
		return c.failed
	}
	return c.pool.close()
}
