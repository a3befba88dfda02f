package column

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// Table is a table whose rows store values of type T. Its primary key is the
// account, then Outer, then Key.
type Table[T any] struct {
	Name string
	// Outer are key columns that a T doesn't contain. Their values are passed to
	// [Statement.Row].
	Outer []string
	// Key and Columns store a T.
	Key, Columns []Column[T]
	// Joined are columns of other tables that are read with a row, each named by an
	// SQL expression.
	Joined []Column[T]
}

// List returns the select list of a query that reads values of type T from the table
// with the given alias.
func (t *Table[T]) List(alias string) string {
	return t.list(func(c Column[T]) string { return c.expression(alias) })
}

// OuterList is [Table.List] for a table on the right of a LEFT JOIN: a row that
// doesn't exist is read as the zero value, unless a fallback of a column has another.
func (t *Table[T]) OuterList(alias string) string {
	return t.list(func(c Column[T]) string {
		if c.absent == "" || len(c.fallbacks) > 0 {
			return c.expression(alias)
		}
		return "coalesce(" + alias + "." + c.name + ", " + c.absent + ")"
	})
}

func (t *Table[T]) list(expression func(Column[T]) string) string {
	var list []string
	for _, c := range slices.Concat(t.Key, t.Columns) {
		list = append(list, expression(c))
	}
	for _, c := range t.Joined {
		list = append(list, c.name)
	}
	return strings.Join(list, ", ")
}

// Dest returns the scan targets in v for the columns of [Table.List].
func (t *Table[T]) Dest(v *T) []any {
	dest := make([]any, 0, len(t.Key)+len(t.Columns)+len(t.Joined))
	for _, columns := range [][]Column[T]{t.Key, t.Columns, t.Joined} {
		for _, c := range columns {
			dest = append(dest, c.dest(v))
		}
	}
	return dest
}

// Statement writes some columns of the rows of a table.
type Statement[T any] struct {
	sqldb.Bulk
	columns []Column[T]
}

// Insert returns the statement that inserts rows.
func (t *Table[T]) Insert() Statement[T] {
	columns := slices.Concat(t.Key, t.Columns)
	return Statement[T]{sqldb.BulkInsert(t.Name, slices.Concat(t.Outer, specs(columns))...), columns}
}

// Update returns the statement that writes the given columns of existing rows.
func (t *Table[T]) Update(columns ...Column[T]) Statement[T] {
	columns = slices.Concat(t.Key, columns)
	return Statement[T]{sqldb.BulkUpdate(t.Name, len(t.Outer)+len(t.Key), slices.Concat(t.Outer, specs(columns))...), columns}
}

// specs returns the columns in the form that sqldb expects: a name and an SQL type.
func specs[T any](columns []Column[T]) []string {
	specs := make([]string, len(columns))
	for i, c := range columns {
		specs[i] = c.name + " " + c.sqlType
	}
	return specs
}

// Row returns the arguments of the statement for v. Outer holds the account and the
// values of the table's outer columns.
func (s *Statement[T]) Row(v *T, outer ...any) []any {
	row := make([]any, 0, len(outer)+len(s.columns))
	row = append(row, outer...)
	for i := range s.columns {
		row = append(row, s.columns[i].value(v))
	}
	return row
}
