package program_test

import (
	"testing"
	"time"
	_ "time/tzdata" // every machine has the same zones

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestLockingDate(t *testing.T) {
	for name, c := range map[string]struct {
		locking     program.Locking
		zone, event string
		want        string
	}{
		"days are counted from EventDate": {program.Locking{Days: 15}, "America/Los_Angeles", "2026-09-10T14:00:00-07:00", "2026-09-26T00:00:00-07:00"},
		"zero days end at the next midnight": {
			program.Locking{}, "America/Los_Angeles", "2026-09-10T00:00:00-07:00", "2026-09-11T00:00:00-07:00",
		},
		"the day is local, not that of the EventDate's offset": {
			program.Locking{Days: 1}, "Asia/Tokyo", "2026-09-10T20:00:00Z", "2026-09-13T00:00:00+09:00",
		},
		"across the end of summer time":          {program.Locking{Days: 30}, "America/Los_Angeles", "2026-10-20T12:00:00-07:00", "2026-11-20T00:00:00-08:00"},
		"a day of a later month":                 {program.Locking{Day: 20, Months: 1}, "UTC", "2026-09-30T12:00:00Z", "2026-10-20T00:00:00Z"},
		"a day after the month's end":            {program.Locking{Day: 31, Months: 5}, "UTC", "2026-09-10T12:00:00Z", "2027-02-28T00:00:00Z"},
		"across the year's end":                  {program.Locking{Day: 1, Months: 4}, "UTC", "2026-09-10T12:00:00Z", "2027-01-01T00:00:00Z"},
		"open-ended actions lock after 730 days": {program.Locking{OpenEnded: true}, "UTC", "2026-01-01T12:00:00Z", "2028-01-02T00:00:00Z"},
		"a skipped midnight is the instant after the gap": {
			program.Locking{Days: 1}, "Asia/Beirut", "2022-03-25T12:00:00+02:00", "2022-03-27T01:00:00+03:00",
		},
		"a skipped midnight in a zone that also repeats one": {
			program.Locking{Days: 1}, "America/Havana", "2026-03-06T12:00:00-05:00", "2026-03-08T01:00:00-04:00",
		},
		"a repeated midnight is the first one": {
			program.Locking{Days: 1}, "America/Havana", "2026-10-30T12:00:00-04:00", "2026-11-01T00:00:00-04:00",
		},
		"a skipped day": {
			program.Locking{Days: 1}, "Pacific/Apia", "2011-12-28T12:00:00-10:00", "2011-12-31T00:00:00+14:00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			event, err := time.Parse(time.RFC3339, c.event)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.locking.Date(event, zone).In(zone).Format(time.RFC3339); got != c.want {
				t.Errorf("locks at %s, want %s", got, c.want)
			}
		})
	}
}
