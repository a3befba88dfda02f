// Package column declares the columns of tables once: name, SQL type, and the field
// of a Go value that the column stores. Select lists, scan targets, inserts and
// updates derive from that declaration.
package column

import (
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

// Int returns a column that stores an integer.
func Int[T any, V ~int | ~int64](name string, field func(*T) *V) Column[T] {
	return Column[T]{
		name, "bigint", "0",
		func(v *T) any { return field(v) },
		func(v *T) any { return int64(*field(v)) },
	}
}

// String returns a column that stores a text.
func String[T any, V ~string](name string, field func(*T) *V) Column[T] {
	return Column[T]{
		name, "text", "''",
		func(v *T) any { return field(v) },
		func(v *T) any { return string(*field(v)) },
	}
}

// Bool returns a column that stores a bool as 0 or 1.
func Bool[T any](name string, field func(*T) *bool) Column[T] {
	return Column[T]{
		name, "bigint", "0",
		func(v *T) any { return field(v) },
		func(v *T) any { return Flag(*field(v)) },
	}
}

// Time returns a column that stores an instant.
func Time[T any](name string, field func(*T) *time.Time) Column[T] {
	return Column[T]{
		name, "bigint", "",
		func(v *T) any { return (*Instant)(field(v)) },
		func(v *T) any { return Micros(*field(v)) },
	}
}

// NullTime returns a column that stores an instant, or NULL for the zero time.
func NullTime[T any](name string, field func(*T) *time.Time) Column[T] {
	return Column[T]{
		name, "bigint", "",
		func(v *T) any { return (*Instant)(field(v)) },
		func(v *T) any { return NullMicros(*field(v)) },
	}
}

// List returns a column that stores a list of integers as a text, separated by spaces and
// without the zeros at its end.
func List[T any](name string, field func(*T) []int64) Column[T] {
	return Column[T]{
		name, "text", "''",
		func(v *T) any { return numbers(field(v)) },
		func(v *T) any { return string(appendNumbers(nil, field(v))) },
	}
}

// Hash returns a column that stores a hash. The value to write refers to the field:
// the field must not change until the row is written.
func Hash[T any](name string, field func(*T) *ids.Hash) Column[T] {
	return Column[T]{
		name, "bytea", "",
		func(v *T) any { return (*Digest)(field(v)) },
		func(v *T) any { return field(v)[:] },
	}
}
