// Package listing pages through the rows of a table that match a filter.
package listing

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

// Listing is a query for the numbers of the rows that match a filter. The rows are listed
// in the order of their numbers.
type Listing struct {
	snapshot *account.Snapshot
	// from is the table with its alias, number the column with the row's number.
	from, number string
	where        strings.Builder
	args         []any
	// selective is true if a condition has an index that finds few rows. The order of the
	// list must not keep the database from using that index.
	selective bool
	// orderHint is the column of instants whose index finds the rows, or "". Instants
	// nearly grow with the numbers, so the first page's rows are near the end of that
	// index.
	orderHint string
}

// New returns a listing of the account's rows of a table. From is the table with its
// alias.
func New(r *account.Snapshot, from, alias string) *Listing {
	l := &Listing{snapshot: r, from: from, number: alias + ".number"}
	l.where.WriteString(alias + ".account = ?")
	l.args = append(l.args, r.Account)
	return l
}

// And adds a condition.
func (l *Listing) And(condition string, args ...any) {
	l.where.WriteString(" AND ")
	l.where.WriteString(condition)
	l.args = append(l.args, args...)
}

// AndIndexed adds a condition that has an index.
func (l *Listing) AndIndexed(condition string, args ...any) {
	l.selective = true
	l.And(condition, args...)
}

// Join adds a table to the listing, with the ON clause.
func (l *Listing) Join(join string) { l.from += " JOIN " + join }

// Equal adds the condition that a column has the value id, unless id is 0.
func (l *Listing) Equal(column string, id int64) {
	if id != 0 {
		l.And(column+" = ?", id)
	}
}

// Within adds the bounds of r on a column of instants that has an index.
func (l *Listing) Within(name string, r search.TimeRange) {
	if l.snapshot.Dialect().InnerOrder && !l.selective && r != (search.TimeRange{}) {
		l.orderHint = name
	}
	if !r.Start.IsZero() {
		l.AndIndexed(name+" >= ?", column.MicrosUp(r.Start))
	}
	if !r.End.IsZero() {
		l.AndIndexed(name+" < ?", column.MicrosUp(r.End))
	}
}

// AndMatching adds the condition that key is the number of a row that other lists. It looks
// up that row.
func (l *Listing) AndMatching(key string, other *Listing) {
	l.And("EXISTS (SELECT 1 FROM "+other.from+" WHERE "+other.number+" = "+key+" AND "+other.where.String()+")", other.args...)
}

// Query returns the query for all numbers of the listing in any order, with its arguments. It
// reports whether an index finds them.
func (l *Listing) Query() (text string, args []any, indexed bool) {
	return "SELECT " + l.number + " FROM " + l.from + " WHERE " + l.where.String(), l.args, l.selective
}

// Key returns the column that orders the list. If another index finds the rows, Key
// returns an expression that hides the column from the query planner.
func (l *Listing) Key() string {
	if l.selective {
		return l.number + " + 0"
	}
	return l.number
}

// NumberedWithin adds the bounds of r on the instants of a table whose instants grow with
// the numbers, which are in a column of the listing. It bisects the numbers, so the table
// needs no index on the instant. Query selects the number and the instant of its rows, last
// is the largest number.
func (l *Listing) NumberedWithin(column, query string, last int64, r search.TimeRange) error {
	if !r.Start.IsZero() {
		first, err := firstSince(l.snapshot.Session, l.snapshot.Account, query, last, r.Start)
		if err != nil {
			return err
		}
		l.And(column+" >= ?", first)
	}
	if !r.End.IsZero() {
		end, err := firstSince(l.snapshot.Session, l.snapshot.Account, query, last, r.End)
		if err != nil {
			return err
		}
		l.And(column+" < ?", end)
	}
	return nil
}

// firstSince returns the smallest number up to last whose instant is not before since,
// or last + 1.
func firstSince(s *sqldb.Session, account int64, query string, last int64, since time.Time) (int64, error) {
	bound := column.MicrosUp(since)
	low, high := int64(1), last+1
	for low < high {
		middle := low + (high-low)/2
		var number, at int64
		found := false
		err := s.Rows(query+" WHERE account = ? AND number >= ? ORDER BY number LIMIT 1",
			[]any{account, middle}, []any{&number, &at}, func() error {
				found = true
				return nil
			})
		switch {
		case err != nil:
			return 0, err
		case !found || at >= bound:
			high = middle
		default:
			low = number + 1
		}
	}
	return low, nil
}

// Marks returns the parameters of a list of count values.
func Marks(count int) string {
	return strings.Repeat("?, ", count-1) + "?"
}
