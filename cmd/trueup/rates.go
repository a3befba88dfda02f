package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type ratesCommands struct {
	Import ratesImport `cmd:"" help:"Record the exchange rates of a CSV file, such as eurofxref-hist.csv of the European Central Bank."`
	List   ratesList   `cmd:"" help:"List recorded exchange rates, newest day first."`
}

type ratesImport struct {
	storeFlags
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	Base    string `placeholder:"CURRENCY" help:"Currency that the rates are quoted against (default: EUR for a file with a column for each currency, else the account's)."`
	PerBase bool   `help:"The rates are units of the currency per unit of the base, as in a file with a column for each currency (default: units of the base per unit of the currency)."`
	DryRun  bool   `help:"Check the file and record nothing."`
	File    string `arg:"" type:"existingfile" help:"CSV file with the columns date, currency and rate, or date and a column for each currency."`
}

// errDryRun rolls back a dry run.
var errDryRun = errors.New("dry run")

// Run records the rates of the file, all or none. A server may be running: it converts the
// orders that it accepts from then on by them.
func (c ratesImport) Run(ctx context.Context, s streams) error {
	content, err := readUpTo(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	o := ratefile.Options{PerBase: c.PerBase}
	if c.Base != "" {
		if o.Base, err = money.ParseCurrency(c.Base); err != nil {
			return usageError("--base: %w", err)
		}
	}
	return c.writeAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		current, err := st.CurrentReference(ctx, c.Account)
		if err != nil {
			return err
		}
		o.Account = current.Account.Currency
		file, err := ratefile.Parse(filepath.Base(c.File), content, o)
		if err != nil {
			return err
		}
		event := userEvent(store.OperationRecord, "")
		n, err := st.Record(ctx, c.Account, event.At, event, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
			change := store.ReferenceChange{RateTables: file.Tables}
			if c.DryRun {
				return change, errDryRun
			}
			return change, nil
		})
		if err != nil && !errors.Is(err, errDryRun) {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		c.print(s, file, n)
		return nil
	})
}

func (c ratesImport) print(s streams, file ratefile.File, changed int) {
	s.printf("%d rates of %d days\n", file.Rates, days(file.Tables))
	if len(file.Tables) > 0 {
		last := file.Tables[len(file.Tables)-1]
		quoted := slices.Sorted(maps.Keys(last.Rates))[0]
		s.printf("the last day is %s: 1 %s is %s %s\n", last.Date, last.Base, last.Rates[quoted], quoted)
	}
	if len(file.Unknown) > 0 {
		s.printf("ignored columns: %s\n", strings.Join(file.Unknown, ", "))
	}
	if c.DryRun {
		s.printf("Dry run: nothing was recorded.\n")
		return
	}
	s.printf("%d tables new or changed\n", changed)
}

// days returns the number of different dates of tables that are ordered by date.
func days(tables []program.RateTable) (n int) {
	for i, t := range tables {
		if i == 0 || tables[i-1].Date != t.Date {
			n++
		}
	}
	return n
}

type ratesList struct {
	storeFlags
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	First   string `default:"1970-01-01" placeholder:"DATE" help:"First day."`
	Last    string `default:"2999-12-31" placeholder:"DATE" help:"Last day."`
	Limit   int    `default:"10" help:"Maximum number of tables (default: ${default})."`
}

// Run lists the rates.
func (c ratesList) Run(ctx context.Context, s streams) error {
	first, err := scalar.Date(c.First)
	if err != nil {
		return usageError("--first: %w", err)
	}
	last, err := scalar.Date(c.Last)
	if err != nil {
		return usageError("--last: %w", err)
	}
	if err := checkPage(c.Limit, 0); err != nil {
		return err
	}
	return c.useAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		tables, err := st.RateTables(ctx, c.Account, first, last, c.Limit)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "DATE\tONE\tIS\tCURRENCY")
		for _, t := range tables {
			for _, quoted := range slices.Sorted(maps.Keys(t.Rates)) {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", t.Date, t.Base, t.Rates[quoted], quoted)
			}
		}
		return table.Flush()
	})
}
