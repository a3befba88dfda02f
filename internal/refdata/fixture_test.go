package refdata_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// valid is a valid file with entries of every kind, for tests to corrupt. validReference
// and keys describe the same entries.
const valid = `accounts:
  - id: 1
    name: Acme
    currency: USD
    zone: America/Los_Angeles
    campaigns:
      - {id: 1000, name: Acme partners, fee_rate: 2.5, pricing: tracked, fallback_partner: 10}
    event_types:
      - id: 2240
        campaign: 1000
        name: Sale
        code: SALE
        customer_statuses: [NEW, RETURNING]
        dispositions:
          - {code: CHECKED, name: Checked by hand, effect: MODIFY}
        duplicate_days: 30
    partners:
      - {id: 10, name: Partner}
    promo_codes:
      - {campaign: 1000, code: SAVE10, partner: 10}
    contracts:
      - id: S-77
        campaign: 1000
        partner: 10
        start: 2026-01-01
        end: 2030-01-01
        terms:
          - event_type: 2240
            level: ITEM
            default: {rate: 4}
            cap: 50.00
            locking: {days: 30}
            groups:
              - id: 1
                payout: {flat: 0.25}
                rules:
                  - {variable: ITEM_CATEGORY, operator: IS, values: [Gift cards]}
    clicks:
      - {id: c-1, campaign: 1000, partner: 10, customer: u-1, at: 2026-02-01T10:00:00-08:00,
         custom_click: s-1, unique_url: "https://acme.example/p", custom_profile: p-1, caller: "+1 555 0100"}
    notifications:
      - {id: 5, campaign: 1000, event_types: [2240], events: [tracked, reversed], method: POST,
         url: "https://example.com/{ActionId}", format: json, body: '{"payout":{Payout}}'}
      - {id: 6, campaign: 1000, method: GET, url: "http://localhost/?id={ActionId}", state: PAUSED}
    partner_groups:
      - {id: 7, campaign: 1000, name: Bloggers, partners: [10]}
    bridges:
      - {id: 8, platform: shopify, secret: shpss_0123456789, campaign: 1000, event_type: 2240, partner: 10}
`

// validReference returns the reference data in the file valid.
func validReference(t *testing.T) *program.Reference {
	t.Helper()
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC) // midnight in Los Angeles
	of := program.TermsOf{Contract: 77, EventType: 2240}
	return &program.Reference{
		Account:   program.Account{ID: 1, Name: "Acme", Currency: "USD", Zone: "America/Los_Angeles", ModificationLimit: 1000},
		Campaigns: map[int64]program.Campaign{1000: {ID: 1000, Name: "Acme partners", State: "ACTIVE", FeeRate: *decimalOf(t, "2.5"), Pricing: "tracked", FallbackPartner: 10}},
		EventTypes: map[int64]program.EventType{2240: {
			ID: 2240, Campaign: 1000, Name: "Sale", Code: "SALE", State: "ACTIVE", CustomerStatuses: []string{"NEW", "RETURNING"},
			Dispositions: []program.Disposition{{Code: "CHECKED", Name: "Checked by hand", Effect: "MODIFY"}}, DuplicateDays: 30,
		}},
		Partners: map[int64]program.Partner{10: {ID: 10, Name: "Partner", State: "ACTIVE", Currency: "USD", Zone: "America/Los_Angeles"}},
		PartnerGroups: map[int64]program.PartnerGroup{
			7: {ID: 7, Campaign: 1000, Name: "Bloggers", Partners: []int64{10}, State: "ACTIVE"},
		},
		PromoCodes: map[program.PromoKey]program.PromoCode{{Campaign: 1000, Upper: "SAVE10"}: {
			ID: 1, Created: loaded, Campaign: 1000, Code: "SAVE10", Partner: 10,
		}},
		Contracts: map[int64]program.Contract{77: {ID: 77, Campaign: 1000, Partner: 10, Start: start, End: start.AddDate(4, 0, 0)}},
		Notifications: map[int64]program.Notification{
			5: {
				ID: 5, Campaign: 1000, EventTypes: []int64{2240}, Events: []program.Event{"tracked", "reversed"}, Method: "POST",
				URL: "https://example.com/{ActionId}", Format: "json", Body: `{"payout":{Payout}}`, State: "ACTIVE",
			},
			6: {ID: 6, Campaign: 1000, Method: "GET", URL: "http://localhost/?id={ActionId}", State: "PAUSED"},
		},
		Bridges: map[int64]program.Bridge{8: {
			ID: 8, Platform: "shopify", Secret: "shpss_0123456789", Campaign: 1000, EventType: 2240,
			Click: "irclickid", PromoCode: "promo_code", Partner: 10, State: "ACTIVE",
		}},
		Terms: map[program.TermsOf][]program.Terms{of: {{
			TermsKey: program.TermsKey{TermsOf: of, Version: 1}, From: start, Level: "ITEM",
			Default: program.Payout{Rate: decimalOf(t, "4")}, PayoutCap: decimalOf(t, "50"), Locking: program.Locking{Days: 30},
			Groups: []program.Group{{
				ID: 1, Payout: program.Payout{Flat: decimalOf(t, "0.25")},
				Rules: []program.Rule{{Variable: "ITEM_CATEGORY", Operator: "IS", Values: []string{"Gift cards"}}},
			}},
		}}},
	}
}

func decimalOf(t *testing.T, s string) *money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// keys identify an entry of every kind that can be read back, in the file valid.
var keys = []refdata.Key{
	keyOf("accounts", "1"), keyOf("campaigns", "1000"), keyOf("event_types", "2240"), keyOf("partners", "10"), keyOf("partner_groups", "7"),
	keyOf("promo_codes", "1000", "save10"), keyOf("contracts", "77"), keyOf("notifications", "5"),
	keyOf("notifications", "6"), keyOf("bridges", "8"),
}

// keyOf returns the key of an entry in a list.
func keyOf(list string, values ...string) refdata.Key {
	i := slices.IndexFunc(program.ReferenceKinds, func(k program.ReferenceKind) bool { return k.List == list })
	k := refdata.Key{Kind: program.ReferenceKinds[i], Values: make(map[string]string)}
	for i, name := range k.Kind.Keys {
		k.Values[name] = values[i]
	}
	return k
}

// lists returns the names of the lists in an account.
func lists() (names []string) {
	for _, kind := range program.ReferenceKinds {
		if kind.List != "" && kind.Name != program.KindAccount {
			names = append(names, kind.List)
		}
	}
	return names
}
