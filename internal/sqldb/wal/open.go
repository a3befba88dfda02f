package wal

import (
	"database/sql"
	"net/url"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver" // in pure Go: no C compiler is needed
)

// Immutable is the mode in which [OpenFile] opens a complete file that nothing writes to. SQLite
// then locks nothing and creates no file beside it.
const Immutable = "immutable"

// OpenFile returns a handle for connections to the SQLite database at path, whose files
// are opened by the VFS with the given name. Mode is SQLite's: "ro", "rw" or "rwc", or it is
// [Immutable]. Each new connection executes the pragmas and then calls init, unless it is nil.
func OpenFile(vfs, path, mode string, init func(*sqlite3.Conn) error, pragmas ...string) (*sql.DB, error) {
	query := url.Values{"vfs": {vfs}, "mode": {mode}, "_pragma": pragmas}
	if mode == Immutable {
		query["mode"], query["immutable"] = []string{"ro"}, []string{"1"}
	}
	name := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	return driver.Open(name.String(), init)
}
