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
		"2020-10-09T10:30:01":                     "2020-10-09T17:30:01Z", // in the zone of the account
		"2020-10-09 10:30:01":                     "2020-10-09T17:30:01Z",
		"2020-10-09T10:30:01.5":                   "2020-10-09T17:30:01.5Z",
		"2020-10-09 10:30:01Z":                    "2020-10-09T10:30:01Z",
		"2020-10-09 10:30:01-02:00":               "2020-10-09T12:30:01Z",
		"2020-10-09 10:30:01+0200":                "2020-10-09T08:30:01Z", // "+" arrives as a space
		"21-Oct-2015 18:25:59":                    "2015-10-22T01:25:59Z",
		"2026-03-08T02:30:00":                     "2026-03-08T10:00:00Z", // skipped: the first instant after
		"2026-03-08T01:59:59.999999":              "2026-03-08T09:59:59.999999Z",
		"2026-03-08T03:00:00":                     "2026-03-08T10:00:00Z",
		"2026-11-01T01:30:00":                     "2026-11-01T08:30:00Z", // twice: the earlier
		"2026-11-01T02:00:00":                     "2026-11-01T10:00:00Z",
		"2026-11-01 01:30:00-08:00":               "2026-11-01T09:30:00Z",
		"2020-10-09T10:30:01  ":                   "2020-10-09T17:30:01Z",
		"2020-10-09  10:30:01":                    "",
		"2020-10-09T25:30:01":                     "",
		"2020-10-09 10:30":                        "",
		"2020-13-09":                              "",
		"21-Oct-2015 18:25:59 XYZ":                "",
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

func TestSection4LocalTimesAreReadAcrossChangesOfClocks(t *testing.T) {
	for name, c := range map[string]struct{ zone, wall, want string }{
		"an ordinary time":                    {"Europe/Berlin", "2026-07-01T10:00:00", "2026-07-01T08:00:00Z"},
		"before the gap":                      {"Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"},
		"in the gap":                          {"Europe/Berlin", "2026-03-29T02:59:59", "2026-03-29T01:00:00Z"},
		"after the gap":                       {"Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"},
		"in the hour that occurs twice":       {"Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"},
		"after the hour that occurs twice":    {"Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},
		"in a gap of half an hour":            {"Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-03T15:30:00Z"},
		"in half an hour that occurs twice":   {"Australia/Lord_Howe", "2026-04-05T01:40:00", "2026-04-04T14:40:00Z"},
		"a zone whose clocks never change":    {"UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00Z"},
		"a day that the zone skipped as such": {"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			env := env
			env.Zone = wiretest.Zone(c.zone)
			got, err := wire.DecodeConversion(wiretest.Params(t, forEventDate+"EventDate="+c.wall), env)
			if err != nil || got.EventDate.Format(time.RFC3339) != c.want {
				t.Errorf("read as %s (%v), want %s", got.EventDate.Format(time.RFC3339), err, c.want)
			}
		})
	}
}
