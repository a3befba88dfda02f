package sqldb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Size returns the number of bytes that the database takes on disk. Pages that are still
// in the WAL or in the server's memory count as if they had been written to it. The
// database must be open for writing.
func (db *DB) Size(ctx context.Context) (bytes int64, err error) {
	if db.writers == nil {
		return 0, ErrReadOnly
	}
	if db.server != nil {
		bytes, err = db.postgresSize(ctx)
	} else {
		bytes, err = db.sqliteSize(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("measure the database: %w", err)
	}
	return bytes, nil
}

func (db *DB) sqliteSize(ctx context.Context) (int64, error) {
	var pages, pageSize int64
	err := db.writers.use(ctx, func(s *Session) error {
		return errors.Join(
			s.Row("PRAGMA page_count", nil, &pages),
			s.Row("PRAGMA page_size", nil, &pageSize),
		)
	})
	return pages * pageSize, err
}

func (db *DB) postgresSize(ctx context.Context) (bytes int64, err error) {
	// A checkpoint may take longer than the timeouts of the pools' connections.
	err = connect(ctx, db.server, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "CHECKPOINT"); err != nil {
			return err
		}
		return conn.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&bytes)
	})
	return bytes, err
}
