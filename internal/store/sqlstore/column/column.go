// Package column declares the columns of tables once: name, SQL type, and the field
// of a Go value that the column stores. Select lists, scan targets, inserts and
// updates derive from that declaration.
package column

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Column is a column of a table whose rows store values of type T.
type Column[T any] struct {
	name string
	// sqlType is the type of the column in PostgreSQL.
	sqlType string
	// absent is the SQL literal that [Table.OuterList] reads instead of the NULL of a
	// missing row. It is "" if dest scans NULL as the zero value.
	absent string
	// fallbacks are the SQL expressions that are read instead of NULL.
	fallbacks []string
	// dest returns the scan target in v, and value the value to write.
	dest, value func(v *T) any
}

// Names returns the names of columns.
func Names[T any](columns []Column[T]) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// Fallbacks returns the fallbacks of the columns that have some, by name.
func Fallbacks[T any](columns []Column[T]) map[string][]string {
	all := make(map[string][]string)
	for _, c := range columns {
		if len(c.fallbacks) > 0 {
			all[c.name] = c.fallbacks
		}
	}
	return all
}

// Or returns the column as one that stores NULL in a row for which isDefault reports true.
// [Table.List] reads the first of the fallbacks instead that is not NULL. They are SQL
// expressions, or columns of the same table if they begin with a period.
func (c Column[T]) Or(isDefault func(v *T) bool, fallbacks ...string) Column[T] {
	value := c.value
	c.fallbacks = fallbacks
	c.value = func(v *T) any {
		if isDefault(v) {
			return nil
		}
		return value(v)
	}
	return c
}

// expression returns the SQL expression that reads the column from the table with the given
// alias.
func (c Column[T]) expression(alias string) string {
	list := []string{alias + "." + c.name}
	for _, fallback := range c.fallbacks {
		if strings.HasPrefix(fallback, ".") {
			fallback = alias + fallback
		}
		list = append(list, fallback)
	}
	if len(list) == 1 {
		return list[0]
	}
	if c.absent != "" { // a fallback may belong to a missing row
		list = append(list, c.absent)
	}
	return "coalesce(" + strings.Join(list, ", ") + ")"
}

// Int returns a column that stores an integer.
func Int[T any, V ~int | ~int64](name string, field func(*T) *V) Column[T] {
	return Column[T]{
		name, "bigint", "0", nil,
		func(v *T) any { return field(v) },
		func(v *T) any { return int64(*field(v)) },
	}
}

// String returns a column that stores a text.
func String[T any, V ~string](name string, field func(*T) *V) Column[T] {
	return Column[T]{
		name, "text", "''", nil,
		func(v *T) any { return field(v) },
		func(v *T) any { return string(*field(v)) },
	}
}

// Bool returns a column that stores a bool as 0 or 1.
func Bool[T any](name string, field func(*T) *bool) Column[T] {
	return Column[T]{
		name, "bigint", "0", nil,
		func(v *T) any { return field(v) },
		func(v *T) any { return Flag(*field(v)) },
	}
}

// Time returns a column that stores an instant.
func Time[T any](name string, field func(*T) *time.Time) Column[T] {
	return Column[T]{
		name, "bigint", "", nil,
		func(v *T) any { return (*Instant)(field(v)) },
		func(v *T) any { return Micros(*field(v)) },
	}
}

// NullTime returns a column that stores an instant, or NULL for the zero time.
func NullTime[T any](name string, field func(*T) *time.Time) Column[T] {
	return Column[T]{
		name, "bigint", "", nil,
		func(v *T) any { return (*Instant)(field(v)) },
		func(v *T) any { return NullMicros(*field(v)) },
	}
}

// List returns a column that stores a list of integers as a text, separated by spaces and
// without the zeros at its end.
func List[T any](name string, field func(*T) []int64) Column[T] {
	return Column[T]{
		name, "text", "''", nil,
		func(v *T) any { return numbers(field(v)) },
		func(v *T) any { return string(appendNumbers(nil, field(v))) },
	}
}

// Hash returns a column that stores a hash. The value to write refers to the field:
// the field must not change until the row is written.
func Hash[T any](name string, field func(*T) *ids.Hash) Column[T] {
	return Column[T]{
		name, "bytea", "", nil,
		func(v *T) any { return (*Digest)(field(v)) },
		func(v *T) any { return field(v)[:] },
	}
}
