package sqldb

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
	"github.com/pressly/goose/v3"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// busyMillis is the time for which a connection waits for a lock of another process.
const busyMillis = 10_000

// sqliteMode describes a kind of connection.
type sqliteMode struct {
	// access is the mode of [wal.OpenFile].
	access string
	// cacheKiB is the size of a connection's page cache.
	cacheKiB int
}

var (
	sqliteWriter = sqliteMode{access: "rwc", cacheKiB: 16 << 10}
	sqliteReader = sqliteMode{access: "ro", cacheKiB: 2 << 10}
	sqliteFile   = sqliteMode{access: wal.Immutable, cacheKiB: 2 << 10}
)

// sqliteDialect is the dialect of a database with one writer. A write transaction takes
// the write lock at once, since upgrading a read lock can fail.
var sqliteDialect = Dialect{
	Name:       SQLite,
	InnerOrder: true,
	goose:      goose.DialectSQLite3,
	prepare:    prepareSQLite,
	beginWrite: "BEGIN IMMEDIATE",
	beginRead:  "BEGIN",
	catalogue: `SELECT t.name, c.name, c.type, coalesce(c.dflt_value, ''), c."notnull", c.pk
		FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`,
	probe:     "PRAGMA user_version = 0", // writes the first page; the version is not used
	broken:    func(error) bool { return false },
	retryable: func(error) bool { return false },
}

// openSQLite returns a handle for connections to a database file. SQLite caches pages
// itself and does not map the file, so that its memory is bounded.
func openSQLite(path string, mode sqliteMode) (*sql.DB, error) {
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyMillis),
		"synchronous(FULL)",
		"temp_store(MEMORY)",
		"mmap_size(0)",
		"cache_spill(0)", // package wal relies on it
		fmt.Sprintf("cache_size(-%d)", mode.cacheKiB),
	}
	if mode.access == "rwc" {
		// Only the checkpointer checkpoints. A WAL that grew beyond 256 MiB during a long
		// read is truncated to that size when it is reused.
		pragmas = append(pragmas, "journal_mode(WAL)", "wal_autocheckpoint(0)", "journal_size_limit(268435456)")
	}
	return wal.OpenFile(wal.VFS, path, mode.access, keepPlans, pragmas...)
}

// keepPlans makes SQLite plan each statement only once. To plan it again for other
// parameters costs a fifth of the work, and gives no better plan for a statement that
// finds rows by their keys.
func keepPlans(c *sqlite3.Conn) error {
	_, err := c.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true)
	return err
}

// isBusy reports whether another connection holds the lock that SQLite asked for.
func isBusy(err error) bool { return errors.Is(err, sqlite3.BUSY) }
