package sqlstore

import "errors"

// statement is a statement that was prepared on a connection.
type statement interface {
	// run runs it, and calls each for every row, with the row read into dest, until
	// each answers an error, which is [errEnough] if nothing is wrong. A statement
	// without rows has no dest.
	run(args, dest []any, each func() error) error
	Close() error
}

// postponer is a statement whose answer can come with that of a later one of its
// transaction.
type postponer interface {
	postpone(args, dest []any, each func() error)
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
