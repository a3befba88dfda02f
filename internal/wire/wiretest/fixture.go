// Package wiretest provides fixtures and checks for the tests of package wire and of
// its subpackages.
package wiretest

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const (
	// SID is the AccountSID of the fixtures.
	SID = "IRyMQiCNtwrt1804207G3t8Pn6NyzfyDw1"
	// Form is the content type of a form.
	Form = "application/x-www-form-urlencoded"
)

var (
	// Now is the time of the fixtures.
	Now = time.Date(2026, 10, 8, 12, 0, 0, 0, time.UTC)
	// Env decodes requests at Now, in the time zone of Los Angeles.
	Env = wire.Env{
		Now:        Now,
		Zone:       Zone("America/Los_Angeles"),
		HashIP:     func(s string) string { return "h" + strings.TrimPrefix(s, "h") },
		NewOrderID: func() string { return "generated-1" },
	}
)

// Zone returns a time zone by name, or panics.
func Zone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// Decimal parses a decimal number, or panics.
func Decimal(s string) *money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return &d
}

// UTC parses a time in RFC 3339 and returns it in UTC, or panics.
func UTC(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// Reference returns the reference data of an account.
func Reference(t testing.TB) *program.Reference {
	t.Helper()
	terms := program.TermsOf{Contract: 3240326, EventType: 2240}
	r := &program.Reference{
		Account:   program.Account{ID: 77, Name: "Bergmann & Söhne", Currency: "USD", Zone: "America/Los_Angeles"},
		Campaigns: map[int64]program.Campaign{1000: {ID: 1000, Name: "Shop", State: "ACTIVE", Type: "Standard"}},
		EventTypes: map[int64]program.EventType{2240: {
			ID: 2240, Campaign: 1000, Name: "Sale", Code: "SALE", State: "ACTIVE",
			Dispositions: []program.Disposition{{Code: "CHECK", Name: "Manual check", Effect: program.EffectModify}},
		}},
		Partners: map[int64]program.Partner{
			9: {ID: 9, Name: "Blog <9>", State: "ACTIVE", Currency: "EUR", Zone: "Europe/Berlin", Type: "CONTENT"},
			8: {ID: 8, Name: "Gone", State: "INACTIVE"},
		},
		Contracts: map[int64]program.Contract{
			3240326: {ID: 3240326, Campaign: 1000, Partner: 9, Start: Now.AddDate(-1, 0, 0)},
			3240325: {ID: 3240325, Campaign: 1000, Partner: 8, Start: Now.AddDate(-2, 0, 0), End: Now.AddDate(-1, 0, 0)},
		},
		Terms: map[program.TermsOf][]program.Terms{terms: {
			{
				TermsKey: program.TermsKey{TermsOf: terms, Version: 1}, From: Now.AddDate(-1, 0, 0), Level: program.LevelItem,
				Default: program.Payout{Rate: Decimal("4")},
				Groups: []program.Group{{ID: 5, Payout: program.Payout{Flat: Decimal("0.25")}, Rules: []program.Rule{
					{Variable: program.ItemCategory, Operator: program.Is, Values: []string{"Shoes", "R&B"}},
				}}},
			},
			{
				TermsKey: program.TermsKey{TermsOf: terms, Version: 2}, From: Now.AddDate(0, 1, 0), Level: program.LevelItem,
				Default: program.Payout{Rate: Decimal("10")}, Clearing: program.Clearing{Days: new(3)},
			},
		}},
	}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

// Action returns an action of the account that Reference returns.
func Action() ledger.Action {
	return ledger.Action{
		ID:       ids.ActionID{Campaign: 1000, EventType: 2240, Number: 158133},
		Partner:  9,
		Order:    "A&1",
		Currency: "USD",

		EventDate: Now.AddDate(0, 0, -3),
		Created:   Now.AddDate(0, 0, -3).Add(time.Minute),
		Updated:   Now.AddDate(0, 0, -1),
		Referral:  ledger.Referral{Type: "PROMOCODE", PromoCode: "FALL"},
		Customer:  ledger.Customer{ID: "c1", City: "Graz", IPHash: "hash"},
		Extras:    map[string]string{"CustomerArea": "South"},
		ActionState: ledger.ActionState{
			CustomerStatus: "NEW",
			LockingDate:    time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC),
		},
		Items: []ledger.Item{{
			SKU: "12345", Adjusted: Now, AdjustmentReason: "ORDER_UPDATE",
			ItemState: ledger.ItemState{Name: "Shirt", Quantity: 1, Amount: 964, Payout: 39},
		}},
		Totals:     ledger.Totals{Amount: 1236, Payout: 50},
		Delta:      ledger.Totals{Amount: -963, Payout: -38},
		Intended:   ledger.Totals{Amount: 2199, Payout: 88},
		ClientCost: 55,
		Last:       ids.ChainPosition{Number: 4},
	}
}

// Invoice returns an invoice of September, which was paid, of the account that Reference
// returns.
func Invoice() invoice.Record {
	day := func(month time.Month, day int) time.Time {
		return program.Midnight(2026, month, day, Zone("America/Los_Angeles"))
	}
	totals := invoice.Totals{Net: 1000, VAT: 200, Total: 1200}
	return invoice.Record{
		Invoice: invoice.Invoice{
			ID: invoice.ID{Partner: 9, Number: 2}, PartnerName: "Blog <9>", Period: program.Month{Year: 2026, Month: 9},
			Currency: "USD", VATRate: *Decimal("20"), Created: day(10, 1), Due: day(10, 21), Totals: totals,
			Lines: []invoice.Line{{
				Campaign: 1000, CampaignName: "Shop", Description: invoice.MediaPayout, Month: program.Month{Year: 2026, Month: 8},
				Actions: 3, Payouts: 1100, Others: -100, Totals: totals,
			}},
			Converted: &invoice.Converted{Currency: "EUR", Rate: "0.9", Total: 1080},
			Entries:   4,
		},
		Payment: &invoice.Payment{Invoice: invoice.ID{Partner: 9, Number: 2}, Date: day(10, 7), Reference: "T-1"},
	}
}
