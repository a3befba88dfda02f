package sqlstore

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// listing says which rows of a table a list is of: its table's alias, its
// conditions and their arguments.
type listing struct {
	dialect *dialect
	// from is the table with its alias, number the column that orders the list.
	from, number string
	where        strings.Builder
	args         []any
	// selective says that a condition has an index that finds few rows: then the
	// order of the list must not keep the database from using it.
	selective bool
	// walk is the column whose index finds the rows, if that is one of instants.
	// They grow with the numbers, more or less: read from its end, the first rows
	// are nearly those of the first page.
	walk string
}

func (r *reader) list(from, alias string) *listing {
	l := &listing{dialect: r.dialect, from: from, number: alias + ".number"}
	l.where.WriteString(alias + ".account = ?")
	l.args = append(l.args, r.account)
	return l
}

// and adds a condition.
func (l *listing) and(condition string, args ...any) {
	l.where.WriteString(" AND ")
	l.where.WriteString(condition)
	l.args = append(l.args, args...)
}

// by adds a condition that has an index.
func (l *listing) by(condition string, args ...any) {
	l.selective = true
	l.and(condition, args...)
}

// key is the number, hidden from the planner where another index serves better.
func (l *listing) key() string {
	if l.selective {
		return l.number + " + 0"
	}
	return l.number
}

// within adds a span's bounds on a column.
func (l *listing) within(column string, span ledger.TimeRange) {
	if l.dialect.innerOrder && !l.selective && span != (ledger.TimeRange{}) {
		l.walk = column
	}
	if !span.Start.IsZero() {
		l.by(column+" >= ?", microsUp(span.Start))
	}
	if !span.End.IsZero() {
		l.by(column+" < ?", microsUp(span.End))
	}
}

// microsUp rounds up: a bound between two microseconds stands before the second.
func microsUp(t time.Time) int64 {
	return t.Add(time.Microsecond - 1).UnixMicro()
}

// actions adds the conditions on the table of actions, alias a.
func (l *listing) actions(account int64, f ledger.ActionFilter) {
	if f.Action != (ledger.ActionID{}) {
		l.by("a.number = ? AND a.campaign = ? AND a.event_type = ?", f.Action.Number, f.Action.Campaign, f.Action.EventType)
	}
	if f.Order != "" {
		l.by("a.order_id = ?", f.Order)
	}
	if f.SKU != "" {
		l.by("a.number IN (SELECT i.action FROM items i WHERE i.account = ? AND i.sku = ?)", account, f.SKU)
	}
	l.updated(account, f.Updated)
	l.within("a.event_date", f.EventDate)
	l.within("a.locking", f.Locking)
	if f.Locking != (ledger.TimeRange{}) { // an open-ended action has no locking date before it locks
		l.and("(a.open_ended = 0 OR a.locking + 0 <= ?)", micros(f.Now))
	}
	l.equal("a.campaign", f.Campaign)
	l.equal("a.event_type", f.EventType)
	l.equal("a.partner", f.Partner)
	switch f.State { // locking is hidden from the planner: most of all actions are on one side of now
	case ledger.Reversed:
		l.and("a.reversed = 1")
	case ledger.Approved:
		l.and("a.reversed = 0 AND a.locking + 0 <= ?", micros(f.Now))
	case ledger.Pending:
		l.and("a.reversed = 0 AND a.locking + 0 > ?", micros(f.Now))
	}
}

// updated adds when the actions were last updated.
func (l *listing) updated(account int64, span ledger.TimeRange) {
	if !l.dialect.latest || span == (ledger.TimeRange{}) {
		l.within("a.updated", span)
		return
	}
	l.from += " JOIN latest t ON t.account = a.account AND t.action = a.number AND t.updated = a.updated"
	l.and("t.account = ?", account)
	l.within("t.updated", span)
}

func (l *listing) equal(column string, id int64) {
	if id != 0 {
		l.and(column+" = ?", id)
	}
}

// listActions answers the actions that match.
func (r *reader) listActions(f ledger.ActionFilter) *listing {
	l := r.list("actions a", "a")
	l.actions(r.account, f)
	return l
}

// listUpdates answers the updates that match. Their instants grow with their
// numbers: a span of the one is a span of the other.
func (r *reader) listUpdates(f ledger.ActionFilter) (*listing, error) {
	l := r.list("updates u", "u")
	if f.Action != (ledger.ActionID{}) {
		l.by("u.action = ?", f.Action.Number)
	}
	if f.SKU != "" {
		l.by("u.action IN (SELECT i.action FROM items i WHERE i.account = ? AND i.sku = ?)", r.account, f.SKU)
		l.and("u.sku = ?", f.SKU)
	}
	of := f
	of.SKU, of.Updated, of.Now = "", ledger.TimeRange{}, time.Time{}
	if of != (ledger.ActionFilter{}) {
		of.Now = f.Now
		actions := r.listActions(of)
		if actions.selective {
			l.by("u.action IN (SELECT a.number FROM actions a WHERE "+actions.where.String()+")", actions.args...)
		} else {
			l.and("EXISTS (SELECT 1 FROM actions a WHERE a.number = u.action AND "+actions.where.String()+")", actions.args...)
		}
	}
	if f.Updated == (ledger.TimeRange{}) {
		return l, nil
	}
	var last int64
	if err := r.row("SELECT last_update FROM applier WHERE account = ?", []any{r.account}, &last); err != nil {
		return nil, err
	}
	return l, r.numbered(l, "SELECT number, instant FROM updates", last, f.Updated)
}

// numbered turns a span of instants into one of numbers, in a table where the
// one grows with the other. Probe reads the number and the instant of its rows.
func (r *reader) numbered(l *listing, probe string, last int64, span ledger.TimeRange) error {
	if !span.Start.IsZero() {
		first, err := r.firstSince(probe, last, span.Start)
		if err != nil {
			return err
		}
		l.and(l.key()+" >= ?", first)
	}
	if !span.End.IsZero() {
		end, err := r.firstSince(probe, last, span.End)
		if err != nil {
			return err
		}
		l.and(l.key()+" < ?", end)
	}
	return nil
}

// firstSince searches for the smallest number whose instant is not before one.
func (r *reader) firstSince(probe string, last int64, since time.Time) (int64, error) {
	bound := microsUp(since)
	low, high := int64(1), last+1
	for low < high {
		middle := low + (high-low)/2
		var number, at int64
		found := false
		err := r.rows(probe+" WHERE account = ? AND number >= ? ORDER BY number LIMIT 1",
			[]any{r.account, middle}, []any{&number, &at}, func() error {
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

// marks answers so many parameters.
func marks(count int) string {
	return strings.Repeat("?, ", count-1) + "?"
}
