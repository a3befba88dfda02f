package logcheck

import (
	"context"
	"database/sql"
	"errors"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// InitMark sets the high-water mark of the database at path, which db has open for writing,
// to the number of records that the query of [Check] returns.
func InitMark(ctx context.Context, db *sql.DB, path, query string) (err error) {
	if query == "" {
		return nil
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil { // no other process counts meanwhile
		return err
	}
	var records, last int64
	err = conn.QueryRowContext(ctx, query).Scan(&records, &last)
	if err == nil {
		err = wal.MarkOf(path).Set(records)
	}
	_, ended := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(err, ended)
}
