package transfer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
)

// table is a table whose primary key begins with the account.
type table struct {
	name string
	// columns begins with the account. The others are sorted by name, since the columns of
	// two databases can have another order.
	columns []seal.Column
	// keys are the names of the primary key's columns.
	keys []string
}

// tablesOf returns the tables of a catalogue, by name, without that of the migrations.
func tablesOf(c seal.Catalogue) (tables []table, err error) {
	byName := make(map[string][]seal.Column)
	for _, column := range c.Columns {
		if column.Table != sqldb.MigrationsTable {
			byName[column.Table] = append(byName[column.Table], column)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if !slices.Contains(c.ByAccount, name) {
			return nil, fmt.Errorf("the primary key of table %s doesn't begin with the account: the table can't be copied", name)
		}
		t := table{name: name, columns: byName[name]}
		slices.SortFunc(t.columns, func(a, b seal.Column) int { return cmp.Compare(a.Key, b.Key) })
		for _, column := range t.columns {
			if column.Key > 0 {
				t.keys = append(t.keys, column.Name)
			}
		}
		slices.SortFunc(t.columns, func(a, b seal.Column) int {
			if a.Key == 1 {
				return -1 // the account
			}
			if b.Key == 1 {
				return 1
			}
			return strings.Compare(a.Name, b.Name)
		})
		tables = append(tables, t)
	}
	return tables, nil
}

// equal reports whether two tables have the same columns and the same primary key.
func (t table) equal(o table) bool {
	return t.name == o.name && slices.Equal(t.keys, o.keys) && slices.EqualFunc(t.columns, o.columns, func(a, b seal.Column) bool {
		return a.Name == b.Name && a.BulkType() == b.BulkType()
	})
}

// insert returns the statement that inserts rows.
func (t table) insert() sqldb.Bulk {
	var columns []string
	for _, c := range t.columns[1:] {
		columns = append(columns, c.Name+" "+c.BulkType())
	}
	return sqldb.BulkInsert(t.name, columns...)
}

// Sum summarizes the rows of a table, in whatever order and without their seals. The sums of two
// databases with the same rows are equal.
type Sum struct {
	Rows int64
	// Hash is the sum of hashes of the rows.
	Hash uint64
}

// Sums are the sums of tables by name.
type Sums map[string]Sum

// Rows returns the number of rows of all tables.
func (s Sums) Rows() (rows int64) {
	for _, sum := range s {
		rows += sum.Rows
	}
	return rows
}

// Check returns an error that wraps [ErrDiffers] if a database has other rows than were summed. It
// ignores seals and their digests, which follow from the rows.
func (s Sums) Check(ctx context.Context, db *sqldb.DB) error {
	return s.check(ctx, db, func(table string) bool { return table != seal.DigestsTable })
}

// CheckUnchanged returns an error that wraps [ErrDiffers] if the program has written to the
// database since its rows were summed. It reads little: each write changes a digest or
// another row of a table without seals.
func (s Sums) CheckUnchanged(ctx context.Context, db *sqldb.DB) error {
	sealed := db.Catalogue().Tables
	return s.check(ctx, db, func(table string) bool { return sealed[table] == nil })
}

func (s Sums) check(ctx context.Context, db *sqldb.DB, selected func(table string) bool) error {
	tables, err := tablesOf(db.Catalogue())
	if err != nil {
		return err
	}
	return db.ReadLong(ctx, 0, func(session *sqldb.Session) error {
		for _, t := range tables {
			if !selected(t.name) {
				continue
			}
			found, err := t.read(session, func([]any, int) error { return context.Cause(ctx) })
			if err != nil {
				return fmt.Errorf("read table %s: %w", t.name, err)
			}
			if want := s[t.name]; found != want {
				return fmt.Errorf("%w: table %s has %d rows with the hash %016x, want %d with %016x", ErrDiffers,
					t.name, found.Rows, found.Hash, want.Rows, want.Hash)
			}
		}
		return nil
	})
}

// read calls each for every row of the table with its values and their size in bytes.
func (t table) read(s *sqldb.Session, each func(row []any, size int) error) (sum Sum, err error) {
	names, values, dest := make([]string, len(t.columns)), make([]value, len(t.columns)), make([]any, len(t.columns))
	for i, c := range t.columns {
		names[i], values[i].kind, dest[i] = c.Name, c.BulkType(), &values[i]
	}
	var buffer []byte
	query := "SELECT " + strings.Join(names, ", ") + " FROM " + t.name + " ORDER BY " + strings.Join(t.keys, ", ")
	err = s.Rows(query, nil, dest, func() error {
		row := make([]any, len(values))
		buffer = buffer[:0]
		for i, v := range values {
			row[i] = v.content
			if names[i] != seal.ColumnName {
				buffer = seal.AppendValue(buffer, v.content)
			}
		}
		hash := sha256.Sum256(buffer)
		sum.Rows++
		sum.Hash += binary.BigEndian.Uint64(hash[:])
		return each(row, len(buffer))
	})
	return sum, err
}

// value scans a column of a kind of package bulk, and keeps a copy of its content.
type value struct {
	kind    string
	content any
}

// Scan implements [database/sql.Scanner].
func (v *value) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		v.content = nil
		return nil
	case int64:
		if v.kind == "bigint" {
			v.content = src
			return nil
		}
	case string:
		if v.kind == "text" {
			v.content = src
			return nil
		}
	case []byte: // SQLite's texts, too
		switch v.kind {
		case "text":
			v.content = string(src)
			return nil
		case "bytea":
			v.content = bytes.Clone(src)
			return nil
		}
	}
	return fmt.Errorf("a %T is not a %s", src, v.kind)
}
