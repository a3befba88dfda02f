package sqldb

import (
	"context"
	"errors"
	"io/fs"
	"os"
)

// SQLiteExists reports whether a folder contains a database, of whatever version.
func SQLiteExists(dir string) (bool, error) {
	path, err := databasePath(dir)
	if err == nil {
		_, err = os.Stat(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// PostgresExists reports whether migrations were run in a PostgreSQL database.
func PostgresExists(ctx context.Context, url string) (exists bool, err error) {
	server, err := parseURL(url)
	if err != nil {
		return false, err
	}
	handle := openPostgres(server, connSettings{})
	err = handle.QueryRowContext(ctx, "SELECT to_regclass('migrations') IS NOT NULL").Scan(&exists)
	return exists, errors.Join(err, handle.Close())
}
