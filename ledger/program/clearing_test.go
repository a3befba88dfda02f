package program_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestClearingDate(t *testing.T) {
	days := func(n int) program.Clearing { return program.Clearing{Days: &n} }
	for name, c := range map[string]struct {
		clearing      program.Clearing
		zone, locking string
		want          string
	}{
		"terms without a rule clear on the 20th of the next month": {
			program.Clearing{}, "America/Los_Angeles", "2026-10-10T00:00:00-07:00", "2026-11-20T00:00:00-08:00",
		},
		"the default can be given": {
			program.DefaultClearing(), "America/Los_Angeles", "2026-10-10T00:00:00-07:00", "2026-11-20T00:00:00-08:00",
		},
		"days are counted from LockingDate":              {days(15), "UTC", "2026-09-10T00:00:00Z", "2026-09-25T00:00:00Z"},
		"zero days clear at LockingDate":                 {days(0), "UTC", "2026-09-10T00:00:00Z", "2026-09-10T00:00:00Z"},
		"zero days clear at once if a code locks":        {days(0), "UTC", "2026-09-10T15:30:00Z", "2026-09-10T15:30:00Z"},
		"one day after a code locks is the next day":     {days(1), "UTC", "2026-09-10T15:30:00Z", "2026-09-11T00:00:00Z"},
		"the date of LockingDate is local":               {days(1), "Asia/Tokyo", "2026-09-10T20:00:00Z", "2026-09-12T00:00:00+09:00"},
		"the month of LockingDate is local":              {program.Clearing{Day: 1, Months: 1}, "Asia/Tokyo", "2026-09-30T20:00:00Z", "2026-11-01T00:00:00+09:00"},
		"across the end of summer time":                  {days(30), "America/Los_Angeles", "2026-10-20T00:00:00-07:00", "2026-11-19T00:00:00-08:00"},
		"across the begin of summer time":                {days(30), "Europe/Berlin", "2026-03-10T00:00:00+01:00", "2026-04-09T00:00:00+02:00"},
		"on the day on which summer time ends":           {days(1), "Europe/Berlin", "2026-10-24T00:00:00+02:00", "2026-10-25T00:00:00+02:00"},
		"a day after the month's end":                    {program.Clearing{Day: 31, Months: 5}, "UTC", "2026-09-10T00:00:00Z", "2027-02-28T00:00:00Z"},
		"29 February in a leap year":                     {program.Clearing{Day: 29, Months: 1}, "UTC", "2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z"},
		"29 February in another year":                    {program.Clearing{Day: 29, Months: 1}, "UTC", "2027-01-31T00:00:00Z", "2027-02-28T00:00:00Z"},
		"days across 29 February":                        {days(2), "UTC", "2028-02-28T00:00:00Z", "2028-03-01T00:00:00Z"},
		"across the year's end":                          {program.Clearing{Day: 20, Months: 1}, "UTC", "2026-12-31T00:00:00Z", "2027-01-20T00:00:00Z"},
		"a later day of the same month":                  {program.Clearing{Day: 20}, "UTC", "2026-09-10T00:00:00Z", "2026-09-20T00:00:00Z"},
		"never before LockingDate":                       {program.Clearing{Day: 5}, "UTC", "2026-09-10T00:00:00Z", "2026-09-10T00:00:00Z"},
		"a skipped midnight is the instant after":        {days(1), "Asia/Beirut", "2022-03-26T00:00:00+02:00", "2022-03-27T01:00:00+03:00"},
		"a repeated midnight is the first one":           {days(1), "America/Havana", "2026-10-31T00:00:00-04:00", "2026-11-01T00:00:00-04:00"},
		"an open-ended action clears after its last day": {program.Clearing{}, "UTC", "2028-01-02T00:00:00Z", "2028-02-20T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			locking, err := time.Parse(time.RFC3339, c.locking)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.clearing.Date(locking, zone).In(zone).Format(time.RFC3339); got != c.want {
				t.Errorf("clears at %s, want %s", got, c.want)
			}
		})
	}
}
