package ledger_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestEntriesAreInThePeriodOfTheirDate has the edges of periods in Berlin, where clocks change on
// 29 March and 25 October 2026.
func TestEntriesAreInThePeriodOfTheirDate(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		locking, accepted string
		clearing          program.Clearing
		date, period      string
	}{
		"an action that clears in time": {
			"2026-10-11T00:00:00+02:00", "2026-09-10T12:00:00+02:00", program.Clearing{}, "2026-11-20T00:00:00+01:00", "2026-11",
		},
		"a conversion of the last second of a month": {
			"2026-05-01T00:00:00+02:00", "2026-10-31T23:59:59+01:00", program.Clearing{}, "2026-10-31T23:59:59+01:00", "2026-10",
		},
		"a conversion of the first instant of a month": {
			"2026-05-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00", program.Clearing{}, "2026-11-01T00:00:00+01:00", "2026-11",
		},
		"a conversion at the instant of clearing": {
			"2026-05-01T00:00:00+02:00", "2026-06-20T00:00:00+02:00", program.Clearing{}, "2026-06-20T00:00:00+02:00", "2026-06",
		},
		"clearing at the end of a month": {
			"2026-10-30T00:00:00+01:00", "2026-10-01T00:00:00+02:00", program.Clearing{Days: new(1)}, "2026-10-31T00:00:00+01:00", "2026-10",
		},
		"clearing at the first midnight of a month": {
			"2026-10-30T00:00:00+01:00", "2026-10-01T00:00:00+02:00", program.Clearing{Days: new(2)}, "2026-11-01T00:00:00+01:00", "2026-11",
		},
		"clearing across the change to summer time": {
			"2026-03-01T00:00:00+01:00", "2026-02-01T00:00:00+01:00", program.Clearing{Days: new(31)}, "2026-04-01T00:00:00+02:00", "2026-04",
		},
		"clearing across the change to winter time": {
			"2026-10-01T00:00:00+02:00", "2026-09-01T00:00:00+02:00", program.Clearing{Days: new(31)}, "2026-11-01T00:00:00+01:00", "2026-11",
		},
		"clearing on 29 February": {
			"2028-01-31T00:00:00+01:00", "2028-01-01T00:00:00+01:00", program.Clearing{Day: 31, Months: 1}, "2028-02-29T00:00:00+01:00", "2028-02",
		},
		"clearing on 28 February": {
			"2027-01-31T00:00:00+01:00", "2027-01-01T00:00:00+01:00", program.Clearing{Day: 31, Months: 1}, "2027-02-28T00:00:00+01:00", "2027-02",
		},
	} {
		t.Run(name, func(t *testing.T) {
			key := program.TermsKey{TermsOf: program.TermsOf{Contract: 1, EventType: sale}, Version: 1}
			r := program.NewReference()
			r.Account.Zone = "Europe/Berlin"
			r.Terms[key.TermsOf] = []program.Terms{{TermsKey: key, Clearing: c.clearing}}
			if err := r.Prepare(); err != nil {
				t.Fatal(err)
			}
			a := ledger.Action{ID: ids.ActionID{Campaign: shop, EventType: sale, Number: 1}, Partner: partnerOne, Terms: key}
			a.LockingDate = instant(t, c.locking)
			e, due := a.Entry(instant(t, c.accepted), r)
			if !due || !e.Date.Equal(instant(t, c.date)) {
				t.Fatalf("the entry is due (%t) on %s, want %s", due, e.Date.In(zone), c.date)
			}
			period := program.MonthOf(e.Date, zone)
			if period.String() != c.period {
				t.Errorf("the period is %s, want %s", period, c.period)
			}
			settlements := invoice.Settlements{{Created: period.Start(zone)}, {ID: invoice.ID{Partner: 1, Number: 2}, Created: period.End(zone)}}
			if s, found := settlements.Find(e.Date); !found || s.ID.Number != 2 {
				t.Errorf("its invoice is %s (%t)", s.ID, found)
			}
		})
	}
}

func TestReversedActionsHaveNoEntry(t *testing.T) {
	r := program.NewReference()
	r.Account.Zone = "UTC"
	key := program.TermsKey{TermsOf: program.TermsOf{Contract: 1, EventType: sale}, Version: 1}
	r.Terms[key.TermsOf] = []program.Terms{{TermsKey: key}}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	a := ledger.Action{Terms: key}
	a.LockingDate, a.Reversed = ordered, true
	if e, due := a.Entry(ordered, r); due {
		t.Errorf("it has the entry %+v", e)
	}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
