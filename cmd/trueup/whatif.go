package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/whatif"
	"github.com/trueup-ledger/trueup/ledger"
)

type whatifCommand struct {
	storeFlags
	clockFlag
	File   string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"Reference file with the terms to try, in YAML or JSON."`
	Since  string `required:"" placeholder:"TIME" help:"Read orders with an event date from TIME on: a number of days ago such as 90d, a date in the account's time zone, or a timestamp."`
	Until  string `placeholder:"TIME" help:"Read orders with an event date before TIME: a date or a timestamp."`
	Output string `short:"o" enum:"table,csv,json" default:"table" placeholder:"FORMAT" help:"Format: table, csv or json (default: ${default})."`
}

// Run prints what past orders would have paid under the terms in the file. It opens the store
// read-only.
func (c whatifCommand) Run(ctx context.Context, s streams) (err error) {
	text, err := readUpTo(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	file, err := refdata.Parse(filepath.Base(c.File), text)
	if err != nil {
		return err
	}
	st, err := c.openReadOnly(ctx, ledgerFolder)
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
		return json.NewEncoder(s.out).Encode(map[string]any{"accounts": results})
	case "csv":
		return s.printEstimatesCSV(results)
	}
	return s.printEstimates(results)
}

// estimate returns an estimate for each account with terms in the file.
func (c whatifCommand) estimate(ctx context.Context, st *sqlstore.Store, file *refdata.File) (results []whatif.Result, err error) {
	now, err := c.time()
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
			return nil, notFound("%s: account %d doesn't exist; record it with: trueup apply -f FILE", filepath.Base(c.File), account)
		}
		if err != nil {
			return nil, err
		}
		span, err := whatif.ParseSpan(c.Since, c.Until, now, reference.Zone())
		if err != nil {
			return nil, usageError("--%w", err)
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

// printEstimates prints a table for each account.
func (s streams) printEstimates(results []whatif.Result) error {
	for _, r := range results {
		until := "now"
		if !r.Until.IsZero() {
			until = formatTime(r.Until)
		}
		s.printf("Account %d, orders from %s to %s, in %s:\n", r.Account, formatTime(r.Since), until, r.Currency)
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
		row := func(partner, eventType string, sums whatif.Sums) {
			fmt.Fprintf(table, "%s\t%s\t%s\t\n", partner, eventType, strings.Join(sums.Cells(), "\t"))
		}
		fmt.Fprintln(table, "PARTNER\tEVENT TYPE\tORDERS\tREVENUE\tPAYOUT\tNEW PAYOUT\tDIFFERENCE\t")
		for _, l := range r.Lines {
			row(fmt.Sprintf("%s (%d)", l.PartnerName, l.Partner), fmt.Sprintf("%s (%d)", l.EventTypeName, l.EventType), l.Sums)
		}
		row("total", "", r.Total)
		if err := table.Flush(); err != nil {
			return err
		}
		printOmissions(s.out, r)
	}
	return nil
}

// printOmissions prints the terms and orders that an estimate leaves out.
func printOmissions(out io.Writer, r whatif.Result) {
	if len(r.NotRecorded) > 0 {
		fmt.Fprintf(out, "Account %d: not recorded, and so without orders (contract/event type): %s\n", r.Account, strings.Join(r.NotRecorded, ", "))
	}
	if r.Failed > 0 {
		fmt.Fprintf(out, "Account %d: %d orders can't be priced by these terms and are left out; the first is %s: %s\n", r.Account, r.Failed, r.First, r.Reason)
	}
}

// printEstimatesCSV prints the lines of all accounts as CSV.
func (s streams) printEstimatesCSV(results []whatif.Result) error {
	w := csv.NewWriter(s.out)
	rows := [][]string{append([]string{"account", "currency"}, whatif.Columns...)}
	for _, r := range results {
		for _, l := range r.Lines {
			rows = append(rows, append([]string{strconv.FormatInt(r.Account, 10), string(r.Currency)}, l.Cells()...))
		}
		printOmissions(s.err, r)
	}
	return w.WriteAll(rows)
}
