package wire_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

const forEventDate = "CampaignId=1000&ActionTrackerId=2240&OrderId=A1&MediaPartnerId=9&Amount=5&"

func TestSection4TimestampsAreParsed(t *testing.T) {
	for spelling, want := range map[string]string{
		"2020-10-09T10:30:01-07:00":               "2020-10-09T17:30:01Z",
		"2020-10-09T10:30:01Z":                    "2020-10-09T10:30:01Z",
		"2026-10-01T00:00:00+0000":                "2026-10-01T00:00:00Z", // "+" arrives as a space
		"2026-10-01T00:00:00%2B0530":              "2026-09-30T18:30:00Z",
		"2026-10-01T00:08:01.862+00:00":           "2026-10-01T00:08:01.862Z",
		"2026-10-01T00:08:01.862%2B00:00":         "2026-10-01T00:08:01.862Z",
		"2026-10-01T00:08:01.123456789Z":          "2026-10-01T00:08:01.123456Z",
		"2026-10-01":                              "2026-10-01T07:00:00Z",
		"NOW":                                     "2026-10-08T12:00:00Z",
		"now":                                     "2026-10-08T12:00:00Z",
		"21-Oct-2015 18:25:59 HKT":                "2015-10-21T10:25:59Z",
		"21-Oct-2015+18:25:59+pdt":                "2015-10-22T01:25:59Z",
		"1-Oct-2015 18:25:59 UTC":                 "2015-10-01T18:25:59Z",
		"1970-01-01T00:00:00Z":                    "1970-01-01T00:00:00Z",
		"2020-10-09T10:30:01":                     "",
		"2020-10-09 10:30":                        "",
		"2020-13-09":                              "",
		"21-Oct-2015 18:25:59 XYZ":                "",
		"21-Oct-2015 18:25:59":                    "",
		"1969-12-31T23:59:59Z":                    "",
		"3000-01-01T00:00:00Z":                    "",
		"1760000000":                              "",
		"yesterday":                               "",
		"2026-10-01T00:00:00Z and something more": "",
	} {
		t.Run(spelling, func(t *testing.T) {
			c, err := wire.DecodeConversion(wiretest.Params(t, forEventDate+"EventDate="+spelling), env)
			if want == "" {
				if got := wiretest.Errors(t, err); len(got) != 1 || got[0][:10] != "EventDate:" {
					t.Errorf("errors are %v, want one of EventDate", got)
				}
				return
			}
			if err != nil || c.EventDate.Format(time.RFC3339Nano) != want {
				t.Errorf("read as %s (%v), want %s", c.EventDate.Format(time.RFC3339Nano), err, want)
			}
		})
	}
}

func TestSection4ADateIsTheFirstInstantOfItsDay(t *testing.T) {
	for name, c := range map[string]struct{ zone, date, want string }{
		"an ordinary day":                             {"Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z"},
		"a day without midnight":                      {"America/Santiago", "2024-09-08", "2024-09-08T04:00:00Z"},
		"a day with two midnights":                    {"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"},
		"a day without midnight, east of Greenwich":   {"Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00Z"},
		"a day with two midnights, east of Greenwich": {"Asia/Amman", "2021-10-29", "2021-10-28T21:00:00Z"},
		"the day after a skipped day":                 {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			env := env
			env.Zone = wiretest.Zone(c.zone)
			got, err := wire.DecodeConversion(wiretest.Params(t, forEventDate+"EventDate="+c.date), env)
			if err != nil || got.EventDate.Format(time.RFC3339) != c.want {
				t.Errorf("read as %s (%v), want %s", got.EventDate.Format(time.RFC3339), err, c.want)
			}
		})
	}
}
