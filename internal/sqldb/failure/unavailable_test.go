package failure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"

	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

var errClosed = errors.New("closed")

func TestOnlyADatabaseThatCannotBeUsedIsUnavailable(t *testing.T) {
	reported := func(code string) error {
		return fmt.Errorf("commit: %w", &pgconn.PgError{Code: code, Severity: "ERROR"})
	}
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"no error":                         {nil, false},
		"a lost connection":                {reported("08006"), true},
		"a serialization failure":          {reported("40001"), true},
		"a deadlock":                       {reported("40P01"), true},
		"a full disk":                      {reported("53100"), true},
		"too many connections":             {reported("53300"), true},
		"a statement timeout":              {reported("57014"), true},
		"a server that shuts down":         {reported("57P01"), true},
		"an I/O error of the server":       {reported("58030"), true},
		"a lock timeout":                   {reported("55P03"), true},
		"a standby":                        {reported("25006"), true},
		"a session that the server ended":  {&pgconn.PgError{Code: "25P03", Severity: "FATAL"}, true},
		"a syntax error":                   {reported("42601"), false},
		"an unknown table":                 {reported("42P01"), false},
		"an unsupported statement":         {reported("0A000"), false},
		"a number that is out of range":    {reported("22003"), false},
		"a violated constraint":            {reported("23505"), false},
		"a server that can't be connected": {fmt.Errorf("connect: %w", &pgconn.ConnectError{}), true},
		"a connection that ended":          {io.ErrUnexpectedEOF, true},
		"a network error":                  {&net.OpError{Err: errors.New("reset")}, true},
		"a server that doesn't respond":    {failure.ErrUnresponsive, true},
		"a full disk of SQLite":            {sqlite3.FULL, true},
		"a read-only file of SQLite":       {sqlite3.READONLY, true},
		"a locked file of SQLite":          {sqlite3.BUSY, true},
		"a violated constraint of SQLite":  {sqlite3.CONSTRAINT_PRIMARYKEY, false},
		"a wrong statement of SQLite":      {sqlite3.ERROR, false},
		"an error that the caller names":   {fmt.Errorf("read: %w", errClosed), true},
		"an error that was marked before":  {failure.Unavailable{Err: io.EOF}, true},
		"a deadline":                       {context.DeadlineExceeded, true},
		"any other error":                  {errors.New("the document can't be decoded"), false},
	} {
		t.Run(name, func(t *testing.T) {
			err := failure.Mark(test.err, errClosed)
			var marked failure.Unavailable
			if errors.As(err, &marked) != test.want || !errors.Is(err, test.err) {
				t.Errorf("%v is unavailable: %t, want %t", err, !test.want, test.want)
			}
		})
	}
}
