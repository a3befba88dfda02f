package sqldb

import "errors"

// statement is a statement prepared on a connection.
type statement interface {
	// run executes the statement and calls each for every row, with the row scanned into
	// dest, until each returns an error or ErrStop. The dest of a statement that returns
	// no rows is nil.
	run(args, dest []any, each func() error) error
	Close() error
}

// deferrer is implemented by statements that can be sent together with a later statement
// of their transaction.
type deferrer interface {
	deferRun(args, dest []any, each func() error)
}

// ErrStop is returned by the callback of a query to skip the remaining rows. The query
// then succeeds.
var ErrStop = errors.New("stop reading rows")

// ignoreStop returns nil for ErrStop and any other error unchanged.
func ignoreStop(err error) error {
	if errors.Is(err, ErrStop) {
		return nil
	}
	return err
}
