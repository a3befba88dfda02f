package ratefile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Store is the part of a store that records and lists exchange rates.
type Store interface {
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	Record(ctx context.Context, account int64, now time.Time, e store.AuditEvent, amend store.AmendReference) (int, error)
	RateTables(ctx context.Context, account int64, first, last program.Date, limit int) ([]program.RateTable, error)
}

// errDryRun rolls back a dry run.
var errDryRun = errors.New("dry run")

// Imported describes the rates of a file, and which of them are new.
type Imported struct {
	File
	Difference
}

// Import records the rates of a file, all or none. With dryRun it only checks them. The account's
// currency is that of the store. Name is the file name in error messages.
func Import(ctx context.Context, st Store, account int64, name string, content []byte, o Options, event store.AuditEvent, dryRun bool) (i Imported, err error) {
	current, err := st.CurrentReference(ctx, account)
	if err != nil {
		return i, err
	}
	o.Account = current.Account.Currency
	if i.File, err = Parse(name, content, o); err != nil {
		return i, err
	}
	if i.Difference, err = compare(ctx, st, account, i.Tables); err != nil {
		return i, err
	}
	_, err = st.Record(ctx, account, event.At, event, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		change := store.ReferenceChange{RateTables: i.Tables}
		if dryRun {
			return change, errDryRun
		}
		return change, nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return i, fmt.Errorf("%s: %w", name, err)
	}
	return i, nil
}

// Last returns the last table and a currency that it has. A file has at least one table.
func (f File) Last() (program.RateTable, money.Currency) {
	last := f.Tables[len(f.Tables)-1]
	return last, slices.Sorted(maps.Keys(last.Rates))[0]
}

// Days returns the number of days with rates.
func (f File) Days() (n int) {
	for i, t := range f.Tables {
		if i == 0 || f.Tables[i-1].Date != t.Date {
			n++
		}
	}
	return n
}
