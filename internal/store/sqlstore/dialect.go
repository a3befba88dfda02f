package sqlstore

import (
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// dialect is what one database does otherwise than another. Everything else is one
// text of SQL for all.
type dialect struct {
	// migrations are the database's, in a folder of their own.
	migrations goose.Dialect
	folder     string
	// prepare prepares a statement, which is in the spelling of SQLite.
	prepare func(s *session, text string) (statement, error)
	// beginWrite and beginRead begin a transaction of one kind.
	beginWrite, beginRead string
	// hold ends a query whose row nobody else may change, or hold, until the
	// transaction ends; seize does the same, and finds no row where another
	// holds it.
	hold, seize string
	// numbered says that parameters are $1 and $2 in place of ?1 and ?.
	numbered bool
	// arrays says that many rows travel in one statement, as an array for each
	// column: for a server that answers each statement over a network.
	arrays bool
	// distributed says that the tables are spread over nodes by account.
	distributed bool
	// latest says that actions are found by their last update in a table of its own.
	latest bool
	// innerOrder says that rows keep the order of an inner query.
	innerOrder bool
	// broken reports whether a connection is of no more use after an error.
	broken func(error) bool
	// again reports whether a transaction that ended with an error may well end
	// otherwise when it is tried again: it met another's.
	again func(error) bool
}

// text answers a statement as the database spells it.
func (d *dialect) text(statement string) string {
	if !d.numbered {
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
		if after == "" || after[0] < '0' || after[0] > '9' { // it has no number of its own
			count++
			b.WriteString(strconv.Itoa(count))
		}
		statement = after
	}
}
