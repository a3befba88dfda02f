package query_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestSection10ActionFiltersAreDecoded(t *testing.T) {
	lastWeek := search.TimeRange{Start: wiretest.UTC("2026-10-01T12:00:00Z"), End: wiretest.UTC("2026-10-09T12:00:01Z")}
	cases := map[string]struct {
		parameters string
		want       search.ActionFilter
	}{
		"no dates cover the last 7 days": {"", search.ActionFilter{Updated: lastWeek}},
		"a campaign and empty dates":     {"CampaignId=1000&StartDate=&EndDate=", search.ActionFilter{Campaign: 1000, Updated: lastWeek}},
		"an order needs no dates":        {"Oid=X", search.ActionFilter{Order: "X"}},
		"a Sku needs no dates":           {"Sku=a%2Fb", search.ActionFilter{SKU: "a/b"}},
		"everything": {
			"campaignid=1&ActionTrackerId=2&MediaPartnerId=3&State=approved" +
				"&StartDate=2026-09-01&EndDate=2026-10-01T00:00:00.5Z" +
				"&ActionDateStart=2026-08-01T00:00:00+0000&ActionDateEND=2026-08-01T00:00:00+0000" +
				"&LockingDateStart=2026-11-01T00:00:00-07:00&LockingDateEnd=2026-12-15T00:00:00-08:00",
			search.ActionFilter{
				Campaign: 1, EventType: 2, Partner: 3, State: ledger.Approved,
				Updated:     search.TimeRange{Start: wiretest.UTC("2026-09-01T07:00:00Z"), End: wiretest.UTC("2026-10-01T00:00:01Z")},
				EventDate:   search.TimeRange{Start: wiretest.UTC("2026-08-01T00:00:00Z"), End: wiretest.UTC("2026-08-01T00:00:01Z")},
				LockingDate: search.TimeRange{Start: wiretest.UTC("2026-11-01T07:00:00Z"), End: wiretest.UTC("2026-12-15T08:00:01Z")},
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := query.DecodeActions(wiretest.Params(t, c.parameters), env)
			if err != nil {
				t.Fatal(err)
			}
			c.want.Now = now
			if diff := cmp.Diff(c.want, got.Filter); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSection15TheUpdatesOfAnActionNeedNoDates(t *testing.T) {
	got, err := query.DecodeActions(wiretest.Params(t, "ActionId=1000.4636.158133"), env)
	if diff := cmp.Diff(search.ActionFilter{Action: ids.ActionID{Campaign: 1000, EventType: 4636, Number: 158133}, Now: now}, got.Filter); err != nil || diff != "" {
		t.Error(err, diff)
	}
	_, err = query.DecodeActions(wiretest.Params(t, "ActionId=1000.4636"), env)
	wiretest.CheckErrors(t, err, "ActionId: Not an ActionId")
}

func TestSection10AFilterErrorNamesItsParameter(t *testing.T) {
	for parameters, want := range map[string]string{
		"StartDate=2026-09-01": "EndDate: Required with StartDate",
		"EndDate=2026-09-01":   "StartDate: Required with EndDate",
		"ActionDateStart=2026-09-01&ActionDateEnd=2026-08-01":   "ActionDateEnd: Must not be before",
		"LockingDateStart=2026-08-01&LockingDateEnd=2026-09-16": "LockingDateEnd: At most 45 days",
		"StartDate=2023-10-06&EndDate=2023-10-20":               "StartDate: At most 3 years back",
		"StartDate=today&EndDate=2026-08-01":                    "StartDate: Not a timestamp",
		"State=OPEN":                                            "State: Must be one of",
		"CampaignId=shop":                                       "CampaignId: Not a whole number",
		"CampaignId=1&CAMPAIGNID=2":                             "CampaignId: Given twice",
		"Page=0":                                                "Page: Not a whole number",
		"Page=-1":                                               "Page: Not a whole number",
		"Page=x":                                                "Page: Not a whole number",
		"Page=1&page=2":                                         "Page: Given twice",
		"PageSize=0":                                            "PageSize: Not a whole number",
		"PageSize=1.5":                                          "PageSize: Not a whole number",
		"Cursor=abc":                                            "Cursor: Not a cursor",
		"Cursor=%F0%9F%98%80":                                   "Cursor: Not a cursor",
	} {
		_, err := query.DecodeActions(wiretest.Params(t, parameters), env)
		t.Run(parameters, func(t *testing.T) { wiretest.CheckErrors(t, err, want) })
	}
}

func TestSection10ARangeHas45DaysOf24HoursOrOfTheCalendar(t *testing.T) {
	const spring, fall, summer = "2026-02-10T12:00:00-08:00", "2025-10-01T12:00:00-07:00", "2026-06-01T12:00:00-07:00"
	for name, c := range map[string]struct {
		start, end string
		valid      bool
	}{
		"45 days of the calendar in fall":           {fall, "2025-11-15T12:00:00-08:00", true},
		"a second more":                             {fall, "2025-11-15T12:00:01-08:00", false},
		"45 times 24 hours in spring":               {spring, "2026-03-27T13:00:00-07:00", true},
		"more than 45 times 24 hours":               {spring, "2026-03-27T13:00:01-07:00", false},
		"45 days without a change of clocks":        {summer, "2026-07-16T12:00:00-07:00", true},
		"a second more without a change of clocks":  {summer, "2026-07-16T12:00:01-07:00", false},
		"local times in spring":                     {"2026-02-10T12:00:00", "2026-03-27T12:00:00", true},
		"dates in fall":                             {"2025-10-01", "2025-11-15", true},
		"dates with a day more in fall":             {"2025-10-01", "2025-11-16", false},
		"a blank between the date and a local time": {"2026-02-10 12:00:00", "2026-03-27 12:00:00", true},
	} {
		q, err := query.DecodeActions(wiretest.Params(t, "ActionDateStart="+c.start+"&ActionDateEnd="+c.end), env)
		if (err == nil) != c.valid {
			t.Errorf("%s: %v, want valid %t", name, err, c.valid)
		}
		if _, again := query.DecodeActions(wiretest.Params(t, q.Filters), env); err == nil && again != nil {
			t.Errorf("%s: its page URIs are rejected: %v", name, again)
		}
	}
}

func TestAnUncountedListHasNoDatesAndNoLimit(t *testing.T) {
	p, err := wire.ParseParams("PageSize=50", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	now := wiretest.UTC("2026-10-08T12:00:00Z")
	l, err := query.DecodeActions(p, wire.Env{Now: now, Zone: time.UTC, Uncounted: true})
	if err != nil || l.Filter != (search.ActionFilter{Now: now}) || l.Page != (search.Page{Size: 50, Number: 1, Uncounted: true}) {
		t.Errorf("the list is %+v, %v", l, err)
	}
}
