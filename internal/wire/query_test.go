package wire_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func utc(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestSection10Filters(t *testing.T) {
	lastWeek := ledger.TimeRange{Start: utc("2026-10-01T12:00:00Z"), End: utc("2026-10-09T12:00:01Z")}
	cases := map[string]struct {
		query string
		want  ledger.ActionFilter
	}{
		"none: the last 7 days":      {"", ledger.ActionFilter{Updated: lastWeek}},
		"a campaign and empty dates": {"CampaignId=1000&StartDate=&EndDate=", ledger.ActionFilter{Campaign: 1000, Updated: lastWeek}},
		"an order needs no date":     {"Oid=X", ledger.ActionFilter{Order: "X"}},
		"a Sku needs no date":        {"Sku=a%2Fb", ledger.ActionFilter{SKU: "a/b"}},
		"everything": {
			"campaignid=1&ActionTrackerId=2&MediaPartnerId=3&State=approved" +
				"&StartDate=2026-09-01&EndDate=2026-10-01T00:00:00.5Z" +
				"&ActionDateStart=2026-08-01T00:00:00+0000&ActionDateEND=2026-08-01T00:00:00+0000" +
				"&LockingDateStart=2026-11-01T00:00:00-07:00&LockingDateEnd=2026-12-15T00:00:00-08:00",
			ledger.ActionFilter{
				Campaign: 1, EventType: 2, Partner: 3, State: ledger.Approved,
				Updated:   ledger.TimeRange{Start: utc("2026-09-01T07:00:00Z"), End: utc("2026-10-01T00:00:01Z")},
				EventDate: ledger.TimeRange{Start: utc("2026-08-01T00:00:00Z"), End: utc("2026-08-01T00:00:01Z")},
				Locking:   ledger.TimeRange{Start: utc("2026-11-01T07:00:00Z"), End: utc("2026-12-15T08:00:01Z")},
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.DecodeActionQuery(params(t, c.query), env)
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

func TestSection15AnActionsUpdatesNeedNoDate(t *testing.T) {
	got, err := wire.DecodeActionQuery(params(t, "ActionId=1000.4636.158133"), env)
	if diff := cmp.Diff(ledger.ActionFilter{Action: address.Action, Now: now}, got.Filter); err != nil || diff != "" {
		t.Error(err, diff)
	}
	_, err = wire.DecodeActionQuery(params(t, "ActionId=1000.4636"), env)
	checkFaults(t, err, "ActionId: Not an ActionId")
}

func TestSection10QueryFaults(t *testing.T) {
	for query, want := range map[string]string{
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
		_, err := wire.DecodeActionQuery(params(t, query), env)
		t.Run(query, func(t *testing.T) { checkFaults(t, err, want) })
	}
}

func TestSection10FortyFiveDaysAcrossAClockChangeAreAllowed(t *testing.T) {
	_, err := wire.DecodeActionQuery(params(t, "StartDate=2025-10-01&EndDate=2025-11-15"), env)
	if err != nil {
		t.Error(err)
	}
}

func TestSection6PageSizes(t *testing.T) {
	cases := map[string]struct {
		query      string
		size, most int
	}{
		"none":                  {"", 20_000, 200_000},
		"small ones count":      {"PageSize=1", 1, 20_000},
		"the largest":           {"PageSize=20000", 20_000, 200_000},
		"larger ones become it": {"PageSize=99999999999999999999", 20_000, 200_000},
		"leading zeros":         {"PageSize=0100", 100, 20_000},
	}
	for name, c := range cases {
		q, err := wire.DecodeActionQuery(params(t, c.query), env)
		if err != nil || q.Page.Size != c.size || q.Page.Most != c.most || q.Page.Number != 1 {
			t.Errorf("%s: page is %+v (%v)", name, q.Page, err)
		}
	}
	q, err := wire.DecodeSubmissionQuery(params(t, "Page=3"), env)
	if diff := cmp.Diff(ledger.Page{Size: 1000, Number: 3}, q.Page); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestSection16SubmissionFilters(t *testing.T) {
	last45 := ledger.TimeRange{Start: utc("2026-08-24T12:00:00Z"), End: utc("2026-10-08T12:00:01Z")}
	cases := map[string]struct {
		query string
		want  ledger.SubmissionFilter
	}{
		"none":        {"", ledger.SubmissionFilter{}},
		"a type":      {"Type=conversion", ledger.SubmissionFilter{Kinds: []ledger.Kind{"Conversion"}, Accepted: last45}},
		"undo is one": {"Type=Modification", ledger.SubmissionFilter{Kinds: []ledger.Kind{"Modification", "Undo"}, Accepted: last45}},
		"queued":      {"Status=Queued", ledger.SubmissionFilter{Complete: new(false), Accepted: last45}},
		"complete":    {"Status=Complete", ledger.SubmissionFilter{Complete: new(true), Accepted: last45}},
		"none is ever in progress": {
			"Status=In+Progress", ledger.SubmissionFilter{Complete: new(false), Failed: new(true), Accepted: last45},
		},
		"errors":    {"HasError=true", ledger.SubmissionFilter{Failed: new(true), Accepted: last45}},
		"no errors": {"HasError=0&OrderId=X", ledger.SubmissionFilter{Failed: new(false), Order: "X", Accepted: last45}},
		"dates": {
			"ActionId=1000.4636.158133&StartDate=2026-10-01T00:00:00Z&EndDate=2026-10-02T00:00:00Z",
			ledger.SubmissionFilter{
				Action:   address.Action,
				Accepted: ledger.TimeRange{Start: utc("2026-10-01T00:00:00Z"), End: utc("2026-10-02T00:00:01Z")},
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.DecodeSubmissionQuery(params(t, c.query), env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Filter); diff != "" {
				t.Error(diff)
			}
			again, err := wire.DecodeSubmissionQuery(params(t, got.Filters), env)
			if diff := cmp.Diff(got, again); err != nil || diff != "" {
				t.Error("the filters of page URIs ask for something else:", err, diff)
			}
		})
	}
	for _, query := range []string{"Status=Done", "Type=Undo", "HasError=perhaps", "ActionId=1"} {
		if _, err := wire.DecodeSubmissionQuery(params(t, query), env); faultsOf(t, err) == nil {
			t.Errorf("%s is accepted", query)
		}
	}
}

func TestSection20ReferenceLists(t *testing.T) {
	r := reference(t)
	partners := func(query string) []int64 {
		q, err := wire.DecodePartnerQuery(params(t, query), env)
		if err != nil {
			t.Fatal(err)
		}
		ids := []int64{}
		for _, p := range q.Partners(r) {
			ids = append(ids, p.ID)
		}
		return ids
	}
	contracts := func(query string) []int64 {
		q, err := wire.DecodeContractQuery(params(t, query), env)
		if err != nil {
			t.Fatal(err)
		}
		ids := []int64{}
		for _, c := range q.Contracts(r, 1000) {
			ids = append(ids, c.ID)
		}
		return ids
	}
	for name, c := range map[string]struct{ got, want []int64 }{
		"all partners, by id":       {partners(""), []int64{8, 9}},
		"active ones":               {partners("State=active"), []int64{9}},
		"one":                       {partners("Id=8"), []int64{8}},
		"of a campaign":             {partners("CampaignId=1000"), []int64{8, 9}},
		"of another":                {partners("CampaignId=1"), []int64{}},
		"all contracts":             {contracts(""), []int64{3240325, 3240326}},
		"expired ones":              {contracts("Status=EXPIRED"), []int64{3240325}},
		"active ones of a partner":  {contracts("Status=ACTIVE&PartnerId=9"), []int64{3240326}},
		"expired ones of a partner": {contracts("Status=EXPIRED&PartnerId=9"), []int64{}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	q, err := wire.DecodeCampaignQuery(params(t, "Name=SHOP&State=ACTIVE"), env)
	if err != nil || len(q.Campaigns(r)) != 1 {
		t.Errorf("campaigns are %v (%v)", q.Campaigns(r), err)
	}
	if q, err := wire.DecodeCampaignQuery(params(t, "Name=other"), env); err != nil || len(q.Campaigns(r)) != 0 {
		t.Errorf("campaigns are %v (%v)", q.Campaigns(r), err)
	}
}
