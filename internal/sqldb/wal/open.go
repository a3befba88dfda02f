package wal

import (
	"database/sql"
	"net/url"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver" // in pure Go: no C compiler is needed
)

// OpenFile returns a handle for connections to the SQLite database at path, whose files
// are opened by the VFS with the given name. Mode is SQLite's: "ro", "rw" or "rwc". Each
// new connection executes the pragmas and then calls init, unless it is nil.
func OpenFile(vfs, path, mode string, init func(*sqlite3.Conn) error, pragmas ...string) (*sql.DB, error) {
	name := url.URL{
		Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path),
		RawQuery: url.Values{"vfs": {vfs}, "mode": {mode}, "_pragma": pragmas}.Encode(),
	}
	return driver.Open(name.String(), init)
}
