package output

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// newMoneyTable returns a writer like that of newTable, which aligns cells at the right.
func newMoneyTable(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
}

// named returns the name and the id of an object.
func named(name string, id int64) string { return fmt.Sprintf("%s (%d)", name, id) }

// Invoices prints a table of invoices.
func Invoices(w io.Writer, b *accounting.Books, invoices []invoice.Record) error {
	table := newMoneyTable(w)
	fmt.Fprintln(table, "INVOICE\tPARTNER\tPERIOD\tDUE\tSTATUS\tNET\tVAT\tTOTAL\tCURRENCY\t")
	for _, v := range invoices {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n",
			v.ID, named(v.PartnerName, v.ID.Partner), v.Period, day(b, v.Due), v.Status(b.Now()), totals(v, v.Totals), v.Currency)
	}
	return table.Flush()
}

// day returns the local date of an instant.
func day(b *accounting.Books, at time.Time) string { return at.In(b.Zone()).Format(time.DateOnly) }

// totals returns the cells of totals.
func totals(v invoice.Record, t invoice.Totals) string {
	return v.Currency.Format(t.Net) + "\t" + v.Currency.Format(t.VAT) + "\t" + v.Currency.Format(t.Total)
}

// Invoice prints an invoice.
func Invoice(w io.Writer, b *accounting.Books, v invoice.Record) error {
	fmt.Fprintf(w, "Invoice %s of %s for %s, in %s\n", v.ID, named(v.PartnerName, v.ID.Partner), v.Period, v.Currency)
	fmt.Fprintf(w, "Created %s, due %s, %s\n", day(b, v.Created), day(b, v.Due), v.Status(b.Now()))
	if v.Forced {
		fmt.Fprintln(w, "Issued below the minimum payout by an operator")
	}
	if v.Payment != nil {
		fmt.Fprintf(w, "Paid on %s, reference %q\n", day(b, v.Payment.Date), v.Payment.Reference)
	}
	table := newMoneyTable(w)
	fmt.Fprintf(table, "CAMPAIGN\tDESCRIPTION\tMONTH\tACTIONS\tNET\tVAT %s %%\tTOTAL\t\n", v.VATRate)
	for _, l := range v.Lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t\n", named(l.CampaignName, l.Campaign), l.Description, l.Month, l.Actions, totals(v, l.Totals))
	}
	fmt.Fprintf(table, "total\t\t\t\t%s\t\n", totals(v, v.Totals))
	if err := table.Flush(); err != nil {
		return err
	}
	if c := v.Converted; c != nil {
		fmt.Fprintf(w, "Total in %s at %s: %s\n", c.Currency, c.Rate, c.Currency.Format(c.Total))
	}
	return nil
}

// Balances prints a table of balances.
func Balances(w io.Writer, b *accounting.Books, balances []accounting.Balance) error {
	fmt.Fprintf(w, "In %s:\n", b.Currency())
	table := newMoneyTable(w)
	fmt.Fprintln(table, "PARTNER\tPENDING\tLOCKED\tCLEARED\tCARRIED\tINVOICED\tPAID\tOWED\tWRITTEN OFF\t")
	for _, v := range balances {
		fmt.Fprintf(table, "%s\t", named(v.PartnerName, v.Partner))
		for _, a := range v.Amounts() {
			text := b.Currency().Format(a)
			if v.TooLarge {
				text = "-"
			}
			fmt.Fprintf(table, "%s\t", text)
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	tooLarge(w, balances)
	return nil
}

// tooLarge prints the reason why balances have no amounts.
func tooLarge(w io.Writer, balances []accounting.Balance) {
	for _, v := range balances {
		if v.TooLarge {
			fmt.Fprintf(w, "%s: %s\n", named(v.PartnerName, v.Partner), invoice.TooLarge)
		}
	}
}

// maxShown is the maximum number of rows of a result that are printed.
const maxShown = 100

// more prints how many of the rows are not shown, and the command that shows them.
func more(w io.Writer, count int, command string) {
	if count > maxShown {
		fmt.Fprintf(w, "and %d more: %s\n", count-maxShown, command)
	}
}

// Issued prints the result of issuing invoices.
func Issued(ctx context.Context, w io.Writer, b *accounting.Books, issued accounting.Issued) error {
	switch n := len(issued.Invoices); {
	case n > 0:
		fmt.Fprintf(w, "Issued %d %s:\n", n, plural(n, "invoice"))
		var shown []invoice.Record
		for _, id := range issued.Invoices[:min(n, maxShown)] {
			v, err := b.Invoice(ctx, id)
			if err != nil {
				return err
			}
			shown = append(shown, v)
		}
		if err := Invoices(w, b, shown); err != nil {
			return err
		}
		more(w, n, "trueup invoice list")
	case issued.Queued > 0:
		fmt.Fprintf(w, "No invoice was issued.\n")
	default:
		fmt.Fprintf(w, "No invoice was issued: none is due.\n")
	}
	if n := issued.Queued; n > 0 {
		fmt.Fprintf(w, "The period %s can't be closed: %d %s that were accepted before its end are queued. A server applies them; trueup submission park completes one that can't be applied.\n",
			issued.Ended, n, plural(n, "submission"))
	}
	if n := len(issued.Carried); n > 0 {
		fmt.Fprintf(w, "Carried to a later invoice, because the balance is below the partner's minimum, in %s:\n", b.Currency())
		table := newMoneyTable(w)
		fmt.Fprintln(table, "PARTNER\tCARRIED\tMINIMUM\t")
		for _, v := range issued.Carried[:min(n, maxShown)] {
			carried := b.Currency().Format(v.Carried)
			if v.TooLarge {
				carried = "-"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t\n", named(v.PartnerName, v.Partner), carried, b.Currency().Format(v.Minimum))
		}
		if err := table.Flush(); err != nil {
			return err
		}
		tooLarge(w, issued.Carried)
		more(w, n, "trueup balance list")
	}
	fmt.Fprintf(w, "The period %s is open: its invoices are issued from %s on.\n", issued.Open, issued.Until.In(b.Zone()).Format(time.RFC3339))
	return nil
}

// plural returns a noun for a count.
func plural(count int, noun string) string {
	if count == 1 {
		return noun
	}
	return noun + "s"
}

// Imported prints the result of an import of payments.
func Imported(w io.Writer, i accounting.Imported) {
	matched, problems := 0, 0
	for _, r := range i.Results {
		switch {
		case r.Status.IsProblem():
			if problems++; problems <= maxShown {
				fmt.Fprintf(w, "line %d: %s: %s\n", r.Line, r.Status, r.Message)
			}
		case r.Status == bankfile.Matched:
			if matched++; matched <= maxShown {
				fmt.Fprintf(w, "line %d: invoice %s of %s, %s %s on %s\n", r.Line, r.Invoice.ID, named(r.Invoice.PartnerName, r.Invoice.ID.Partner),
					r.Invoice.Currency.Format(r.Invoice.Total), r.Invoice.Currency, r.Date)
			}
		}
	}
	if hidden := max(matched-maxShown, 0) + max(problems-maxShown, 0); hidden > 0 {
		fmt.Fprintf(w, "and %d more lines\n", hidden)
	}
	verb := "recorded"
	if i.Recorded < i.Matched {
		verb = "matched and not recorded"
	}
	fmt.Fprintf(w, "%d %s %s", i.Matched, plural(i.Matched, "payment"), verb)
	if i.Before > 0 {
		fmt.Fprintf(w, "; %d recorded before", i.Before)
	}
	fmt.Fprintf(w, "; %d %s with a problem\n", i.Problems, plural(i.Problems, "row"))
	if i.DryRun {
		fmt.Fprintf(w, "Dry run: nothing was recorded.\n")
	}
}
