package sqlstore

import (
	"context"
	"database/sql"
	"errors"
)

// statement is a statement that was prepared on a connection.
type statement interface {
	// run runs it, and calls each for every row, with the row read into dest, until
	// each answers an error, which is [errEnough] if nothing is wrong. A statement
	// without rows has no dest.
	run(args, dest []any, each func() error) error
	Close() error
}

// errEnough ends a query of which no more rows are wanted.
var errEnough = errors.New("no more rows are wanted")

// enough answers the error that a query ends with, for what each answered.
func enough(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// prepareStandard prepares a statement by package sql.
func prepareStandard(conn *sql.Conn, text string) (statement, error) {
	prepared, err := conn.PrepareContext(context.Background(), text)
	return standardStatement{prepared}, err
}

type standardStatement struct{ *sql.Stmt }

func (s standardStatement) run(args, dest []any, each func() error) (err error) {
	if dest == nil {
		_, err = s.ExecContext(context.Background(), args...)
		return err
	}
	rows, err := s.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := each(); err != nil {
			return enough(err)
		}
	}
	return rows.Err()
}
