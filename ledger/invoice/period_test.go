package invoice_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
)

func TestPeriodsAreLocalMonths(t *testing.T) {
	for name, c := range map[string]struct{ zone, at, month, start, end string }{
		"the first instant is in the month": {"Europe/Berlin", "2026-10-01T00:00:00+02:00", "2026-10", "2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"},
		"the last instant is in the month":  {"Europe/Berlin", "2026-10-31T23:59:59+01:00", "2026-10", "2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"},
		"the day is local":                  {"Asia/Tokyo", "2026-12-31T15:00:00Z", "2027-01", "2027-01-01T00:00:00+09:00", "2027-02-01T00:00:00+09:00"},
		"February of a leap year":           {"UTC", "2028-02-29T23:59:59Z", "2028-02", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"},
		"a month whose midnight is skipped": {"America/Asuncion", "2017-10-02T00:00:00-03:00", "2017-10", "2017-10-01T01:00:00-03:00", "2017-11-01T00:00:00-03:00"},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			month := invoice.MonthOf(at, zone)
			local := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
			if month.String() != c.month || local(month.Start(zone)) != c.start || local(month.End(zone)) != c.end {
				t.Errorf("the month is %s from %s to %s, want %s from %s to %s", month, local(month.Start(zone)), local(month.End(zone)), c.month, c.start, c.end)
			}
		})
	}
}

func TestMonthsAreOrdered(t *testing.T) {
	december := invoice.Month{Year: 2026, Month: time.December}
	if next := december.Add(1); next != (invoice.Month{Year: 2027, Month: time.January}) || !december.Before(next) || next.Before(december) || next.Before(next) {
		t.Errorf("the month after %s is %s", december, next)
	}
}

func TestParseMonthRefusesOtherTexts(t *testing.T) {
	for _, text := range []string{"", "2026", "2026-13", "2026-1", "10-2026", "2026-10-01"} {
		if m, err := invoice.ParseMonth(text); err == nil {
			t.Errorf("%q is %s", text, m)
		}
	}
	if m, err := invoice.ParseMonth("2026-10"); err != nil || m != (invoice.Month{Year: 2026, Month: time.October}) {
		t.Errorf("2026-10 is %s (%v)", m, err)
	}
}

func TestParseID(t *testing.T) {
	want := invoice.ID{Partner: 10001, Number: 7}
	if id, err := invoice.ParseID("10001-7"); err != nil || id != want || id.String() != "10001-7" {
		t.Errorf("10001-7 is %v (%v)", id, err)
	}
	for _, text := range []string{"", "-", "10001", "10001-", "-7", "10001-0", "0-7", "01-7", "1-07", "+1-7", "1--7", "1-7-8", "1-12345678901234567"} {
		if id, err := invoice.ParseID(text); err == nil {
			t.Errorf("%q is %v", text, id)
		}
	}
}

func TestEntriesAreDatedInTheOpenPeriod(t *testing.T) {
	clearing, early, late := at(11, 20), at(11, 19), at(11, 21)
	for accepted, want := range map[time.Time]time.Time{early: clearing, clearing: clearing, late: late} {
		if got := invoice.Date(clearing, accepted); !got.Equal(want) {
			t.Errorf("accepted %s: dated %s, want %s", accepted, got, want)
		}
	}
}
