package failure

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
)

// Unavailable is an error of a database that can't be used at present, although the
// program and its statements are right. The call may succeed later.
type Unavailable struct{ Err error }

// Error returns the text of the database's error.
func (u Unavailable) Error() string { return u.Err.Error() }

// Unwrap returns the error of the database.
func (u Unavailable) Unwrap() error { return u.Err }

// Unavailable reports true. Package store finds the method by its name.
func (Unavailable) Unavailable() bool { return true }

// Mark returns err as an [Unavailable] error if it is one, or wraps one of also. Otherwise it
// returns err unchanged.
func Mark(err error, also ...error) error {
	if err == nil || errors.As(err, new(Unavailable)) || !isUnavailable(err) && !wrapsAny(err, also) {
		return err
	}
	return Unavailable{err}
}

func wrapsAny(err error, targets []error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// Classes and codes of SQLSTATE of a server that can't be used at present: lost connections,
// conflicts that retries did not resolve, full disks, operators, I/O errors, locks and
// standbys. All others, such as a syntax error or a violated constraint, are errors of the
// program.
var (
	unavailableClasses = []string{"08", "40", "53", "57", "58"}
	unavailableCodes   = []string{readOnlyTransaction, lockNotAvailable}
)

// unavailableErrors are errors without an SQLSTATE of a database that can't be used at present.
var unavailableErrors = []error{
	sqlite3.BUSY, sqlite3.LOCKED, sqlite3.NOMEM, sqlite3.INTERRUPT, sqlite3.PROTOCOL,
	driver.ErrBadConn, sql.ErrConnDone, context.Canceled, context.DeadlineExceeded,
}

func isUnavailable(err error) bool {
	if errors.As(err, new(*pgconn.ConnectError)) { // whatever the server reported
		return true
	}
	var reported *pgconn.PgError
	if errors.As(err, &reported) {
		return Broken(err) || slices.Contains(unavailableCodes, reported.Code) ||
			len(reported.Code) == 5 && slices.Contains(unavailableClasses, reported.Code[:2])
	}
	return wrapsAny(err, unavailableErrors) || Storage(err) || !isSQLite(err) && Broken(err)
}

// isSQLite reports whether err is an error of SQLite. Each of them is a [net.Error] too.
func isSQLite(err error) bool {
	return errors.As(err, new(*sqlite3.Error)) || errors.As(err, new(sqlite3.ErrorCode)) || errors.As(err, new(sqlite3.ExtendedErrorCode))
}
