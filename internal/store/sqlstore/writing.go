package sqlstore

import (
	"fmt"
	"strings"
)

// writing is a statement that writes rows of one table in one account: row by row,
// which is fastest in the process itself, or many at once, which is fastest over a
// network.
type writing struct {
	// each takes the account and then the columns of a row; many takes the account
	// and for each column an array.
	each, many string
	// routed is many where the account has to be named for the table itself: what spreads
	// tables over nodes looks there for the node.
	routed string
	// columns are those of table after the account, and types what they are in SQL.
	table          string
	columns, types []string
}

// inserting answers the writing of new rows. A column is a name, or a name and a
// type in SQL where that is not bigint.
func inserting(table string, columns ...string) writing {
	names, types := split(columns)
	marks := make([]string, len(names)+1)
	for i := range marks {
		marks[i] = fmt.Sprintf("?%d", i+1)
	}
	into := fmt.Sprintf("INSERT INTO %s (account, %s) ", table, strings.Join(names, ", "))
	return writing{
		each:  into + "VALUES (" + strings.Join(marks, ", ") + ")",
		many:  into + "SELECT ?1, " + qualified("v", names) + " FROM " + unnested(names, types),
		table: table, columns: names, types: types,
	}
}

// unless answers the writing that does something else, in SQL, where a row is there.
func (w writing) unless(conflict string) writing {
	w.each, w.many = w.each+" ON CONFLICT "+conflict, w.many+" ON CONFLICT "+conflict
	return w
}

// updating answers the writing of columns in rows that are there, which the first
// columns, so many as keys says, identify within the account.
func updating(table string, keys int, columns ...string) writing {
	names, types := split(columns)
	var set, setMany, where, whereMany []string
	for i, name := range names {
		mark := fmt.Sprintf("%s = ?%d", name, i+2)
		if i < keys {
			where, whereMany = append(where, mark), append(whereMany, fmt.Sprintf("%s.%s = v.%s", table, name, name))
		} else {
			set, setMany = append(set, mark), append(setMany, fmt.Sprintf("%s = v.%s", name, name))
		}
	}
	w := updatingMany(table, strings.Join(setMany, ", "), strings.Join(whereMany, " AND "), names, types)
	w.each = "UPDATE " + table + " SET " + strings.Join(set, ", ") + " WHERE account = ?1 AND " + strings.Join(where, " AND ")
	return w
}

// updatingMany answers the writing of what is set where a row of the arrays, which is
// named v, fits one that is there.
func updatingMany(table, set, where string, names, types []string) writing {
	many := "UPDATE " + table + " SET " + set + " FROM " + ofAccount(names, types) + " WHERE " + table + ".account = v.account AND " + where
	return writing{many: many, routed: many + " AND " + table + ".account = ?1", table: table, columns: names, types: types}
}

// split parts the names of columns from their types.
func split(columns []string) (names, types []string) {
	for _, column := range columns {
		name, kind, typed := strings.Cut(column, " ")
		if !typed {
			kind = "bigint"
		}
		names, types = append(names, name), append(types, kind)
	}
	return names, types
}

func qualified(alias string, names []string) string {
	return alias + "." + strings.Join(names, ", "+alias+".")
}

// unnested makes rows of arrays.
func unnested(names, types []string) string {
	arrays := make([]string, len(names))
	for i := range names {
		arrays[i] = fmt.Sprintf("?%d::%s[]", i+2, types[i])
	}
	return "unnest(" + strings.Join(arrays, ", ") + ") AS v (" + strings.Join(names, ", ") + ")"
}

// ofAccount makes rows of arrays that have the account too, behind a fence: so the only
// way to the rows of a table is by their keys. A server that knew the account would
// read all of it, if it believed the account to be small.
func ofAccount(names, types []string) string {
	return "(SELECT ?1::bigint AS account, v.* FROM " + unnested(names, types) + " OFFSET 0) AS v"
}

// write writes rows, each of which begins with the account.
func (s *session) write(w writing, rows [][]any) error {
	if !s.dialect.arrays || len(rows) == 1 {
		for _, row := range rows {
			if err := s.exec(w.each, row...); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rows) == 0 {
		return nil
	}
	args := []any{rows[0][0]}
	for i, kind := range w.types {
		args = append(args, column(rows, i+1, kind))
	}
	if s.dialect.distributed && w.routed != "" {
		return s.exec(w.routed, args...)
	}
	return s.exec(w.many, args...)
}

// column answers one column of rows as an array.
func column(rows [][]any, at int, kind string) any {
	switch kind {
	case "text":
		return values[string](rows, at)
	case "bytea":
		return values[[]byte](rows, at)
	default:
		return values[int64](rows, at)
	}
}

// values answers an array of values, or of pointers if one of them is NULL.
func values[T any](rows [][]any, at int) any {
	plain := make([]T, len(rows))
	for i, row := range rows {
		value, is := row[at].(T)
		if !is {
			return nullable[T](rows, at)
		}
		plain[i] = value
	}
	return plain
}

func nullable[T any](rows [][]any, at int) []*T {
	pointers := make([]*T, len(rows))
	for i, row := range rows {
		if row[at] != nil {
			pointers[i] = new(row[at].(T)) // a row of another type is this package's mistake
		}
	}
	return pointers
}
