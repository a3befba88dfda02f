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
	"github.com/trueup-ledger/trueup/ledger/program"
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

// apply records a file and returns the number of new or changed entries of its first
// account.
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

func TestRecordStoresTheFile(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, valid, loaded); err != nil {
		t.Fatal(err)
	}
	got, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	want := validReference(t)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(program.Reference{})); diff != "" {
		t.Errorf("reference (-want +got):\n%s", diff)
	}
}

// TestRecordCreatesVersionsOfTerms records one file after another, each a day later.
func TestRecordCreatesVersionsOfTerms(t *testing.T) {
	const (
		day    = 24 * time.Hour
		terms  = "          - event_type: 2240\n"
		first  = "2026-01-01T08:00:00Z"
		second = "2026-06-02T12:00:00Z"
	)
	from := func(at string) string { return strings.Replace(valid, terms, terms+"            from: "+at+"\n", 1) }
	raised := func(text string) string { return strings.Replace(text, "{rate: 4}", "{rate: 5}", 1) }
	cleared := func(rule string) string {
		return strings.Replace(valid, "            locking:", "            clearing: "+rule+"\n            locking:", 1)
	}
	late := func(rule string) string {
		return strings.Replace(valid, "            locking:", "            late_returns: "+rule+"\n            locking:", 1)
	}
	for name, c := range map[string]struct {
		files []string
		// want are the instants from which the versions are in force.
		want []string
		// wantErr is the error of the last file.
		wantErr string
	}{
		"terms of a first load apply from the start of the contract":   {[]string{valid}, []string{first}, ""},
		"a first load may be backdated":                                {[]string{from("2026-03-01T00:00:00Z")}, []string{"2026-03-01T00:00:00Z"}, ""},
		"the same file again creates no version":                       {[]string{valid, valid, valid}, []string{first}, ""},
		"the same date again creates no version":                       {[]string{from("2026-03-01"), from("2026-03-01")}, []string{"2026-03-01T08:00:00Z"}, ""},
		"a future contract again creates no version":                   {[]string{strings.Replace(valid, "2026-01-01", "2027-01-01", 1), strings.Replace(valid, "2026-01-01", "2027-01-01", 1)}, []string{"2027-01-01T08:00:00Z"}, ""},
		"a change applies at once":                                     {[]string{valid, raised(valid)}, []string{first, second}, ""},
		"a change and its reversal":                                    {[]string{valid, raised(valid), valid}, []string{first, second, "2026-06-03T12:00:00Z"}, ""},
		"a change can be announced":                                    {[]string{valid, raised(from("2026-07-01T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z"}, ""},
		"an announcement recorded again is unchanged":                  {[]string{valid, raised(from("2026-07-01T00:00:00Z")), raised(from("2026-07-01T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z"}, ""},
		"an announcement can be brought forward":                       {[]string{valid, raised(from("2026-07-01T00:00:00Z")), raised(from("2026-06-20T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z", "2026-06-20T00:00:00Z"}, ""},
		"an announcement can't be postponed":                           {[]string{valid, raised(from("2026-07-01T00:00:00Z")), raised(from("2026-08-01T00:00:00Z"))}, []string{first, "2026-07-01T00:00:00Z"}, "29:19: from: These terms are announced for 2026-06-30T17:00:00-07:00, which can't be postponed: first apply the terms for the time until then"},
		"a later date for the version in force creates no version":     {[]string{valid, from("2026-08-01T00:00:00Z")}, []string{first}, ""},
		"a change can't be backdated":                                  {[]string{valid, raised(from("2026-06-02T11:59:59Z"))}, []string{first}, "29:19: from: Terms can't be backdated: it is now 2026-06-02T05:00:00-07:00; give a later instant, or leave it out to apply them at once"},
		"the version in force can't be backdated":                      {[]string{valid, from("2025-06-02T00:00:00Z")}, []string{first}, "29:19: from: Terms can't be backdated: it is now 2026-06-02T05:00:00-07:00; give a later instant, or leave it out to apply them at once"},
		"the instant of recording is not backdating":                   {[]string{valid, raised(from(second))}, []string{first, second}, ""},
		"a clearing rule creates a version":                            {[]string{valid, cleared("{days: 30}")}, []string{first, second}, ""},
		"refusing late returns creates no version":                     {[]string{valid, late("refuse"), valid}, []string{first}, ""},
		"accepting late returns creates a version":                     {[]string{valid, late("{days: 60}")}, []string{first, second}, ""},
		"the default clearing rule creates no version":                 {[]string{valid, cleared("{day: 20, months: 1}"), valid}, []string{first}, ""},
		"terms of a new contract of a recorded campaign apply at once": {[]string{strings.Replace(valid, "S-77", "78", 1), valid}, []string{second}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			at, lastErr := loaded, error(nil)
			for i, text := range c.files {
				at = loaded.Add(time.Duration(i) * day)
				var n int
				if n, lastErr = apply(t, st, text, at); lastErr == nil && i > 0 && text == c.files[i-1] && n != 0 {
					t.Errorf("recording the file again changed %d entries", n)
				}
			}
			if got := textOf(lastErr); got != c.wantErr {
				t.Errorf("error %q, want %q", got, c.wantErr)
			}
			reference, err := st.Reference(t.Context(), 1, at)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, version := range reference.Terms[program.TermsOf{Contract: 77, EventType: 2240}] {
				if version.Version != i+1 {
					t.Errorf("version %d has index %d", version.Version, i+1)
				}
				got = append(got, version.From.Format(time.RFC3339))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("in force from (-want +got):\n%s", diff)
			}
		})
	}
}

// textOf returns the text of an error without the file name, or "".
func textOf(err error) string {
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.Error(), "f.yaml:")
}

func TestRecordChecksTheFileAgainstTheStore(t *testing.T) {
	partial := func(more string) string {
		return "accounts:\n  - {id: 1, name: Acme, currency: USD, zone: America/Los_Angeles, " + more + "}\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"a reference to a recorded entry": {partial("promo_codes: [{campaign: 1000, code: TEN, partner: 10}]"), ""},
		"an unknown campaign": {
			partial("promo_codes: [{campaign: 7, code: TEN, partner: 10}]"),
			"2:92: campaign: There is no campaign 7: add it or correct the id",
		},
		"an unknown partner": {
			partial("promo_codes: [{campaign: 1000, code: TEN, partner: 7}]"),
			"2:118: partner: There is no partner 7: add it or correct the id",
		},
		"an unknown fallback partner": {
			partial("campaigns: [{id: 1000, name: A, fallback_partner: 7}]"),
			"2:117: fallback_partner: There is no partner 7: add it or correct the id",
		},
		"an unknown event type": {
			strings.Replace(valid, "- event_type: 2240", "- event_type: 7", 1),
			"28:25: event_type: There is no event type 7: add it or correct the id",
		},
		"another currency": {
			strings.Replace(valid, "currency: USD", "currency: EUR", 1),
			"4:15: currency: Must stay USD: the account's amounts are in it; create another account for another currency",
		},
		"another zone": {
			strings.Replace(valid, "zone: America/Los_Angeles", "zone: America/New_York", 1),
			"5:11: zone: Must stay America/Los_Angeles: dates of locking, clearing and invoices are in it; create another account for another zone",
		},
		"an event type of another campaign": {
			partial("campaigns: [{id: 2000, name: B}], contracts: [{id: 5, campaign: 2000, partner: 10, start: 2026-01-01, terms: [{event_type: 2240, level: ITEM, default: {rate: 1}, locking: {days: 1}}]}]"),
			"2:190: event_type: Event type 2240 belongs to campaign 1000, the contract to campaign 2000: they must agree",
		},
		"an event type moved to another campaign": {
			partial("campaigns: [{id: 2000, name: B}], event_types: [{id: 2240, campaign: 2000, name: Sale}]"),
			"2:136: campaign: Must stay 1000: its actions belong to it; give the new event type another id",
		},
		"the code of another event type": {
			partial("event_types: [{id: 2241, campaign: 1000, name: Sale, code: SALE}]"),
			"2:126: code: Event type 2240 of the campaign has the same code: choose another, because conversions name event types by their code",
		},
		"a contract moved to another partner": {
			partial("partners: [{id: 11, name: B}], contracts: [{id: 77, campaign: 1000, partner: 11, start: 2026-01-01}]"),
			"2:115: id: Contract S-77 is with partner 10 in campaign 1000, which can't change: give the new contract another id",
		},
		"an invalid account prevents recording the others": {
			"accounts:\n  - {id: 2, name: New, currency: USD, zone: UTC}\n  - {id: 1, name: Acme, currency: EUR, zone: America/Los_Angeles}\n",
			"3:35: currency: Must stay USD: the account's amounts are in it; create another account for another currency",
		},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, valid, loaded); err != nil {
				t.Fatal(err)
			}
			_, err := apply(t, st, c.text, loaded.Add(time.Hour))
			if got := textOf(err); got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
			accounts, err := st.Accounts(t.Context())
			if err != nil || len(accounts) != 1 {
				t.Errorf("accounts %v, %v: want only the first", accounts, err)
			}
		})
	}
}

func TestAliasesAreResolved(t *testing.T) {
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
		of := program.TermsOf{Contract: contract, EventType: 2240}
		if versions := reference.Terms[of]; len(versions) != 1 || !versions[0].Locking.OpenEnded {
			t.Errorf("contract %d has terms %+v", contract, versions)
		}
	}
}
