package bulk

import (
	"slices"
	"strconv"
	"strings"
)

const (
	// maxValues is the largest number of rows in one list of values.
	maxValues = 64
	// maxParameters is the largest number of parameters of a statement in PostgreSQL.
	maxParameters = 65_535
)

// Citus sends a statement with a list of values to the node of its account, but collects the
// rows of an INSERT that selects them on the coordinator first. The number of rows in a list
// is a power of two, so that few texts are prepared.

// valuesOfOneAccount returns the number of rows for the next list.
func (b Statement) valuesOfOneAccount(rows [][]any) int {
	same := slices.IndexFunc(rows, func(row []any) bool { return row[0] != rows[0][0] })
	if same < 0 {
		same = len(rows)
	}
	n := maxValues
	for n > same || 1+n*len(b.columns) > maxParameters {
		n /= 2
	}
	return max(n, 1)
}

// flatten returns the account of the rows, followed by their other values.
func flatten(rows [][]any) []any {
	args := make([]any, 1, 1+len(rows)*(len(rows[0])-1))
	args[0] = rows[0][0]
	for _, row := range rows {
		args = append(args, row[1:]...)
	}
	return args
}

// values returns the statement that writes count rows. Its first parameter is the account.
func (b Statement) values(count int) string {
	list, found := b.lists.Load(count)
	if !found {
		list, _ = b.lists.LoadOrStore(count, b.list(count))
	}
	if b.set == "" {
		return b.into + list.(string) + b.conflict
	}
	text := "UPDATE " + b.table + " SET " + b.set + " FROM (" + list.(string) + ") AS v (" +
		strings.Join(b.columns, ", ") + ") WHERE " + b.table + ".account = ?1"
	if b.where != "" {
		text += " AND " + b.where
	}
	return text
}

// list returns a list of values with the parameters of count rows. The rows of an insert
// begin with the account. The types of an update are those of its first row.
func (b Statement) list(count int) string {
	var text strings.Builder
	text.WriteString("VALUES ")
	for row := range count {
		if row > 0 {
			text.WriteString(", ")
		}
		separator := "("
		if b.set == "" {
			text.WriteString("(?1")
			separator = ", "
		}
		for i, kind := range b.types {
			text.WriteString(separator + "?" + strconv.Itoa(2+row*len(b.types)+i))
			if b.set != "" && row == 0 {
				text.WriteString("::" + kind)
			}
			separator = ", "
		}
		text.WriteByte(')')
	}
	return text.String()
}
