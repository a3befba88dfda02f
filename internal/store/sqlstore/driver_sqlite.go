package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver" // in pure Go: no C compiler is needed
	"github.com/pressly/goose/v3"
)

// busyMillis is how long a connection waits for another process's lock.
const busyMillis = 10_000

// sqliteMode says what a connection is for.
type sqliteMode struct {
	// access is SQLite's mode of opening: "rwc", "rw" or "ro".
	access string
	// cacheKiB is the size of one connection's page cache.
	cacheKiB int
}

var (
	sqliteWriter = sqliteMode{access: "rwc", cacheKiB: 16 << 10}
	sqliteReader = sqliteMode{access: "ro", cacheKiB: 2 << 10}
)

// sqliteDialect is of a database with one writer. Its transactions take the lock on
// writing at once: upgrading a reader could fail.
var sqliteDialect = &dialect{
	migrations: goose.DialectSQLite3,
	folder:     "sqlite",
	prepare:    prepareSQLite,
	beginWrite: "BEGIN IMMEDIATE",
	beginRead:  "BEGIN",
	innerOrder: true,
	broken:     func(error) bool { return false },
	again:      func(error) bool { return false },
}

// openSQLite makes a handle for connections to a database file. Pages are cached
// by SQLite itself and nothing is mapped, so that memory stays bounded.
func openSQLite(path string, mode sqliteMode) (*sql.DB, error) {
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyMillis),
		"synchronous(FULL)",
		"temp_store(MEMORY)",
		"mmap_size(0)",
		"cache_spill(0)", // see logFile
		fmt.Sprintf("cache_size(-%d)", mode.cacheKiB),
	}
	if mode.access == "rwc" {
		// The copier alone copies the log. What a long read made longer than 256 MiB is cut off
		// when it is begun anew.
		pragmas = append(pragmas, "journal_mode(WAL)", "wal_autocheckpoint(0)", "journal_size_limit(268435456)")
	}
	return openSQLiteFile(mergingVFS, path, mode.access, keepPlans, pragmas...)
}

func openSQLiteFile(files, path, access string, prepare func(*sqlite3.Conn) error, pragmas ...string) (*sql.DB, error) {
	name := url.URL{
		Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path),
		RawQuery: url.Values{"vfs": {files}, "mode": {access}, "_pragma": pragmas}.Encode(),
	}
	return driver.Open(name.String(), prepare)
}

// keepPlans has statements planned once: else SQLite plans them anew for other
// parameters, which costs a fifth of the work and picks no better plan here.
func keepPlans(c *sqlite3.Conn) error {
	_, err := c.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true)
	return err
}

// sqliteBusy reports whether another connection holds the lock that was wanted.
func sqliteBusy(err error) bool {
	return errors.Is(err, sqlite3.BUSY)
}
