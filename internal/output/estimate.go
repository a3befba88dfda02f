package output

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/whatif"
)

// Estimates prints a table for each account.
func Estimates(w io.Writer, results []whatif.Result) error {
	for _, r := range results {
		until := "now"
		if !r.Until.IsZero() {
			until = instant(r.Until)
		}
		fmt.Fprintf(w, "Account %d, orders from %s to %s, in %s:\n", r.Account, instant(r.Since), until, r.Currency)
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
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
		omissions(w, r)
	}
	return nil
}

// omissions prints the terms and orders that an estimate leaves out.
func omissions(w io.Writer, r whatif.Result) {
	if len(r.NotRecorded) > 0 {
		fmt.Fprintf(w, "Account %d: not recorded, and so without orders (contract/event type): %s\n", r.Account, strings.Join(r.NotRecorded, ", "))
	}
	if r.Failed > 0 {
		fmt.Fprintf(w, "Account %d: %d orders can't be priced by these terms and are left out; the first is %s: %s\n", r.Account, r.Failed, r.First, r.Reason)
	}
}

// EstimatesCSV prints the lines of all accounts as CSV, and to left the terms and orders that
// they leave out.
func EstimatesCSV(w, left io.Writer, results []whatif.Result) error {
	rows := [][]string{append([]string{"account", "currency"}, whatif.Columns...)}
	for _, r := range results {
		for _, l := range r.Lines {
			rows = append(rows, append([]string{strconv.FormatInt(r.Account, 10), string(r.Currency)}, l.Cells()...))
		}
		omissions(left, r)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// instant formats a time, or returns a dash for the zero time.
func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}
