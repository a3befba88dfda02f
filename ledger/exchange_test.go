package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// euroOrder returns an account in dollars with an order of 2 × 17.01 and 1 × 10.00 in euros at a
// rate of 1.13353.
func euroOrder(t *testing.T, payout program.Payout) *oracle.Memory {
	t.Helper()
	m := exampleAccount("USD", program.LevelItem, payout)
	m.SetRates(program.RateTable{Date: "2026-09-10", Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.13353"}})
	c := report("A × 2 = 17.01", "B × 1 = 10.00")
	c.Currency = "EUR"
	applied(t, m, 1, c)
	return m
}

func TestOrdersInAnotherCurrency(t *testing.T) {
	for name, c := range map[string]struct {
		change   ledger.Modification
		currency money.Currency
		// want are the amounts in dollars and euros of both items, and the payout.
		want [5]money.Amount
	}{
		"as tracked":                           {want: [5]money.Amount{1928, 1701, 1134, 1000, 306}},
		"both amounts follow a quantity":       {change: items("A", func(c *ledger.ItemChange) { c.Quantity = new(int64(1)) }), want: [5]money.Amount{964, 851, 1134, 1000, 209}},
		"an amount in euros":                   {change: items("A", func(c *ledger.ItemChange) { c.Amount = decimal("15") }), currency: "EUR", want: [5]money.Amount{1700, 1500, 1134, 1000, 283}},
		"an amount in dollars":                 {change: items("A", func(c *ledger.ItemChange) { c.Amount = decimal("15") }), currency: "USD", want: [5]money.Amount{1500, 1323, 1134, 1000, 263}},
		"dollars are the default":              {change: items("A", func(c *ledger.ItemChange) { c.AmountDelta = decimal("-1") }), want: [5]money.Amount{1828, 1613, 1134, 1000, 296}},
		"a delta in euros":                     {change: items("A", func(c *ledger.ItemChange) { c.AmountDelta = decimal("-1") }), currency: "EUR", want: [5]money.Amount{1815, 1601, 1134, 1000, 295}},
		"a delta in euros that leaves nothing": {change: items("A", func(c *ledger.ItemChange) { c.AmountDelta = decimal("-17.01") }), currency: "EUR", want: [5]money.Amount{0, 0, 1134, 1000, 113}},
		"a total in euros":                     {change: ledger.Modification{Reason: "OTHER", Amount: decimal("13.50")}, currency: "EUR", want: [5]money.Amount{964, 850, 567, 500, 153}},
		"a total of 0":                         {change: ledger.Modification{Reason: "OTHER", Amount: decimal("0")}, currency: "EUR", want: [5]money.Amount{}},
		"the present total in euros":           {change: ledger.Modification{Reason: "OTHER", Amount: decimal("27.01")}, currency: "EUR", want: [5]money.Amount{1928, 1701, 1134, 1000, 306}},
	} {
		t.Run(name, func(t *testing.T) {
			m := euroOrder(t, rate("10"))
			if c.change.Reason != "" {
				c.change.Action, c.change.Currency = m.Actions[0].ID, c.currency
				applied(t, m, 2, c.change)
			}
			a := m.Actions[0]
			got := [5]money.Amount{a.Items[0].Amount, a.Items[0].Original, a.Items[1].Amount, a.Items[1].Original, a.Payout}
			if diff := cmp.Diff(c.want, got); diff != "" || a.Original.Amount != got[1]+got[3] || a.Original.Rate != "1.13353" {
				t.Errorf("%+v (-want +got):\n%s", a.Original, diff)
			}
			if name == "as tracked" {
				return
			}
			applied(t, m, 3, ledger.Modification{Address: ledger.Address{Action: a.ID}, Reason: ledger.ReasonReset})
			if a := m.Actions[0]; a.Items[0].ItemState != a.Items[0].Tracked || a.Original.Amount != 2701 {
				t.Errorf("RESET leaves %+v", a)
			}
		})
	}
}

// TestLargeQuantitiesKeepBothAmountsAlike scales what was rounded by 1,000.
func TestLargeQuantitiesKeepBothAmountsAlike(t *testing.T) {
	for name, c := range map[string]struct {
		currency       money.Currency
		amount         string
		dollars, euros money.Amount
	}{
		"a line in euros":   {"EUR", "0.01", 1134, 1000},
		"a line in dollars": {"USD", "0.02", 2000, 1764},
	} {
		t.Run(name, func(t *testing.T) {
			m := euroOrder(t, rate("10"))
			change := items("B", func(i *ledger.ItemChange) { i.Amount = decimal(c.amount) })
			change.Action, change.Currency = m.Actions[0].ID, c.currency
			applied(t, m, 2, change)
			change = items("B", func(i *ledger.ItemChange) { i.Quantity = new(int64(1000)) })
			change.Action = m.Actions[0].ID
			applied(t, m, 3, change)
			if b := m.Actions[0].Items[1]; b.Amount != c.dollars || b.Original != c.euros {
				t.Errorf("%d dollars and %d euros, want %d and %d", b.Amount, b.Original, c.dollars, c.euros)
			}
		})
	}
}

func TestCurrencyOfAModificationIsOneOfTheAction(t *testing.T) {
	m := euroOrder(t, rate("10"))
	change := items("A", func(c *ledger.ItemChange) { c.Amount = decimal("15") })
	change.Action, change.Currency = m.Actions[0].ID, "GBP"
	wantRejected(t, m, 2, change, rejection.CodeCurrencyMismatch, "USD and EUR")
}

func TestOrderWithoutARate(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("10"))
	c := report("A × 2 = 17.01")
	c.Currency = "EUR"
	wantRejected(t, m, 1, c, rejection.CodeRateNotFound, "no rate from EUR to USD of 2026-09-10 or the 7 days before")
}

func TestFlatPayoutsAreInTheAccountsCurrency(t *testing.T) {
	m := euroOrder(t, flat("2"))
	if a := m.Actions[0]; a.Payout != 600 || a.Currency != "USD" {
		t.Errorf("the payout is %d %s, want 600 USD", a.Payout, a.Currency)
	}
}

// items returns a modification of one item.
func items(sku string, change func(*ledger.ItemChange)) ledger.Modification {
	c := ledger.ItemChange{Number: 1, SKU: sku}
	change(&c)
	return ledger.Modification{Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{c}}
}

// wantRejected fails the test unless the command is rejected with the code and a message with
// the text.
func wantRejected(t *testing.T, m *oracle.Memory, number int64, command ledger.Command, code rejection.Code, text string) {
	t.Helper()
	_, err := m.Apply(ledger.Submission{Number: number, Accepted: ordered, Command: command}, ordered)
	if r := (*rejection.Rejection)(nil); !errors.As(err, &r) || r.Code != code || !strings.Contains(r.Message, text) {
		t.Errorf("the error is %v, want %s: %s", err, code, text)
	}
}
