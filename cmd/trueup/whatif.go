package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/whatif"
	"github.com/trueup-ledger/trueup/ledger"
)

type whatifCommand struct {
	cli.StoreFlags
	cli.ClockFlag
	File   string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"Reference file with the terms to try, in YAML or JSON."`
	Since  string `required:"" placeholder:"TIME" help:"Read orders with an event date from TIME on: a number of days ago such as 90d, a date in the account's time zone, or a timestamp."`
	Until  string `placeholder:"TIME" help:"Read orders with an event date before TIME: a date or a timestamp."`
	Output string `group:"output" short:"o" enum:"table,csv,json" default:"table" placeholder:"FORMAT" help:"Format: table, csv or json (default: ${default})."`
}

// Run prints what past orders would have paid under the terms in the file. It opens the store
// read-only.
func (c whatifCommand) Run(ctx context.Context, s cli.Streams) (err error) {
	text, err := output.ReadFile(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	file, err := refdata.Parse(filepath.Base(c.File), text)
	if err != nil {
		return err
	}
	st, err := c.OpenReadOnly(ctx, cli.LedgerFolder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	results, err := c.estimate(ctx, st, file)
	if err != nil {
		return err
	}
	switch c.Output {
	case "json":
		return json.NewEncoder(s.Out).Encode(map[string]any{"accounts": results})
	case "csv":
		return output.EstimatesCSV(s.Out, s.Err, results)
	}
	return output.Estimates(s.Out, results)
}

// estimate returns an estimate for each account with terms in the file.
func (c whatifCommand) estimate(ctx context.Context, st *sqlstore.Store, file *refdata.File) (results []whatif.Result, err error) {
	now, err := c.Time()
	if err != nil {
		return nil, err
	}
	accounts := file.Terms()
	for _, account := range slices.Sorted(maps.Keys(accounts)) {
		if len(accounts[account]) == 0 {
			continue
		}
		reference, err := st.CurrentReference(ctx, account)
		if errors.Is(err, ledger.ErrNotFound) {
			return nil, cli.NotFound("%s: account %d doesn't exist; record it with: trueup apply -f FILE", filepath.Base(c.File), account)
		}
		if err != nil {
			return nil, err
		}
		span, err := whatif.ParseSpan(c.Since, c.Until, now, reference.Zone())
		if err != nil {
			return nil, cli.Usage("--%w", err)
		}
		result, err := whatif.Estimate(ctx, st, account, span, accounts[account])
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("%s has no terms to try", filepath.Base(c.File))
	}
	return results, nil
}
