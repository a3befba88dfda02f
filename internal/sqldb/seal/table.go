// Package seal finds rows that something other than the program wrote. Each row has a
// seal, which is a hash of its columns in the column "seal", and each table has a digest
// for each account: the number of its rows and the XOR of their seals. A [Writer] keeps
// both up to date in the transaction of a write. A row that was edited has another seal; a
// row that was added or deleted changes the digest. A table whose rows are numbered without
// gaps has no digest.
//
// Seals reveal edits by hand, damage and bugs. They are no protection from a program that
// computes them again.
package seal

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ColumnName is the name of the column that stores the seal of a row. Rows of a table
// without that column have no seals.
const ColumnName = "seal"

// DigestsTable is the table of the digests.
const DigestsTable = "digests"

// Column is a column of a table, as the catalogue of the database describes it.
type Column struct {
	Table, Name, Type string
	// Default is the SQL expression of the default value, or empty.
	Default string
	NotNull bool
	// Key is the position in the primary key, from 1, or 0.
	Key int
}

// Table is a table whose rows have seals. Its primary key begins with the account.
type Table struct {
	Name string
	// Keys are the columns of the primary key.
	Keys []Column
	// columns are the columns that a seal covers, by name, and defaults their default values.
	columns  []Column
	defaults []any
	// keys are the indexes of Keys in columns, and all those of the columns themselves.
	keys, all []int
	// numbered means that the table has no digests.
	numbered bool
}

// Catalogue describes the tables of a database.
type Catalogue struct {
	// Tables are those whose rows have seals, by name.
	Tables map[string]*Table
	// ByAccount are the names of all tables whose primary key begins with the account.
	ByAccount []string
	// Columns are those of all tables.
	Columns []Column
}

// NewCatalogue returns the catalogue of a database with the given columns. Exempt names
// the columns that seals don't cover, by table, and numbered the tables without digests.
func NewCatalogue(columns []Column, exempt map[string][]string, numbered []string) Catalogue {
	catalogue := Catalogue{Tables: make(map[string]*Table), Columns: columns}
	for _, c := range columns {
		if c.Name == ColumnName {
			catalogue.Tables[c.Table] = &Table{Name: c.Table, numbered: slices.Contains(numbered, c.Table)}
		}
		if c.Name == "account" && c.Key == 1 {
			catalogue.ByAccount = append(catalogue.ByAccount, c.Table)
		}
	}
	slices.Sort(catalogue.ByAccount)
	columns = slices.Clone(columns)
	slices.SortFunc(columns, func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range columns {
		if t := catalogue.Tables[c.Table]; t != nil && c.Name != ColumnName && !slices.Contains(exempt[c.Table], c.Name) {
			t.columns, t.defaults = append(t.columns, c), append(t.defaults, c.defaultValue())
		}
	}
	for _, t := range catalogue.Tables {
		for i, c := range t.columns {
			t.all = append(t.all, i)
			if c.Key > 0 {
				t.keys = append(t.keys, i)
			}
		}
		slices.SortFunc(t.keys, func(i, j int) int { return t.columns[i].Key - t.columns[j].Key })
		for _, i := range t.keys {
			t.Keys = append(t.Keys, t.columns[i])
		}
	}
	return catalogue
}

// noDefault is the default value of a column that has none.
type noDefault struct{}

func (c Column) defaultValue() any {
	text, _, _ := strings.Cut(c.Default, "::") // PostgreSQL appends the type
	switch {
	case text == "" && c.NotNull:
		return noDefault{}
	case text == "" || strings.EqualFold(text, "NULL"):
		return nil
	}
	text = strings.Trim(text, "'")
	if number, err := strconv.ParseInt(text, 10, 64); err == nil && c.BulkType() == "bigint" {
		return number
	}
	return text
}

// BulkType returns the type of the column for package bulk.
func (c Column) BulkType() string {
	kind := strings.ToLower(c.Type)
	switch {
	case strings.Contains(kind, "int"):
		return "bigint"
	case kind == "blob" || kind == "bytea":
		return "bytea"
	}
	return "text"
}

// SealsLike reports whether rows with the same values have the same seals in both tables. The
// tables of two kinds of databases can have other default values.
func (t *Table) SealsLike(o *Table) bool {
	return t.Name == o.Name && slices.Equal(t.defaults, o.defaults) &&
		slices.EqualFunc(t.columns, o.columns, func(a, b Column) bool { return a.Name == b.Name })
}

// digestAccount returns the account of the table's digest for a row. A table with one row
// for each account has one digest, of account 0, so that no account can vanish.
func (t *Table) digestAccount(account int64) int64 {
	if len(t.Keys) == 1 {
		return 0
	}
	return account
}

// sum returns the seal of a row: the first bytes of the SHA-256 hash of the table's name
// and the names and values of its columns. Order holds the index in values of each column,
// or -1 for its default. A column with its default value isn't hashed, so that a column
// that is added later doesn't change the seals of existing rows. The seal is never 0,
// which is the seal of a row without one. The buffer is returned for reuse.
func (t *Table) sum(values []any, order []int, buffer []byte) (int64, []byte) {
	buffer = append(append(buffer[:0], t.Name...), 0)
	for i := range t.columns {
		if order[i] < 0 || equal(t.defaults[i], values[order[i]]) {
			continue
		}
		buffer = append(append(buffer, t.columns[i].Name...), 0)
		buffer = AppendValue(buffer, values[order[i]])
	}
	hash := sha256.Sum256(buffer)
	seal := int64(binary.BigEndian.Uint64(hash[:]))
	if seal == 0 {
		seal = 1
	}
	return seal, buffer
}

// equal reports whether a value is the default value.
func equal(byDefault, value any) bool {
	switch v := value.(type) {
	case nil:
		return byDefault == nil
	case int64:
		d, ok := byDefault.(int64)
		return ok && d == v
	case string:
		d, ok := byDefault.(string)
		return ok && d == v
	case []byte:
		d, ok := byDefault.(string)
		return ok && d == string(v)
	}
	return false
}

// AppendValue appends the canonical form of a value. Texts and bytes have the same form,
// since SQLite returns both as bytes.
func AppendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(b, 'n')
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
	case bool:
		if v {
			return AppendValue(b, int64(1))
		}
		return AppendValue(b, int64(0))
	case string:
		return append(binary.AppendUvarint(append(b, 't'), uint64(len(v))), v...)
	case []byte:
		return append(binary.AppendUvarint(append(b, 't'), uint64(len(v))), v...)
	}
	converted, err := driver.DefaultParameterConverter.ConvertValue(value)
	switch converted.(type) {
	case nil, int64, bool, string, []byte:
		if err == nil {
			return AppendValue(b, converted)
		}
	}
	return fmt.Appendf(append(b, 'x'), "%T %v", value, value)
}

// capture scans a column of any type. A text or blob is copied.
type capture struct {
	value any
	bytes []byte
}

// Scan implements [database/sql.Scanner].
func (c *capture) Scan(src any) error {
	c.value = src
	if bytes, ok := src.([]byte); ok {
		c.bytes = append(c.bytes[:0], bytes...)
		c.value = c.bytes
	}
	return nil
}
