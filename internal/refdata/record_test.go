package refdata_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

var by = store.AuditEvent{Actor: store.Actor{Source: store.SourceCommand, ID: "test"}, Operation: "record"}

var loaded = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) *sqlstore.Store {
	t.Helper()
	st, err := sqlstore.OpenSQLite(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// apply answers how many entries of the first account were recorded, or the faults.
func apply(t *testing.T, st *sqlstore.Store, text string, at time.Time) (int, error) {
	t.Helper()
	file, err := refdata.Parse("f.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := file.Record(t.Context(), st, at, by)
	if err != nil {
		return 0, err
	}
	return recorded[0].Entries, nil
}

func decimalOf(t *testing.T, s string) *money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func TestRecordKeepsWhatTheFileSays(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, program, loaded); err != nil {
		t.Fatal(err)
	}
	got, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC) // midnight in Los Angeles
	of := ledger.TermsOf{Contract: 77, EventType: 2240}
	want := &ledger.Reference{
		Account:   ledger.Account{ID: 1, Name: "Acme", Currency: "USD", Zone: "America/Los_Angeles", ModificationLimit: 1000},
		Campaigns: map[int64]ledger.Campaign{1000: {ID: 1000, Name: "Acme partners", State: "ACTIVE", FeeRate: *decimalOf(t, "2.5"), Pricing: "tracked"}},
		EventTypes: map[int64]ledger.EventType{2240: {
			ID: 2240, Campaign: 1000, Name: "Sale", Code: "SALE", State: "ACTIVE", CustomerStatuses: []string{"NEW", "RETURNING"},
			Dispositions: []ledger.Disposition{{Code: "CHECKED", Name: "Checked by hand", Effect: "MODIFY"}}, DuplicateDays: 30,
		}},
		Partners:   map[int64]ledger.Partner{10: {ID: 10, Name: "Partner", State: "ACTIVE", Currency: "USD", Zone: "America/Los_Angeles"}},
		PromoCodes: map[ledger.PromoKey]ledger.PromoCode{{Campaign: 1000, Upper: "SAVE10"}: {Campaign: 1000, Code: "SAVE10", Partner: 10}},
		Contracts:  map[int64]ledger.Contract{77: {ID: 77, Campaign: 1000, Partner: 10, Start: start, End: start.AddDate(4, 0, 0)}},
		Notifications: map[int64]ledger.Notification{
			5: {
				ID: 5, Campaign: 1000, EventTypes: []int64{2240}, Events: []ledger.Event{"tracked", "reversed"}, Method: "POST",
				URL: "https://example.com/{ActionId}", Format: "json", Body: `{"payout":{Payout}}`, State: "ACTIVE",
			},
			6: {ID: 6, Campaign: 1000, Method: "GET", URL: "http://localhost/?id={ActionId}", State: "PAUSED"},
		},
		Terms: map[ledger.TermsOf][]ledger.Terms{of: {{
			TermsKey: ledger.TermsKey{TermsOf: of, Version: 1}, From: start, Level: "ITEM",
			Default: ledger.Payout{Rate: decimalOf(t, "4")}, PayoutCap: decimalOf(t, "50"), Locking: ledger.Locking{Days: 30},
			Groups: []ledger.Group{{
				ID: 1, Payout: ledger.Payout{Flat: decimalOf(t, "0.25")},
				Rules: []ledger.Rule{{Variable: "ITEM_CATEGORY", Operator: "IS", Values: []string{"Gift cards"}}},
			}},
		}}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(ledger.Reference{})); diff != "" {
		t.Errorf("reference (-want +got):\n%s", diff)
	}
}

// TestRecordMakesVersionsOfTerms applies one file after another, each a day later.
func TestRecordMakesVersionsOfTerms(t *testing.T) {
	const (
		day    = 24 * time.Hour
		terms  = "          - event_type: 2240\n"
		first  = "2026-01-01T08:00:00Z"
		second = "2026-06-02T12:00:00Z"
	)
	from := func(at string) string { return strings.Replace(program, terms, terms+"            from: "+at+"\n", 1) }
	raised := func(text string) string { return strings.Replace(text, "{rate: 4}", "{rate: 5}", 1) }
	for name, c := range map[string]struct {
		files []string
		// want are the instants from which the versions are in force.
		want []string
		// fault is the last file's.
		fault string
	}{
		"a first load begins with the contract":               {[]string{program}, []string{first}, ""},
		"a first load may say since when":                     {[]string{from("2026-03-01T00:00:00Z")}, []string{"2026-03-01T00:00:00Z"}, ""},
		"the same file again says nothing new":                {[]string{program, program, program}, []string{first}, ""},
		"the same with its date":                              {[]string{from("2026-03-01"), from("2026-03-01")}, []string{"2026-03-01T08:00:00Z"}, ""},
		"a contract to come, twice":                           {[]string{strings.Replace(program, "2026-01-01", "2027-01-01", 1), strings.Replace(program, "2026-01-01", "2027-01-01", 1)}, []string{"2027-01-01T08:00:00Z"}, ""},
		"a change is in force at once":                        {[]string{program, raised(program)}, []string{first, second}, ""},
		"a change and back":                                   {[]string{program, raised(program), program}, []string{first, second, "2026-06-03T12:00:00Z"}, ""},
		"a change can be announced":                           {[]string{program, raised(from("2026-07-01T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z"}, ""},
		"an announcement stays when it is applied again":      {[]string{program, raised(from("2026-07-01T00:00:00Z")), raised(from("2026-07-01T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z"}, ""},
		"an announcement can come forward":                    {[]string{program, raised(from("2026-07-01T00:00:00Z")), raised(from("2026-06-20T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z", "2026-06-20T00:00:00Z"}, ""},
		"an announcement is not taken back":                   {[]string{program, raised(from("2026-07-01T00:00:00Z")), raised(from("2026-08-01T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z"}, "29:19: from: These terms are recorded to be in force from 2026-06-30T17:00:00-07:00, which is never taken back: apply the terms that are to hold until then first"},
		"what is in force may be said to be so later":         {[]string{program, from("2026-08-01T00:00:00Z")}, []string{first}, ""},
		"a change is not dated back":                          {[]string{program, raised(from("2026-06-02T11:59:59Z"))}, []string{first}, "29:19: from: Terms are not dated back: it is 2026-06-02T05:00:00-07:00; give a later instant, or leave it out to have them in force at once"},
		"what is there is not dated back":                     {[]string{program, from("2025-06-02T00:00:00Z")}, []string{first}, "29:19: from: Terms are not dated back: it is 2026-06-02T05:00:00-07:00; give a later instant, or leave it out to have them in force at once"},
		"at the very instant of recording is not dated back":  {[]string{program, raised(from(second))}, []string{first, second}, ""},
		"another contract of a known campaign begins at once": {[]string{strings.Replace(program, "S-77", "78", 1), program}, []string{second}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			at, fault := loaded, error(nil)
			for i, text := range c.files {
				at = loaded.Add(time.Duration(i) * day)
				var n int
				if n, fault = apply(t, st, text, at); fault == nil && i > 0 && text == c.files[i-1] && n != 0 {
					t.Errorf("applied again it recorded %d entries", n)
				}
			}
			if got := textOf(fault); got != c.fault {
				t.Errorf("faults %q, want %q", got, c.fault)
			}
			reference, err := st.Reference(t.Context(), 1, at)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, version := range reference.Terms[ledger.TermsOf{Contract: 77, EventType: 2240}] {
				if version.Version != i+1 {
					t.Errorf("version %d stands at place %d", version.Version, i+1)
				}
				got = append(got, version.From.Format(time.RFC3339))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("in force from (-want +got):\n%s", diff)
			}
		})
	}
}

func textOf(fault error) string {
	if fault == nil {
		return ""
	}
	return strings.TrimPrefix(fault.Error(), "f.yaml:")
}

func TestRecordHoldsAFileAgainstWhatIsThere(t *testing.T) {
	partial := func(more string) string {
		return "accounts:\n  - {id: 1, name: Acme, currency: USD, zone: America/Los_Angeles, " + more + "}\n"
	}
	for name, c := range map[string]struct{ text, fault string }{
		"what is recorded can be referred to": {partial("promo_codes: [{campaign: 1000, code: TEN, partner: 10}]"), ""},
		"an unknown campaign": {
			partial("promo_codes: [{campaign: 7, code: TEN, partner: 10}]"),
			"2:92: campaign: There is no campaign 7, neither in the file nor recorded: add it or correct the id",
		},
		"an unknown partner": {
			partial("promo_codes: [{campaign: 1000, code: TEN, partner: 7}]"),
			"2:118: partner: There is no partner 7, neither in the file nor recorded: add it or correct the id",
		},
		"an unknown event type": {
			strings.Replace(program, "- event_type: 2240", "- event_type: 7", 1),
			"28:25: event_type: There is no event type 7, neither in the file nor recorded: add it or correct the id",
		},
		"another currency": {
			strings.Replace(program, "currency: USD", "currency: EUR", 1),
			"4:15: currency: Must stay USD: the account's amounts are in it; record a new account for another",
		},
		"an event type of another campaign": {
			partial("campaigns: [{id: 2000, name: B}], contracts: [{id: 5, campaign: 2000, partner: 10, start: 2026-01-01, terms: [{event_type: 2240, level: ITEM, default: {rate: 1}, locking: {days: 1}}]}]"),
			"2:190: event_type: Event type 2240 belongs to campaign 1000, the contract to campaign 2000: they must agree",
		},
		"an event type that moves": {
			partial("campaigns: [{id: 2000, name: B}], event_types: [{id: 2240, campaign: 2000, name: Sale}]"),
			"2:136: campaign: Must stay 1000: actions are named by it; give the new event type an id of its own",
		},
		"a code of another event type": {
			partial("event_types: [{id: 2241, campaign: 1000, name: Sale, code: SALE}]"),
			"2:126: code: Event type 2240 of the campaign has the code too: conversions name event types by it",
		},
		"a contract that moves": {
			partial("partners: [{id: 11, name: B}], contracts: [{id: 77, campaign: 1000, partner: 11, start: 2026-01-01}]"),
			"2:115: id: Contract S-77 is with partner 10 in campaign 1000, and stays so: give the new one an id of its own",
		},
		"an account with a fault keeps the others back": {
			"accounts:\n  - {id: 2, name: New, currency: USD, zone: UTC}\n  - {id: 1, name: Acme, currency: EUR, zone: UTC}\n",
			"3:35: currency: Must stay USD: the account's amounts are in it; record a new account for another",
		},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, program, loaded); err != nil {
				t.Fatal(err)
			}
			_, err := apply(t, st, c.text, loaded.Add(time.Hour))
			if got := textOf(err); got != c.fault {
				t.Errorf("faults %q, want %q", got, c.fault)
			}
			accounts, err := st.Accounts(t.Context())
			if err != nil || len(accounts) != 1 {
				t.Errorf("accounts %v, %v: want the first alone", accounts, err)
			}
		})
	}
}

func TestAliasesStandForWhatTheyName(t *testing.T) {
	st := open(t)
	text := `accounts:
  - id: 1
    name: Acme
    currency: USD
    zone: UTC
    campaigns: [{id: 1000, name: A}]
    event_types: [{id: 2240, campaign: 1000, name: Sale}]
    partners: [{id: 10, name: B}, {id: 11, name: C}]
    contracts:
      - {id: 1, campaign: 1000, partner: 10, start: 2026-01-01, terms: &usual [
          {event_type: 2240, level: ITEM, default: {rate: 4}, locking: {open_ended: true}}]}
      - {id: 2, campaign: 1000, partner: 11, start: 2026-01-01, terms: *usual}
`
	if _, err := apply(t, st, text, loaded); err != nil {
		t.Fatal(err)
	}
	reference, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, contract := range []int64{1, 2} {
		of := ledger.TermsOf{Contract: contract, EventType: 2240}
		if versions := reference.Terms[of]; len(versions) != 1 || !versions[0].Locking.OpenEnded {
			t.Errorf("contract %d has terms %+v", contract, versions)
		}
	}
}
