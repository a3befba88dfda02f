package column

import (
	"database/sql"
	"errors"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/ledger"
)

// QueryRow scans the first row of a query. If there is none, it returns
// [ledger.ErrNotFound].
func QueryRow(s *sqldb.Session, text string, args []any, dest ...any) error {
	err := s.Row(text, args, dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.ErrNotFound
	}
	return err
}

// Exists reports whether a query that selects a number has a row.
func Exists(s *sqldb.Session, text string, args ...any) (bool, error) {
	var number int64
	err := s.Row(text, args, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Collect returns the rows of a query. Dest returns the scan targets in a row.
func Collect[T any](s *sqldb.Session, text string, args []any, dest func(*T) []any) (all []T, err error) {
	var row T
	err = s.Rows(text, args, dest(&row), func() error {
		all = append(all, row)
		return nil
	})
	return all, err
}
