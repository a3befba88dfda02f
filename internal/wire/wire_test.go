package wire_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

const (
	sid  = "IRyMQiCNtwrt1804207G3t8Pn6NyzfyDw1"
	form = "application/x-www-form-urlencoded"
)

var (
	zone = mustZone("America/Los_Angeles")
	now  = time.Date(2026, 10, 8, 12, 0, 0, 0, time.UTC)
	env  = wire.Env{
		Now:      now,
		Zone:     zone,
		HashIP:   func(s string) string { return "h" + strings.TrimPrefix(s, "h") },
		NewOrder: func() string { return "made-up-1" },
	}
)

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func decimal(s string) *money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return &d
}

// reference is an account with what the encoders look up.
func reference(t testing.TB) *ledger.Reference {
	t.Helper()
	terms := ledger.TermsOf{Contract: 3240326, EventType: 2240}
	r := &ledger.Reference{
		Account:   ledger.Account{ID: 77, Name: "Bergmann & Söhne", Currency: "USD", Zone: "America/Los_Angeles"},
		Campaigns: map[int64]ledger.Campaign{1000: {ID: 1000, Name: "Shop", State: "ACTIVE", Type: "Standard"}},
		EventTypes: map[int64]ledger.EventType{2240: {
			ID: 2240, Campaign: 1000, Name: "Sale", Code: "SALE", State: "ACTIVE",
			Dispositions: []ledger.Disposition{{Code: "CHECK", Name: "Manual check", Effect: ledger.EffectModify}},
		}},
		Partners: map[int64]ledger.Partner{
			9: {ID: 9, Name: "Blog <9>", State: "ACTIVE", Currency: "EUR", Zone: "Europe/Berlin", Type: "CONTENT"},
			8: {ID: 8, Name: "Gone", State: "INACTIVE"},
		},
		Contracts: map[int64]ledger.Contract{
			3240326: {ID: 3240326, Campaign: 1000, Partner: 9, Start: now.AddDate(-1, 0, 0)},
			3240325: {ID: 3240325, Campaign: 1000, Partner: 8, Start: now.AddDate(-2, 0, 0), End: now.AddDate(-1, 0, 0)},
		},
		Terms: map[ledger.TermsOf][]ledger.Terms{terms: {
			{
				TermsKey: ledger.TermsKey{TermsOf: terms, Version: 1}, From: now.AddDate(-1, 0, 0), Level: ledger.LevelItem,
				Default: ledger.Payout{Rate: decimal("4")},
				Groups: []ledger.Group{{ID: 5, Payout: ledger.Payout{Flat: decimal("0.25")}, Rules: []ledger.Rule{
					{Variable: ledger.ItemCategory, Operator: ledger.Is, Values: []string{"Shoes", "R&B"}},
				}}},
			},
			{
				TermsKey: ledger.TermsKey{TermsOf: terms, Version: 2}, From: now.AddDate(0, 1, 0), Level: ledger.LevelItem,
				Default: ledger.Payout{Rate: decimal("10")},
			},
		}},
	}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func action() ledger.Action {
	return ledger.Action{
		ID:       ledger.ActionID{Campaign: 1000, EventType: 2240, Number: 158133},
		Partner:  9,
		Order:    "A&1",
		Currency: "USD",

		EventDate: now.AddDate(0, 0, -3),
		Created:   now.AddDate(0, 0, -3).Add(time.Minute),
		Updated:   now.AddDate(0, 0, -1),
		Referral:  ledger.Referral{Type: "PROMOCODE", PromoCode: "FALL"},
		Customer:  ledger.Customer{ID: "c1", City: "Graz", IPHash: "hash"},
		Extras:    map[string]string{"CustomerArea": "South"},
		ActionState: ledger.ActionState{
			CustomerStatus: "NEW",
			Locking:        time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC),
		},
		Items: []ledger.Item{{
			SKU: "12345", Adjusted: now, AdjustmentReason: "ORDER_UPDATE",
			ItemState: ledger.ItemState{Name: "Shirt", Quantity: 1, Amount: 964, Payout: 39},
		}},
		Totals:     ledger.Totals{Amount: 1236, Payout: 50},
		Delta:      ledger.Totals{Amount: -963, Payout: -38},
		Intended:   ledger.Totals{Amount: 2199, Payout: 88},
		ClientCost: 55,
		Last:       ledger.ChainPosition{Number: 4},
	}
}

// params parses a form, or fails the test.
func params(t testing.TB, query string) *wire.Params {
	t.Helper()
	p, err := wire.ParseParams(query, "", nil)
	if err != nil {
		t.Fatalf("ParseParams(%q): %v", query, err)
	}
	return p
}

// faultsOf answers "Field: Message" of each fault, sorted, after checking that the
// error is a 400.
func faultsOf(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var e *wire.Error
	if !errors.As(err, &e) || e.Status != 400 {
		t.Fatalf("error is %v, want a *wire.Error with status 400", err)
	}
	found := []string{}
	for _, f := range e.Faults {
		if f.Message == "" {
			t.Errorf("the fault of %s says nothing", f.Field)
		}
		found = append(found, f.Field+": "+f.Message)
	}
	if len(found) == 0 {
		found = append(found, e.Message)
	}
	slices.Sort(found)
	return found
}

// checkFaults compares faults with the beginnings that are wanted.
func checkFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	got := faultsOf(t, err)
	same := len(got) == len(want)
	for i := 0; same && i < len(got); i++ {
		same = strings.HasPrefix(got[i], want[i])
	}
	if !same {
		t.Errorf("faults are\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
