// Package transfer copies the rows of a database to another one of the same schema, which may
// be of another kind.
package transfer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
)

// Limits of a batch, which is one transaction.
const (
	maxRows  = 1_000
	maxBytes = 1 << 20
)

// ErrDiffers is returned if two databases have different tables or different rows.
var ErrDiffers = errors.New("the databases differ")

// Copy copies all rows of one snapshot in batches, and returns the sums of the tables. The tables
// are those of the schemas, which must be equal. Rows keep their seals, unless their columns have
// other default values in the target: then they are sealed again. Rows of the target are deleted:
// it must be a database that nobody uses yet.
func Copy(ctx context.Context, from, to *sqldb.DB) (Sums, error) {
	tables, err := tablesOf(from.Catalogue())
	if err != nil {
		return nil, err
	}
	others, err := tablesOf(to.Catalogue())
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(tables, others, table.equal) {
		return nil, fmt.Errorf("%w: their schemas are not equal", ErrDiffers)
	}
	sums := make(Sums)
	err = from.ReadLong(ctx, 0, func(s *sqldb.Session) error {
		for _, t := range tables {
			if sums[t.name], err = t.copy(ctx, s, to); err != nil {
				return fmt.Errorf("copy table %s: %w", t.name, err)
			}
		}
		return nil
	})
	if err == nil {
		err = reseal(ctx, from, to)
	}
	return sums, err
}

// reseal seals the rows of tables whose seals depend on the kind of the database.
func reseal(ctx context.Context, from, to *sqldb.DB) error {
	before, after := from.Catalogue().Tables, to.Catalogue().Tables
	inTx := func(f func(seal.Session) error) error {
		return to.Write(ctx, func(s *sqldb.Session) error { return f(s) })
	}
	err := inTx(func(s seal.Session) error {
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if before[name] == nil || !after[name].SealsLike(before[name]) {
				if err := seal.Mark(s, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return to.Catalogue().Reseal(inTx)
}

// copy copies the rows of the table, which s reads.
func (t table) copy(ctx context.Context, s *sqldb.Session, to *sqldb.DB) (sum Sum, err error) {
	b := batch{ctx: ctx, db: to, statement: t.insert()}
	if err := to.Write(ctx, func(s *sqldb.Session) error { return s.RowsDeferred("DELETE FROM "+t.name, nil, nil, nil) }); err != nil {
		return sum, err
	}
	sum, err = t.read(s, b.add)
	if err == nil {
		err = b.flush()
	}
	return sum, err
}

// batch collects rows and writes them.
type batch struct {
	ctx       context.Context //nolint:containedctx // a batch lives as long as a call
	db        *sqldb.DB
	statement sqldb.Bulk
	rows      [][]any
	bytes     int
}

// add adds a row of so many bytes.
func (b *batch) add(row []any, size int) error {
	b.rows, b.bytes = append(b.rows, row), b.bytes+size
	if len(b.rows) < maxRows && b.bytes < maxBytes {
		return nil
	}
	return b.flush()
}

func (b *batch) flush() error {
	if len(b.rows) == 0 {
		return nil
	}
	err := b.db.Write(b.ctx, func(s *sqldb.Session) error { return s.WriteSealed(b.statement, b.rows) })
	b.rows, b.bytes = b.rows[:0], 0
	return err
}
