package ratefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
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

// Describe prints what the file contains and what is new.
func (i Imported) Describe(out io.Writer) {
	i.File.describe(out)
	i.Difference.describe(out)
}

// describe prints what the file contains, with one rate as a sentence.
func (f File) describe(out io.Writer) {
	fmt.Fprintf(out, "%d rates of %d days\n", f.Rates, f.Days())
	last, quoted := f.Last()
	fmt.Fprintf(out, "the last day is %s: 1 %s is %s %s\n", last.Date, last.Base, last.Rates[quoted], quoted)
	if len(f.Unknown) > 0 {
		fmt.Fprintf(out, "ignored columns: %s\n", strings.Join(f.Unknown, ", "))
	}
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

// List prints up to limit tables of exchange rates, newest day first.
func List(ctx context.Context, st Store, account int64, first, last program.Date, limit int, out io.Writer) error {
	tables, err := st.RateTables(ctx, account, first, last, limit)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DATE\tONE\tIS\tCURRENCY")
	for _, t := range tables {
		for _, quoted := range slices.Sorted(maps.Keys(t.Rates)) {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", t.Date, t.Base, t.Rates[quoted], quoted)
		}
	}
	return table.Flush()
}
