package invoice_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// rateTables implements [program.RateLookup]. The newest table comes first.
type rateTables []program.RateTable

func (l rateTables) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	for _, t := range l {
		if t.Date >= first && t.Date <= last && !visit(t) {
			break
		}
	}
	return nil
}

// brokenRates is a lookup that fails.
type brokenRates struct{ error }

func (l brokenRates) RateTables(program.Date, program.Date, func(program.RateTable) bool) error {
	return l.error
}

// euros returns a table of one rate of the euro.
func euros(date program.Date, currency money.Currency, rate money.Rate) program.RateTable {
	return program.RateTable{Date: date, Base: "EUR", Rates: map[money.Currency]money.Rate{currency: rate}}
}

// The invoice of November has a total of 12.00 USD.
func TestInvoiceShowsTheTotalInThePartnersCurrency(t *testing.T) {
	losAngeles, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		currency money.Currency
		zone     *time.Location
		rates    program.RateLookup
		want     *invoice.Converted
	}{
		"no currency":              {"", time.UTC, nil, nil},
		"the account's currency":   {"USD", time.UTC, nil, nil},
		"the rate of the last day": {"EUR", time.UTC, rateTables{euros("2026-11-30", "USD", "1.25"), euros("2026-11-29", "USD", "1.5")}, &invoice.Converted{Currency: "EUR", Rate: "0.8", Total: 960}},
		"not of the day after":     {"EUR", time.UTC, rateTables{euros("2026-12-01", "USD", "1.25"), euros("2026-11-29", "USD", "1.5")}, &invoice.Converted{Currency: "EUR", Rate: "0.666666666666667", Total: 800}},
		"of seven days before":     {"EUR", time.UTC, rateTables{euros("2026-11-24", "USD", "1.25")}, &invoice.Converted{Currency: "EUR", Rate: "0.8", Total: 960}},
		"not of eight days before": {"EUR", time.UTC, rateTables{euros("2026-11-23", "USD", "1.25")}, nil},
		"days are local":           {"EUR", losAngeles, rateTables{euros("2026-12-01", "USD", "1.5"), euros("2026-11-30", "USD", "1.25")}, &invoice.Converted{Currency: "EUR", Rate: "0.8", Total: 960}},
		"no minor digits":          {"JPY", time.UTC, rateTables{{Date: "2026-11-30", Base: "USD", Rates: map[money.Currency]money.Rate{"JPY": "149.875"}}}, &invoice.Converted{Currency: "JPY", Rate: "149.875", Total: 1799}}, // 1,798.5
		"there is no rate":         {"EUR", time.UTC, rateTables{euros("2026-11-30", "JPY", "170")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			terms := november()
			terms.PartnerCurrency, terms.Zone, terms.Rates = c.currency, c.zone, c.rates
			s := statement(t, invoice.Entry{Kind: invoice.KindAction, ID: "1", Date: at(11, 2), EventDate: at(10, 1), Amount: 1000})
			v, _, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, terms, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, v.Converted); diff != "" || v.Total != 1200 {
				t.Errorf("the total is %d, converted (-want +got):\n%s", v.Total, diff)
			}
		})
	}
}

func TestATotalOfTooManyDigitsIsNotConverted(t *testing.T) {
	terms := november()
	terms.PartnerCurrency = "JPY"
	terms.Rates = rateTables{{Date: "2026-11-30", Base: "USD", Rates: map[money.Currency]money.Rate{"JPY": "900000000"}}}
	for net, want := range map[money.Amount]bool{92_592: true, 92_593: false} { // 1,111.10 and 1,111.12 with VAT
		s := statement(t, invoice.Entry{Kind: invoice.KindAction, ID: "1", Date: at(11, 2), EventDate: at(10, 1), Amount: net})
		v, _, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, terms, false)
		if err != nil || (v.Converted != nil) != want {
			t.Errorf("%d is converted to %v (%v)", v.Total, v.Converted, err)
		}
	}
}

func TestInvoiceReturnsTheErrorOfTheLookupOfRates(t *testing.T) {
	terms, broken := november(), errors.New("broken")
	terms.PartnerCurrency, terms.Rates = "EUR", brokenRates{broken}
	s := statement(t, invoice.Entry{Kind: invoice.KindAction, ID: "1", Date: at(11, 2), EventDate: at(10, 1), Amount: 1000})
	if _, _, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, terms, false); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

func TestTermsOfReadsTheSettings(t *testing.T) {
	days, least := 45, money.Decimal(255_000)
	r := program.NewReference()
	r.Account = program.Account{Currency: "USD", Zone: "Europe/Berlin"}
	r.Campaigns[1000] = program.Campaign{ID: 1000, Name: "Acme"}
	r.Partners[1] = program.Partner{ID: 1, Name: "Blog"}
	r.Partners[2] = program.Partner{ID: 2, Name: "Coupons", Currency: "EUR", VATRate: money.Whole(19), MinimumPayout: &least}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	rates := rateTables{euros("2026-11-30", "USD", "1.25")}
	names := map[int64]string{1000: "Acme"}
	for partner, want := range map[int64]invoice.Terms{
		1: {Currency: "USD", PaymentDays: 20, MinimumPayout: 1, Rates: rates, PartnerName: "Blog", CampaignNames: names},
		2: {
			Currency: "USD", PaymentDays: 20, MinimumPayout: 2550, VATRate: money.Whole(19), PartnerCurrency: "EUR", Rates: rates,
			PartnerName: "Coupons", CampaignNames: names,
		},
	} {
		got := invoice.TermsOf(r, partner, rates)
		if got.Zone.String() != "Europe/Berlin" {
			t.Errorf("the zone is %s", got.Zone)
		}
		got.Zone = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("partner %d (-want +got):\n%s", partner, diff)
		}
	}
	r.Account.PaymentDays = &days
	if got := invoice.TermsOf(r, 1, rates).PaymentDays; got != days {
		t.Errorf("payment is due after %d days", got)
	}
}
