package seal

import (
	"fmt"
	"math"
	"strings"
)

// row scans rows of a table in the order of its list.
type row struct {
	table    *Table
	captures []capture
	scanned  []any
}

func newRow(t *Table) *row {
	return &row{table: t, captures: make([]capture, len(t.columns)+1), scanned: make([]any, len(t.columns))}
}

// dest returns the scan targets of the row.
func (r *row) dest() []any {
	dest := make([]any, len(r.captures))
	for i := range r.captures {
		dest[i] = &r.captures[i]
	}
	return dest
}

// values returns the values of the scanned row, which are valid until the next one, and
// its stored seal.
func (r *row) values() (values []any, seal int64) {
	for i := range r.scanned {
		r.scanned[i] = r.captures[i].value
	}
	seal, _ = r.captures[len(r.scanned)].value.(int64)
	return r.scanned, seal
}

// keys returns a copy of the scanned row's primary key.
func (r *row) keys() []any {
	keys := make([]any, len(r.table.keys))
	for i, k := range r.table.keys {
		keys[i] = r.captures[k].value
		if bytes, ok := keys[i].([]byte); ok {
			keys[i] = string(bytes)
		}
	}
	return keys
}

// key returns the table and the primary key as one text, by which rows are sorted.
func (r *row) key() string {
	key := append([]byte(r.table.Name), 0)
	for _, k := range r.table.keys {
		key = AppendValue(key, r.captures[k].value)
	}
	return string(key)
}

// Query runs a query as a session does.
type Query func(text string, args, dest []any, each func() error) error

// Row is a stored row.
type Row struct {
	Keys []any
	// Seal is the row's stored seal, and Sum what it should be.
	Seal, Sum int64
}

// name names the row by its primary key without the account, as in `sid "IRabc"`.
func (t *Table) name(keys []any) string {
	var parts []string
	for i, k := range t.Keys {
		if text, ok := keys[i].(string); ok {
			parts = append(parts, fmt.Sprintf("%s %q", k.Name, text))
		} else if i > 0 || len(t.Keys) == 1 {
			parts = append(parts, fmt.Sprintf("%s %v", k.Name, keys[i]))
		}
	}
	return strings.Join(parts, ", ")
}

// chunkSize is the number of rows that are read at a time.
const chunkSize = 1000

// chunk calls each for the next rows of an account that follow the row with the key last,
// or for the first if last is nil. It returns the last key, or nil if there are no more rows.
func (t *Table) chunk(query Query, account int64, last []any, each func(Row)) (next []any, err error) {
	names := make([]string, len(t.Keys))
	for i, k := range t.Keys {
		names[i] = k.Name
	}
	text, args := "SELECT "+t.list()+" FROM "+t.Name+" WHERE account = ?", []any{account}
	if last != nil {
		text += " AND (" + strings.Join(names[1:], ", ") + ") > (" + parameters(len(names)-1, false) + ")"
		args = append(args, last[1:]...)
	}
	text += " ORDER BY " + strings.Join(names, ", ") + " LIMIT ?"
	r := newRow(t)
	count := 0
	var buffer []byte
	err = query(text, append(args, int64(chunkSize)), r.dest(), func() error {
		values, seal := r.values()
		row := Row{Keys: r.keys(), Seal: seal}
		row.Sum, buffer = t.sum(values, t.all, buffer)
		each(row)
		count++
		next = row.Keys
		return nil
	})
	if count < chunkSize || len(names) == 1 {
		next = nil
	}
	return next, err
}

// accounts returns the accounts that have rows in a table, in ascending order. It reads
// one row for each.
func accounts(query Query, table string) (found []int64, err error) {
	last, more := int64(math.MinInt64), true
	for more && err == nil {
		more = false
		var next int64
		err = query("SELECT account FROM "+table+" WHERE account > ? ORDER BY account LIMIT 1", []any{last}, []any{&next}, func() error {
			more, last, found = true, next, append(found, next)
			return nil
		})
	}
	return found, err
}
