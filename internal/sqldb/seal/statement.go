package seal

import (
	"fmt"
	"slices"
	"strings"
)

// statement is a statement that writes rows of one table.
type statement struct {
	verb, table string
	// columns are those that an INSERT or UPDATE sets.
	columns []string
	// plain means an INSERT with one parameter for each column, in their order, and
	// nothing else.
	plain bool
}

// parse parses the beginning of a statement. It returns an empty verb for statements that
// write no rows.
func parse(text string) (st statement) {
	words := strings.Fields(text)
	text = strings.Join(words, " ")
	switch {
	case len(words) > 3 && words[0] == "INSERT" && words[1] == "INTO":
		st.verb, st.table = words[0], words[2]
		_, list, _ := strings.Cut(text, "(")
		list, rest, _ := strings.Cut(list, ")")
		st.columns = strings.Split(list, ", ")
		st.plain = rest == " VALUES ("+parameters(len(st.columns), false)+")" || rest == " VALUES ("+parameters(len(st.columns), true)+")"
	case len(words) > 3 && words[0] == "UPDATE" && words[2] == "SET":
		st.verb, st.table = words[0], words[1]
		_, list, _ := strings.Cut(text, " SET ")
		for _, assignment := range split(list) {
			name, _, _ := strings.Cut(assignment, " =")
			st.columns = append(st.columns, name)
		}
	case len(words) > 2 && words[0] == "DELETE" && words[1] == "FROM":
		st.verb, st.table = words[0], words[2]
	}
	return st
}

// parameters returns a list of parameters with or without numbers.
func parameters(count int, numbered bool) string {
	list := make([]string, count)
	for i := range list {
		list[i] = "?"
		if numbered {
			list[i] = fmt.Sprintf("?%d", i+1)
		}
	}
	return strings.Join(list, ", ")
}

// split splits the assignments of an UPDATE, which end at a WHERE or FROM outside of
// parentheses.
func split(list string) (parts []string) {
	depth, begin := 0, 0
	for i := range len(list) {
		switch {
		case list[i] == '(':
			depth++
		case list[i] == ')':
			depth--
		case depth > 0:
		case strings.HasPrefix(list[i:], ", "):
			parts, begin = append(parts, list[begin:i]), i+2
		case strings.HasPrefix(list[i:], " WHERE "), strings.HasPrefix(list[i:], " FROM "):
			return append(parts, list[begin:i])
		}
	}
	return append(parts, list[begin:])
}

// order returns the index in names of each column that seals of the table cover, or -1.
func (t *Table) order(names []string) []int {
	order := make([]int, len(t.columns))
	for i, c := range t.columns {
		order[i] = slices.Index(names, c.Name)
	}
	return order
}

// list returns the columns that seals cover, and the seal, each named by the table.
func (t *Table) list() string {
	names := make([]string, 0, len(t.columns)+1)
	for _, c := range t.columns {
		names = append(names, t.Name+"."+c.Name)
	}
	return strings.Join(append(names, t.Name+"."+ColumnName), ", ")
}

// covers reports whether seals cover one of the columns.
func (t *Table) covers(names []string) bool {
	return slices.ContainsFunc(t.columns, func(c Column) bool { return slices.Contains(names, c.Name) })
}
