package program_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
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
			month := program.MonthOf(at, zone)
			local := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
			if month.String() != c.month || local(month.Start(zone)) != c.start || local(month.End(zone)) != c.end {
				t.Errorf("the month is %s from %s to %s, want %s from %s to %s", month, local(month.Start(zone)), local(month.End(zone)), c.month, c.start, c.end)
			}
		})
	}
}

func TestMonthsAreOrdered(t *testing.T) {
	december := program.Month{Year: 2026, Month: time.December}
	next := december.Add(1)
	if next != (program.Month{Year: 2027, Month: time.January}) {
		t.Errorf("the month after %s is %s", december, next)
	}
	months := []program.Month{{Year: 2026, Month: time.November}, december, next, next.Add(1)}
	for i, m := range months {
		for j, n := range months {
			if m.Before(n) != (i < j) {
				t.Errorf("%s is before %s: %t", m, n, m.Before(n))
			}
		}
	}
}

func TestParseMonthRefusesOtherTexts(t *testing.T) {
	for _, text := range []string{"", "2026", "2026-13", "2026-1", "10-2026", "2026-10-01"} {
		if m, err := program.ParseMonth(text); err == nil {
			t.Errorf("%q is %s", text, m)
		}
	}
	if m, err := program.ParseMonth("2026-10"); err != nil || m != (program.Month{Year: 2026, Month: time.October}) {
		t.Errorf("2026-10 is %s (%v)", m, err)
	}
}
