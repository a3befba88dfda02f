// Package bulk builds statements that write many rows of a table.
package bulk

import (
	"fmt"
	"iter"
	"strings"
	"sync"
)

// Statement is a statement that writes many rows of a table, whose first column is account.
// The rows are written one by one, which is fastest in-process, or all at once with an array
// for each column, which is fastest over a network.
type Statement struct {
	table          string
	columns, types []string // without account
	// single takes the columns of a row; many takes an array for each column.
	single, many string
	// into begins an insert, and conflict ends it. Set and where are the clauses of an update.
	into, conflict, set, where string
	// lists holds the lists of values that were built, by their number of rows.
	lists *sync.Map
}

// Insert returns the statement that inserts rows. A column is a name, optionally
// followed by its SQL type: bigint, which is the default, text or bytea. The column
// account is not listed.
func Insert(table string, columns ...string) Statement {
	b := newStatement(table, columns)
	params := make([]string, len(b.columns)+1)
	for i := range params {
		params[i] = fmt.Sprintf("?%d", i+1)
	}
	b.into = fmt.Sprintf("INSERT INTO %s (account, %s) ", table, strings.Join(b.columns, ", "))
	b.single = b.into + "VALUES (" + strings.Join(params, ", ") + ")"
	b.many = b.into + "SELECT v.account, v." + strings.Join(b.columns, ", v.") + " FROM " + b.unnest()
	return b
}

// OnConflict returns the statement with an ON CONFLICT clause.
func (b Statement) OnConflict(clause string) Statement {
	b.conflict = " ON CONFLICT " + clause
	b.single, b.many = b.single+b.conflict, b.many+b.conflict
	return b
}

// Update returns the statement that updates rows. The first keys columns identify a
// row within its account; the others are set.
func Update(table string, keys int, columns ...string) Statement {
	b := newStatement(table, columns)
	var set, setMany, where, whereMany []string
	for i, name := range b.columns {
		param := fmt.Sprintf("%s = ?%d", name, i+2)
		if i < keys {
			where, whereMany = append(where, param), append(whereMany, fmt.Sprintf("%s.%s = v.%s", table, name, name))
		} else {
			set, setMany = append(set, param), append(setMany, fmt.Sprintf("%s = v.%s", name, name))
		}
	}
	where = append([]string{"account = ?1"}, where...)
	b.single = "UPDATE " + table + " SET " + strings.Join(set, ", ") + " WHERE " + strings.Join(where, " AND ")
	return b.updateMany(strings.Join(setMany, ", "), strings.Join(whereMany, " AND "))
}

func (b Statement) updateMany(set, where string) Statement {
	b.set, b.where = set, where
	b.many = "UPDATE " + b.table + " SET " + set + " FROM " + b.fenced() + " WHERE " + b.table + ".account = v.account"
	if where != "" {
		b.many += " AND " + where
	}
	return b
}

func newStatement(table string, columns []string) Statement {
	b := Statement{table: table, lists: new(sync.Map)}
	for _, column := range columns {
		name, kind, typed := strings.Cut(column, " ")
		if !typed {
			kind = "bigint"
		}
		b.columns, b.types = append(b.columns, name), append(b.types, kind)
	}
	return b
}

// unnest returns the FROM item that turns the arrays of all columns into rows.
func (b Statement) unnest() string {
	arrays := []string{"?1::bigint[]"}
	for i, kind := range b.types {
		arrays = append(arrays, fmt.Sprintf("?%d::%s[]", i+2, kind))
	}
	return "unnest(" + strings.Join(arrays, ", ") + ") AS v (account, " + strings.Join(b.columns, ", ") + ")"
}

// fenced is unnest behind an optimization fence, so that the server must find the table's
// rows by their keys. If the planner saw the account, it would scan all of the account's rows
// whenever it estimated them to be few.
func (b Statement) fenced() string {
	return "(SELECT account, " + strings.Join(b.columns, ", ") + " FROM " + b.unnest() + " OFFSET 0) AS v"
}

// Single returns the text of the statement for one row.
func (b Statement) Single() string { return b.single }

// With returns an insert that also writes the given columns. The insert must have no ON
// CONFLICT clause.
func (b Statement) With(columns ...string) Statement {
	all := make([]string, len(b.columns), len(b.columns)+len(columns))
	for i := range b.columns {
		all[i] = b.columns[i] + " " + b.types[i]
	}
	return Insert(b.table, append(all, columns...)...)
}

// Form is the way in which a database takes rows.
type Form struct {
	// Arrays means that all rows are sent in one statement, as an array for each column.
	Arrays bool
	// Distributed means that each statement must be for one account, by which the database
	// finds the node.
	Distributed bool
}

// Calls returns the statements that write rows, with their arguments.
func (b Statement) Calls(f Form, rows [][]any) iter.Seq2[string, []any] {
	return func(yield func(string, []any) bool) {
		for len(rows) > 0 {
			size := 1
			switch {
			case f.Distributed:
				size = b.valuesOfOneAccount(rows)
			case f.Arrays:
				size = len(rows)
			}
			if !yield(b.call(f, rows[:size])) {
				return
			}
			rows = rows[size:]
		}
	}
}

// call returns the statement that writes the rows at once.
func (b Statement) call(f Form, rows [][]any) (text string, args []any) {
	switch {
	case len(rows) == 1:
		return b.single, rows[0]
	case f.Distributed:
		return b.values(len(rows)), flatten(rows)
	}
	args = []any{array(rows, 0, "bigint")}
	for i, kind := range b.types {
		args = append(args, array(rows, i+1, kind))
	}
	return b.many, args
}

// array returns a column of rows as an array.
func array(rows [][]any, column int, kind string) any {
	switch kind {
	case "text":
		return values[string](rows, column)
	case "bytea":
		return values[[]byte](rows, column)
	default:
		return values[int64](rows, column)
	}
}

// values returns a column of rows as a []T, or as a []*T if a value is NULL.
func values[T any](rows [][]any, column int) any {
	plain := make([]T, len(rows))
	for i, row := range rows {
		value, ok := row[column].(T)
		if !ok {
			return nullable[T](rows, column)
		}
		plain[i] = value
	}
	return plain
}

func nullable[T any](rows [][]any, column int) []*T {
	pointers := make([]*T, len(rows))
	for i, row := range rows {
		if row[column] != nil {
			pointers[i] = new(row[column].(T)) // panics on another type: a bug of the caller
		}
	}
	return pointers
}
