package output

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// newMoneyTable returns a writer like that of newTable, which aligns cells at the right.
func newMoneyTable(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
}

// named returns the name and the id of an object.
func named(name string, id int) string { return fmt.Sprintf("%s (%d)", name, id) }

// Invoices prints a table of invoices.
func Invoices(w io.Writer, invoices []admin.Invoice) error {
	table := newMoneyTable(w)
	fmt.Fprintln(table, "INVOICE\tPARTNER\tPERIOD\tDUE\tSTATUS\tNET\tVAT\tTOTAL\tCURRENCY\t")
	for _, v := range invoices {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n",
			v.ID, named(v.PartnerName, v.Partner), v.Period, v.Due, v.Status, totals(v.Currency, v.Net, v.VAT, v.Total), v.Currency)
	}
	return table.Flush()
}

// totals returns the cells of totals.
func totals(c money.Currency, net, vat, total money.Amount) string {
	return c.Format(net) + "\t" + c.Format(vat) + "\t" + c.Format(total)
}

// Invoice prints an invoice.
func Invoice(w io.Writer, v *admin.Invoice) error {
	fmt.Fprintf(w, "Invoice %s of %s for %s, in %s\n", v.ID, named(v.PartnerName, v.Partner), v.Period, v.Currency)
	fmt.Fprintf(w, "Created %s, due %s, %s\n", v.Created, v.Due, v.Status)
	if v.Forced {
		fmt.Fprintln(w, "Issued below the minimum payout by an operator")
	}
	if v.Payment != nil {
		fmt.Fprintf(w, "Paid on %s, reference %q\n", v.Payment.Date, v.Payment.Reference)
	}
	table := newMoneyTable(w)
	fmt.Fprintf(table, "CAMPAIGN\tDESCRIPTION\tMONTH\tACTIONS\tNET\tVAT %s %%\tTOTAL\t\n", v.VATRate)
	for _, l := range v.Lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t\n", named(l.CampaignName, l.Campaign), l.Description, l.Month, l.Actions, totals(v.Currency, l.Net, l.VAT, l.Total))
	}
	fmt.Fprintf(table, "total\t\t\t\t%s\t\n", totals(v.Currency, v.Net, v.VAT, v.Total))
	if err := table.Flush(); err != nil {
		return err
	}
	if c := v.Converted; c != nil {
		fmt.Fprintf(w, "Total in %s at %s: %s\n", c.Currency, c.Rate, c.Currency.Format(c.Total))
	}
	return nil
}

// Balance prints what an account owes a partner.
func Balance(w io.Writer, v *admin.Balance) error {
	fmt.Fprintf(w, "In %s:\n", v.Currency)
	table := newMoneyTable(w)
	fmt.Fprintln(table, "PARTNER\tPENDING\tLOCKED\tCLEARED\tCARRIED\tINVOICED\tPAID\tOWED\tWRITTEN OFF\t")
	fmt.Fprintf(table, "%s\t", named(v.PartnerName, v.Partner))
	for _, a := range []money.Amount{v.Pending, v.Locked, v.Cleared, v.Carried, v.Invoiced, v.Paid, v.Owed, v.WrittenOff} {
		fmt.Fprintf(table, "%s\t", amountOr(v.Currency, a, v.Problem))
	}
	fmt.Fprintln(table)
	if err := table.Flush(); err != nil {
		return err
	}
	printProblem(w, v.PartnerName, v.Partner, v.Problem)
	return nil
}

// amountOr returns an amount, or a dash if a problem is the reason why there is none.
func amountOr(c money.Currency, a money.Amount, problem string) string {
	if problem != "" {
		return "-"
	}
	return c.Format(a)
}

// printProblem prints the reason why the balance of a partner has no amounts, if there is one.
func printProblem(w io.Writer, name string, partner int, problem string) {
	if problem != "" {
		fmt.Fprintf(w, "%s: %s\n", named(name, partner), problem)
	}
}

// MaxShown is the maximum number of rows of a result that are printed.
const MaxShown = 100

// more prints how many of the rows are not shown, and the command that shows them.
func more(w io.Writer, count int, command string) {
	if count > MaxShown {
		fmt.Fprintf(w, "and %d more: %s\n", count-MaxShown, command)
	}
}

// Issued prints the result of issuing invoices. shown are the first [MaxShown] that were issued.
func Issued(w io.Writer, issued *admin.Issued, shown []admin.Invoice) error {
	switch n := len(issued.Invoices); {
	case n > 0:
		fmt.Fprintf(w, "Issued %d %s:\n", n, plural(n, "invoice"))
		if err := Invoices(w, shown); err != nil {
			return err
		}
		more(w, n, "trueup invoice list")
	case issued.Queued > 0:
		fmt.Fprintf(w, "No invoice was issued.\n")
	default:
		fmt.Fprintf(w, "No invoice was issued: none is due.\n")
	}
	if issued.Open == nil {
		return nil
	}
	if n := issued.Queued; n > 0 {
		open, err := program.ParseMonth(string(issued.Open.Period))
		if err != nil {
			return fmt.Errorf("the open period: %w", err)
		}
		fmt.Fprintf(w, "The period %s can't be closed: %d %s that were accepted before its end are queued. A server applies them; trueup submission park completes one that can't be applied.\n",
			open.Add(-1), n, plural(n, "submission"))
	}
	if err := carried(w, issued); err != nil {
		return err
	}
	fmt.Fprintf(w, "The period %s is open: its invoices are issued from %s on.\n", issued.Open.Period, issued.Open.Until.Format(time.RFC3339))
	return nil
}

// carried prints the balances that are carried to a later invoice.
func carried(w io.Writer, issued *admin.Issued) error {
	n := len(issued.Carried)
	if n == 0 {
		return nil
	}
	fmt.Fprintf(w, "Carried to a later invoice, because the balance is below the partner's minimum, in %s:\n", issued.Currency)
	table := newMoneyTable(w)
	fmt.Fprintln(table, "PARTNER\tCARRIED\tMINIMUM\t")
	for _, v := range issued.Carried[:min(n, MaxShown)] {
		fmt.Fprintf(table, "%s\t%s\t%s\t\n", named(v.PartnerName, v.Partner), amountOr(issued.Currency, v.Carried, v.Problem), issued.Currency.Format(v.Minimum))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, v := range issued.Carried {
		printProblem(w, v.PartnerName, v.Partner, v.Problem)
	}
	more(w, n, "trueup balance list")
	return nil
}

// plural returns a noun for a count.
func plural(count int, noun string) string {
	if count == 1 {
		return noun
	}
	return noun + "s"
}

// ImportedPayments prints the result of an import of payments.
func ImportedPayments(w io.Writer, i *admin.ImportedPayments, dryRun bool) {
	matched, problems := 0, 0
	for _, r := range i.Rows {
		switch status := bankfile.Status(r.Status); {
		case status.IsProblem():
			if problems++; problems <= MaxShown {
				fmt.Fprintf(w, "line %d: %s: %s\n", r.Line, r.Status, r.Message)
			}
		case status == bankfile.Matched:
			if matched++; matched <= MaxShown {
				fmt.Fprintf(w, "line %d: invoice %s of %s, %s %s on %s\n",
					r.Line, r.Invoice, named(r.PartnerName, r.Partner), r.Currency.Format(r.Total), r.Currency, r.Date)
			}
		}
	}
	if hidden := max(matched-MaxShown, 0) + max(problems-MaxShown, 0); hidden > 0 {
		fmt.Fprintf(w, "and %d more lines\n", hidden)
	}
	verb := "recorded"
	if i.Recorded < matched {
		verb = "matched and not recorded"
	}
	fmt.Fprintf(w, "%d %s %s", matched, plural(matched, "payment"), verb)
	if i.RecordedBefore > 0 {
		fmt.Fprintf(w, "; %d recorded before", i.RecordedBefore)
	}
	fmt.Fprintf(w, "; %d %s with a problem\n", i.Problems, plural(i.Problems, "row"))
	if dryRun {
		fmt.Fprintf(w, "Dry run: nothing was recorded.\n")
	}
}

// ImportedRates prints what a file of exchange rates contains, and what is new.
func ImportedRates(w io.Writer, i *admin.ImportedRates) {
	fmt.Fprintf(w, "%d rates of %d days\n", i.Rates, i.Days)
	fmt.Fprintf(w, "the last day is %s: 1 %s is %s %s\n", i.Last.Date, i.Last.Base, i.Last.Rate, i.Last.Currency)
	if len(i.Ignored) > 0 {
		fmt.Fprintf(w, "ignored columns: %s\n", strings.Join(i.Ignored, ", "))
	}
	end := ""
	if i.Changed > 0 {
		end = ":"
	}
	fmt.Fprintf(w, "%d rates are new, %d changed%s\n", i.New, i.Changed, end)
	for _, change := range i.Changes {
		fmt.Fprintf(w, "  %s\n", change)
	}
	if more := i.Changed - len(i.Changes); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
	if i.DryRun {
		fmt.Fprintf(w, "Dry run: nothing was recorded.\n")
	}
}
