package sqldb

import (
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// Names of dialects, which are also the names of their folders of migrations.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgres"
)

// Dialect describes the differences between databases. All other SQL is the same.
type Dialect struct {
	// Name is [SQLite] or [PostgreSQL].
	Name string
	// ForUpdate is the clause at the end of a query that locks its rows until the
	// transaction ends. SkipLocked is the clause of a query that also skips rows that are
	// locked already. Both are empty for a database with one writer.
	ForUpdate, SkipLocked string
	// Arrays reports whether many rows should be sent in one statement, as an array for
	// each column, since each statement costs a round trip.
	Arrays bool
	// Distributed reports whether the tables are distributed over nodes by their first
	// column.
	Distributed bool
	// InnerOrder reports whether rows keep the order of a subquery.
	InnerOrder bool

	goose   goose.Dialect
	prepare func(s *Session, text string) (statement, error)
	// beginWrite and beginRead begin a transaction.
	beginWrite, beginRead string
	// catalogue is the query that returns the columns of all tables.
	catalogue string
	// probe is a statement that writes and changes nothing.
	probe string
	// dollarParams reports whether parameters are written $1 instead of ?1 and ?.
	dollarParams bool
	// broken reports whether an error means that the connection is unusable.
	broken func(error) bool
	// retryable reports whether an error means that the transaction conflicted with
	// another one, so that it may succeed if it is retried.
	retryable func(error) bool
}

// Text returns a statement in the database's syntax of parameters.
func (d *Dialect) Text(statement string) string {
	if !d.dollarParams {
		return statement
	}
	var b strings.Builder
	count := 0
	for {
		before, after, found := strings.Cut(statement, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		if after == "" || after[0] < '0' || after[0] > '9' { // a ? without a number
			count++
			b.WriteString(strconv.Itoa(count))
		}
		statement = after
	}
}
