package main

import (
	"context"
	"path/filepath"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/money"
)

type rateCommands struct {
	Import rateImport `cmd:"" help:"Record the exchange rates of a CSV file, such as eurofxref-hist.csv of the European Central Bank."`
	List   rateList   `cmd:"" help:"List recorded exchange rates, newest day first."`
}

type rateImport struct {
	cli.StoreFlags
	cli.ClockFlag
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	Base    string `placeholder:"CURRENCY" help:"Currency that the rates are quoted against (default: EUR for a file with a column for each currency, else the account's)."`
	PerBase bool   `help:"The rates are units of the currency per unit of the base, as in a file with a column for each currency (default: units of the base per unit of the currency)."`
	DryRun  bool   `help:"Check the file and record nothing."`
	File    string `arg:"" type:"existingfile" help:"CSV file with the columns date, currency and rate, or date and a column for each currency."`
}

// Run records the rates of the file, all or none. A server may be running: it converts the
// orders that it accepts from then on by them.
func (c rateImport) Run(ctx context.Context, s cli.Streams) error {
	content, err := output.ReadFile(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	o := ratefile.Options{PerBase: c.PerBase}
	if c.Base != "" {
		if o.Base, err = money.ParseCurrency(c.Base); err != nil {
			return cli.Usage("--base: %w", err)
		}
	}
	now, err := c.Time()
	if err != nil {
		return err
	}
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		if err := c.Check(ctx, st); err != nil {
			return err
		}
		event := cli.UserEvent(store.OperationRecord, "")
		event.At = now.UTC()
		imported, err := ratefile.Import(ctx, st, c.Account, filepath.Base(c.File), content, o, event, c.DryRun)
		if err != nil {
			return err
		}
		imported.Describe(s.Out)
		if c.DryRun {
			s.Printf("Dry run: nothing was recorded.\n")
		}
		return nil
	})
}

type rateList struct {
	cli.StoreFlags
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	First   string `default:"1970-01-01" placeholder:"DATE" help:"First day."`
	Last    string `default:"2999-12-31" placeholder:"DATE" help:"Last day."`
	Limit   int    `default:"10" help:"Maximum number of tables (default: ${default})."`
}

// Run lists the rates.
func (c rateList) Run(ctx context.Context, s cli.Streams) error {
	first, err := scalar.Date(c.First)
	if err != nil {
		return cli.Usage("--first: %w", err)
	}
	last, err := scalar.Date(c.Last)
	if err != nil {
		return cli.Usage("--last: %w", err)
	}
	if err := cli.CheckPage(c.Limit, 0); err != nil {
		return err
	}
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		return ratefile.List(ctx, st, c.Account, first, last, c.Limit, s.Out)
	})
}
