package ledger_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// The worked example of docs/rules.md, section 12.

// exampleRates are the rates of the example, newest first.
var exampleRates = []program.RateTable{
	{Date: "2026-12-30", Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.25"}},
	{Date: "2026-10-05", Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.13353"}},
}

// invoicedAccount returns the account of the example.
func invoicedAccount() *oracle.Memory {
	m := lateAccount(func(*program.Terms) {}, program.LevelItem, rate("4"))
	ref, err := m.Reference(ordered)
	if err != nil {
		panic(err)
	}
	ref.Campaigns[shop] = program.Campaign{ID: shop, Name: "Acme", Pricing: program.PricingCurrent}
	ref.Partners[partnerOne] = program.Partner{
		ID: partnerOne, Name: "Blog", State: program.StateActive, Currency: "EUR", VATRate: money.Whole(21), MinimumPayout: decimal("5.00"),
	}
	m.SetRates(exampleRates...)
	return m
}

// named returns the conversion under an order id, on a date.
func named(order, date string, c ledger.Conversion) ledger.Command {
	c.Order, c.EventDate = order, noon(date)
	return c
}

// quantityOf is [setQuantity] of an item of another order.
func quantityOf(order, sku string, quantity int64) ledger.Command {
	return ledger.Modification{
		Address: ledger.Address{EventType: sale, Order: order}, Reason: "ORDER_UPDATE", Items: []ledger.ItemChange{{SKU: sku, Quantity: &quantity}},
	}
}

// noon returns 12:00 UTC of a date.
func noon(date string) time.Time {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return at.Add(12 * time.Hour)
}

// dated is a command on a date, and its result.
type dated struct {
	date    string
	command ledger.Command
	want    string
}

// exampleCommands returns the commands of the example. A command takes effect at noon.
func exampleCommands() []dated {
	euros := report("A × 2 = 17.01", "B × 1 = 10.00")
	euros.Currency = "EUR"
	return []dated{
		{"2026-09-10", named("EX-1", "2026-09-10", report("12345 × 2 = 19.27", "67890 × 1 = 2.72")), "21.99 pays 0.88"},
		{"2026-10-05", named("EX-2", "2026-10-05", euros), "30.62 pays 1.22"},
		{"2026-10-20", named("EX-3", "2026-10-20", report("12345 × 3 = 450.00")), "450.00 pays 18.00"},
		{"2026-11-12", quantityOf("EX-1", "12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-20"},
		{"2026-11-13", quantityOf("EX-1", "12345", 2), "12345 1→2 9.63 0.38 ORDER_UPDATE on 11-20"},
		{"2026-11-14", quantityOf("EX-1", "12345", 3), "ADJUSTMENT_TOO_HIGH"},
		{"2026-12-01", quantityOf("EX-1", "12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 12-01"},
		{"2026-12-11", quantityOf("EX-1", "12345", 0), "ADJUSTMENT_TOO_LATE"},
		{"2026-12-28", quantityOf("EX-3", "12345", 2), "12345 3→2 -150.00 -6.00 ORDER_UPDATE on 12-28"},
		{"2027-01-15", quantityOf("EX-3", "12345", 0), "12345 2→0 -300.00 -12.00 ORDER_UPDATE on 01-15"},
	}
}

// exampleEntries applies the commands and returns the entries that they lead to, with those of
// operators.
func exampleEntries(t *testing.T, m *oracle.Memory) []invoice.Entry {
	t.Helper()
	recorded := func(kind invoice.Kind, id, date string, amount money.Amount) invoice.Entry {
		return invoice.Entry{Kind: kind, ID: id, Partner: partnerOne, Campaign: shop, Date: noon(date), EventDate: noon(date), Amount: amount}
	}
	entries := []invoice.Entry{recorded(invoice.KindBonus, "1", "2026-12-10", 2500), recorded(invoice.KindWriteOff, "2", "2027-02-03", 1200)}
	for i, step := range exampleCommands() {
		at := noon(step.date)
		c, err := m.Apply(ledger.Submission{Number: int64(i) + 1, Accepted: at, Command: step.command}, at)
		got := formatAdjustments(c.Adjustments)
		if rejected := (*rejection.Rejection)(nil); errors.As(err, &rejected) {
			got = string(rejected.Code)
		} else if err != nil {
			t.Fatal(err)
		}
		if len(c.Updates) > 0 {
			got = fmt.Sprintf("%s pays %s", c.Action.Currency.Format(c.Action.Amount), c.Action.Currency.Format(c.Action.Payout))
		}
		if got != step.want {
			t.Errorf("step %d is %q, want %q", i, got, step.want)
		}
		for _, d := range c.Adjustments {
			entries = append(entries, d.Entry(c.Action))
		}
	}
	ref, err := m.Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range m.Actions {
		if e, due := a.Entry(a.Created, ref); due {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b invoice.Entry) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return entries
}

// formatEntry formats an entry like the example.
func formatEntry(e invoice.Entry) string {
	return fmt.Sprintf("%s %s %s", e.Date.In(losAngeles).Format(time.DateOnly), e.Kind, money.Currency("USD").Format(e.Amount))
}

func formatTotals(v invoice.Totals) string {
	usd := money.Currency("USD")
	return fmt.Sprintf("%s + %s = %s", usd.Format(v.Net), usd.Format(v.VAT), usd.Format(v.Total))
}

// formatInvoice formats an invoice like the example, a line of it on each line.
func formatInvoice(v invoice.Invoice) string {
	lines := []string{fmt.Sprintf("%s of %s, created %s, due %s", v.ID, v.Period, v.Created.In(losAngeles).Format(time.DateTime), v.Due.In(losAngeles).Format(time.DateTime))}
	for _, line := range v.Lines {
		lines = append(lines, fmt.Sprintf("%s %s: %s", line.Description, line.Month, formatTotals(line.Totals)))
	}
	lines = append(lines, "total: "+formatTotals(v.Totals))
	if c := v.Converted; c != nil {
		lines = append(lines, fmt.Sprintf("%s %s at %s", c.Currency.Format(c.Total), c.Currency, c.Rate))
	}
	return strings.Join(lines, "\n")
}

func TestInvoiceExample(t *testing.T) {
	m := invoicedAccount()
	entries := exampleEntries(t, m)
	var formatted []string
	for _, e := range entries {
		formatted = append(formatted, formatEntry(e))
	}
	wantEntries := []string{
		"2026-11-20 ACTION 0.88", "2026-11-20 ADJUSTMENT -0.38", "2026-11-20 ADJUSTMENT 0.38", "2026-12-01 ADJUSTMENT -0.38", "2026-12-10 BONUS 25.00",
		"2026-12-20 ACTION 1.22", "2026-12-20 ACTION 18.00", "2026-12-28 ADJUSTMENT -6.00", "2027-01-15 ADJUSTMENT -12.00",
		"2027-02-03 WRITE_OFF 12.00",
	}
	if diff := gocmp.Diff(wantEntries, formatted); diff != "" {
		t.Fatalf("entries (-want +got):\n%s", diff)
	}
	ref, err := m.Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	terms := invoice.TermsOf(ref, partnerOne, m)
	var s invoice.Statement
	for _, period := range []struct {
		month   program.Month
		carried string
		reason  invoice.Reason
		invoice string
	}{
		{program.Month{Year: 2026, Month: 11}, "0.88", invoice.BelowMinimum, ""},
		{program.Month{Year: 2026, Month: 12}, "38.72", "", `501-1 of 2026-12, created 2027-01-01 00:00:00, due 2027-01-21 00:00:00
MEDIA_PAYOUT 2026-09: 0.50 + 0.11 = 0.61
MEDIA_PAYOUT 2026-10: 13.22 + 2.78 = 16.00
BONUS 2026-12: 25.00 + 5.25 = 30.25
total: 38.72 + 8.14 = 46.86
37.49 EUR at 0.8`},
		{program.Month{Year: 2027, Month: 1}, "-12.00", invoice.BelowMinimum, ""},
		{program.Month{Year: 2027, Month: 2}, "0.00", invoice.BelowMinimum, ""}, // it was written off
	} {
		for len(entries) > 0 && entries[0].Date.Before(period.month.End(losAngeles)) {
			if err := s.Add(entries[0], terms.Zone); err != nil {
				t.Fatal(err)
			}
			entries = entries[1:]
		}
		v, reason, err := s.Invoice(invoice.ID{Partner: partnerOne, Number: 1}, period.month, terms, false)
		if err != nil || reason != period.reason || terms.Currency.Format(s.Net()) != period.carried {
			t.Fatalf("%s has the net total %s and %q, want %s and %q (%v)", period.month, terms.Currency.Format(s.Net()), reason, period.carried, period.reason, err)
		}
		if reason != "" {
			continue
		}
		if diff := gocmp.Diff(period.invoice, formatInvoice(v)); diff != "" {
			t.Errorf("invoice (-want +got):\n%s", diff)
		}
		s = invoice.Statement{}
	}
}
