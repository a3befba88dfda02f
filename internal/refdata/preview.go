package refdata

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// maxBases is more than the number of currencies, and of the tables of a day.
const maxBases = 1000

// Reader is the part of a store that Preview reads.
type Reader interface {
	// CurrentReference returns the reference data of an account that were recorded last, or
	// [ledger.ErrNotFound].
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	// Click returns a click as it was recorded last, or [ledger.ErrNotFound].
	Click(ctx context.Context, account int64, id string) (program.Click, error)
	// RateTables returns up to limit rate tables of the days from first to last, newest day
	// first, as they were recorded last.
	RateTables(ctx context.Context, account int64, first, last program.Date, limit int) ([]program.RateTable, error)
}

// Preview returns what [File.Record] would return, and stores nothing. Terms that take
// effect at once have the given time.
func (f *File) Preview(ctx context.Context, st Reader, now time.Time) ([]Recorded, error) {
	return f.Record(ctx, preview{st}, now, store.AuditEvent{})
}

// preview is a [Recorder] that stores nothing.
type preview struct{ Reader }

func (p preview) Record(ctx context.Context, account int64, now time.Time, _ store.AuditEvent, amend store.AmendReference) (int, error) {
	before, err := p.CurrentReference(ctx, account)
	if errors.Is(err, ledger.ErrNotFound) {
		before, err = program.NewReference(), nil
	}
	if err != nil {
		return 0, err
	}
	change, err := amend(before, now)
	if err != nil {
		return 0, err
	}
	_, entries, err := fieldChanges(before, change)
	if err != nil {
		return 0, err
	}
	for _, c := range change.Clicks {
		c.At = c.At.UTC().Truncate(time.Microsecond) // the precision of a store
		recorded, err := p.Click(ctx, account, c.ID)
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return 0, err
		}
		recorded.At = recorded.At.UTC()
		if err != nil || recorded != c {
			entries++
		}
	}
	rates, err := p.changedRates(ctx, account, change.RateTables)
	return entries + rates, err
}

// changedRates returns the number of tables with rates that are new or differ.
func (p preview) changedRates(ctx context.Context, account int64, tables []program.RateTable) (changed int, err error) {
	for _, t := range tables {
		recorded, err := p.RateTables(ctx, account, t.Date, t.Date, maxBases)
		if err != nil {
			return 0, err
		}
		var before map[money.Currency]money.Rate
		for _, r := range recorded {
			if r.Base == t.Base {
				before = r.Rates
			}
		}
		for currency, rate := range t.Rates {
			if before[currency] != rate {
				changed++
				break
			}
		}
	}
	return changed, nil
}
