package sqldb

import (
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// Names of dialects, which are also the names of the folders of their migrations.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgres"
)

// Dialect describes how one database differs from another. All other SQL is the same.
type Dialect struct {
	// Name is [SQLite] or [PostgreSQL].
	Name string
	// ForUpdate ends a query whose rows are locked until the transaction ends. SkipLocked
	// does the same, but the query skips rows that are locked already. Both are empty where
	// there is one writer.
	ForUpdate, SkipLocked string
	// Arrays reports whether many rows should travel in one statement, as an array for
	// each column: the server is a round trip away.
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
	// dollars says that parameters are spelled $1 in place of ?1 and ?.
	dollars bool
	// broken reports whether a connection is unusable after an error.
	broken func(error) bool
	// retryable reports whether a transaction that failed with an error conflicted with
	// another one, so that it may succeed when it is repeated.
	retryable func(error) bool
}

// Text returns a statement in the spelling of the database.
func (d *Dialect) Text(statement string) string {
	if !d.dollars {
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
