// Package failure classifies the errors of databases.
package failure

import (
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
)

// ErrUnresponsive is returned when a server accepted a connection and sent no reply in
// time: it hangs, or its host is gone.
var ErrUnresponsive = errors.New("the server does not respond")

// SQLSTATE codes.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	readOnlyTransaction  = "25006"
	lockNotAvailable     = "55P03"
)

// Broken reports whether err means that the connection or its server ended, or
// that the server is no longer the primary.
func Broken(err error) bool {
	var reported *pgconn.PgError
	if !errors.As(err, &reported) {
		var network net.Error
		return errors.Is(err, ErrUnresponsive) || pgconn.SafeToRetry(err) || errors.As(err, &network) || pgconn.Timeout(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
	}
	return reported.Severity == "FATAL" || reported.Severity == "PANIC" || reported.Code == readOnlyTransaction ||
		strings.HasPrefix(reported.Code, "57P") || strings.HasPrefix(reported.Code, "08")
}

// Retryable reports whether err means that the transaction conflicted with
// another. A unique violation counts: both inserted the same row, and a retry of the
// second finds it.
func Retryable(err error) bool {
	var reported *pgconn.PgError
	return errors.As(err, &reported) && slices.Contains([]string{uniqueViolation, serializationFailure, deadlockDetected}, reported.Code)
}

// Storage reports whether SQLite could not read or write its files.
func Storage(err error) bool {
	for _, code := range []sqlite3.ErrorCode{
		sqlite3.FULL, sqlite3.IOERR, sqlite3.READONLY, sqlite3.CORRUPT, sqlite3.CANTOPEN, sqlite3.NOTADB,
	} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}
