package sqldb

import (
	"fmt"
	"strings"
)

// Bulk is a statement that writes many rows of a table, whose first column is account.
// All rows of a call belong to one account. The rows are written one by one, which is
// fastest in-process, or all at once with an array for each column, which is fastest over
// a network.
type Bulk struct {
	table          string
	columns, types []string // without account
	// single takes the columns of a row; many takes the account and an array for each
	// other column.
	single, many string
	// routed is many with a condition on the table's own account column, by which a
	// distributed database finds the node. It is empty if many has one already.
	routed string
}

// BulkInsert returns the statement that inserts rows. A column is a name, optionally
// followed by its SQL type: bigint, which is the default, text or bytea. The column
// account is not listed.
func BulkInsert(table string, columns ...string) Bulk {
	b := newBulk(table, columns)
	params := make([]string, len(b.columns)+1)
	for i := range params {
		params[i] = fmt.Sprintf("?%d", i+1)
	}
	into := fmt.Sprintf("INSERT INTO %s (account, %s) ", table, strings.Join(b.columns, ", "))
	b.single = into + "VALUES (" + strings.Join(params, ", ") + ")"
	b.many = into + "SELECT ?1, v." + strings.Join(b.columns, ", v.") + " FROM " + b.unnest()
	return b
}

// OnConflict returns the statement with an ON CONFLICT clause.
func (b Bulk) OnConflict(clause string) Bulk {
	b.single, b.many = b.single+" ON CONFLICT "+clause, b.many+" ON CONFLICT "+clause
	return b
}

// BulkUpdate returns the statement that updates rows. The first keys columns identify a
// row within its account; the others are set.
func BulkUpdate(table string, keys int, columns ...string) Bulk {
	b := newBulk(table, columns)
	var set, setMany, where, whereMany []string
	for i, name := range b.columns {
		param := fmt.Sprintf("%s = ?%d", name, i+2)
		if i < keys {
			where, whereMany = append(where, param), append(whereMany, fmt.Sprintf("%s.%s = v.%s", table, name, name))
		} else {
			set, setMany = append(set, param), append(setMany, fmt.Sprintf("%s = v.%s", name, name))
		}
	}
	b.single = "UPDATE " + table + " SET " + strings.Join(set, ", ") + " WHERE account = ?1 AND " + strings.Join(where, " AND ")
	return b.updateMany(strings.Join(setMany, ", "), strings.Join(whereMany, " AND "))
}

// BulkUpdateWhere is like [BulkUpdate], but takes the SQL of both forms: single is the
// statement for one row, and set and where are the clauses of the statement for many,
// which refer to the columns of a row as v.name.
func BulkUpdateWhere(table, single, set, where string, columns ...string) Bulk {
	b := newBulk(table, columns)
	b.single = single
	return b.updateMany(set, where)
}

func (b Bulk) updateMany(set, where string) Bulk {
	b.many = "UPDATE " + b.table + " SET " + set + " FROM " + b.unnestWithAccount() +
		" WHERE " + b.table + ".account = v.account AND " + where
	b.routed = b.many + " AND " + b.table + ".account = ?1"
	return b
}

func newBulk(table string, columns []string) Bulk {
	b := Bulk{table: table}
	for _, column := range columns {
		name, kind, typed := strings.Cut(column, " ")
		if !typed {
			kind = "bigint"
		}
		b.columns, b.types = append(b.columns, name), append(b.types, kind)
	}
	return b
}

// unnest returns the FROM item that turns the arrays into rows.
func (b Bulk) unnest() string {
	arrays := make([]string, len(b.columns))
	for i, kind := range b.types {
		arrays[i] = fmt.Sprintf("?%d::%s[]", i+2, kind)
	}
	return "unnest(" + strings.Join(arrays, ", ") + ") AS v (" + strings.Join(b.columns, ", ") + ")"
}

// unnestWithAccount is unnest with the account as a column, behind an optimization fence,
// so that the server must find the table's rows by their keys. If the planner saw the
// account, it would scan all of the account's rows whenever it estimated them to be few.
func (b Bulk) unnestWithAccount() string {
	return "(SELECT ?1::bigint AS account, v.* FROM " + b.unnest() + " OFFSET 0) AS v"
}

// WriteRows writes rows. The first value of each row is the account, followed by the
// values of the statement's columns.
func (s *Session) WriteRows(b Bulk, rows [][]any) error {
	if !s.dialect.Arrays || len(rows) == 1 {
		for _, row := range rows {
			if err := s.Exec(b.single, row...); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rows) == 0 {
		return nil
	}
	args := []any{rows[0][0]}
	for i, kind := range b.types {
		args = append(args, array(rows, i+1, kind))
	}
	if s.dialect.Distributed && b.routed != "" {
		return s.Exec(b.routed, args...)
	}
	return s.Exec(b.many, args...)
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
