package sqldb

import (
	"database/sql"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// Config describes a database to open.
type Config struct {
	// Migrations contains a folder for each dialect, named [SQLite] and [PostgreSQL].
	Migrations fs.FS
	// DistributedTable is a table that is distributed if Citus distributes the database.
	DistributedTable string
	// CountQuery returns the number of records that were counted with [Session.Count], and
	// the instant of the last one in microseconds, or 0. On SQLite it tells whether commits are
	// missing. Without it only the WAL does.
	CountQuery string
	// Unsealed are the columns that seals of rows don't cover, by table.
	Unsealed map[string][]string
	// Numbered are the tables whose rows are numbered without gaps in each account. They have
	// no digests: the caller finds rows that are missing or were added.
	Numbered []string
	// Timeouts apply to PostgreSQL. The zero value means [DefaultTimeouts].
	Timeouts Timeouts
	// DisableNotify makes [DB.Notify] do nothing.
	DisableNotify bool
}

// DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	config    Config
	dialect   *Dialect
	migration Migration
	catalogue seal.Catalogue
	// server is set for a PostgreSQL database.
	server *pgx.ConnConfig
	// writers is nil if the database is open read-only. Lookups take microseconds and must
	// not wait for long reads, so they have sessions of their own.
	writers, readers, lookups *pool
	// turns is the scheduler of writers.
	turns *fair.Turns
	// notifier is nil if no other process can listen.
	notifier *notifier
	// checkpointer is nil unless SQLite is open for writing. Truncated is the time of the
	// last attempt to truncate the WAL.
	checkpointer *wal.Checkpointer
	truncated    time.Time
	// longReads is the number of running calls of ReadLong.
	longReads atomic.Int64
	health    writeHealth
	// handles are closed after the pools, in reverse order.
	handles []*sql.DB
	closing sync.Once
}

// ErrReadOnly is returned by writes to a database that is open read-only.
var ErrReadOnly = errors.New("the store is open for reading only")

func newDB(c Config, d Dialect) *DB {
	if c.Timeouts == (Timeouts{}) {
		c.Timeouts = DefaultTimeouts()
	}
	return &DB{config: c, dialect: &d}
}

// BeforeStatement makes f be called at least once before each statement of a write transaction, so
// that tests can kill a process there. It must be called before the first transaction.
func (db *DB) BeforeStatement(f func(text string)) { db.writers.before = f }

// WriterCount returns the number of write transactions that can run at once.
func (db *DB) WriterCount() int { return cap(db.writers.slots) }

// Dialect returns the dialect of the database.
func (db *DB) Dialect() *Dialect { return db.dialect }

// Migration returns the schema versions before and after the migration that was run when
// the database was opened.
func (db *DB) Migration() Migration { return db.migration }

// ReadOnly reports whether the database is open read-only.
func (db *DB) ReadOnly() bool { return db.writers == nil }

// Close waits for running calls and closes the database. Closing a closed database does
// nothing.
func (db *DB) Close() (err error) {
	db.closing.Do(func() {
		if db.notifier != nil {
			err = db.notifier.close()
		}
		for _, p := range []*pool{db.readers, db.lookups, db.writers} {
			if p != nil {
				err = errors.Join(err, p.close())
			}
		}
		if db.checkpointer != nil {
			err = errors.Join(err, db.checkpointer.Close())
		}
		// The writer's handle, opened first, closes last: it may delete the WAL.
		for _, handle := range slices.Backward(db.handles) {
			err = errors.Join(err, handle.Close())
		}
	})
	return err
}
