package httpapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

// ago returns the time the given number of days ago, escaped for a query.
func ago(days int) string {
	return url.QueryEscape(time.Now().AddDate(0, 0, -days).Format(time.RFC3339))
}

func TestSection10ActionQueries(t *testing.T) {
	t.Parallel()
	s := serve(t)
	faulty := func(path, field string) exchange {
		return exchange{path: path, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	span := func(start, end string, from, to int) string {
		return fmt.Sprintf("/Actions?CampaignId=1000&PageSize=1&%s=%s&%s=%s", start, ago(from), end, ago(to))
	}
	total := func(n string) []string { return []string{`"@total":"` + n + `"`} }
	s.exchangeAll(t, map[string]exchange{
		"of a campaign":                         {path: "/Actions?CampaignId=1000&PageSize=1", has: total("3004")},
		"of all campaigns, without one":         {path: "/Actions?PageSize=1", has: total("3004")},
		"of another campaign":                   {path: "/Actions?CampaignId=1&PageSize=1", has: total("0")},
		"by State":                              {path: "/Actions?State=REVERSED&PageSize=3", has: []string{`"State":"REVERSED"`}, hasNot: []string{`"State":"PENDING"`}},
		"by State in any case":                  {path: "/Actions?State=pending&PageSize=3", has: []string{`"State":"PENDING"`}},
		"an unknown State":                      faulty("/Actions?State=OPEN", "State"),
		"the last 7 days without dates":         {path: "/Actions?PageSize=1", has: []string{"?StartDate="}},
		"dates both or neither":                 faulty("/Actions?StartDate="+ago(3), "EndDate"),
		"dates neither or both":                 faulty("/Actions?ActionDateEnd="+ago(3), "ActionDateStart"),
		"at most 45 days apart":                 faulty(span("StartDate", "EndDate", 50, 1), "EndDate"),
		"45 days are fine":                      {path: span("StartDate", "EndDate", 45, 0)},
		"at most 3 years back":                  faulty(span("ActionDateStart", "ActionDateEnd", 3*366+2, 3*366), "ActionDateStart"),
		"the end after the start":               faulty(span("LockingDateStart", "LockingDateEnd", 3, 5), "LockingDateEnd"),
		"event dates replace the default dates": {path: span("ActionDateStart", "ActionDateEnd", 44, 0), hasNot: []string{"&StartDate="}},
		"names of dates in any case":            {path: "/Actions?CampaignId=1000&PageSize=1&ActionDateStart=" + ago(44) + "&ActionDateEND=" + ago(0), hasNot: []string{"&StartDate="}},
		"by locking date and State":             {path: span("LockingDateStart", "LockingDateEnd", 44, 0) + "&State=APPROVED", has: []string{`"State":"APPROVED"`}},
		"by Oid without dates":                  {path: "/Actions?Oid=EXAMPLE-A", has: total("1"), hasNot: []string{"StartDate="}},
		"by Sku without dates":                  {path: "/Actions?Sku=67890", has: total("1"), hasNot: []string{"StartDate="}},
		"by ActionTrackerId":                    {path: "/Actions?ActionTrackerId=2243&PageSize=2", has: []string{`"ActionTrackerId":2243`}},
		"by MediaPartnerId":                     {path: "/Actions?MediaPartnerId=10005&PageSize=2", has: []string{`"MediaPartnerId":10005`}, hasNot: []string{`"MediaPartnerId":10001`}},
		"an id that is not a number":            faulty("/Actions?MediaPartnerId=me", "MediaPartnerId"),
		"page URIs contain the default dates":   {path: "/Actions?PageSize=1", has: []string{"StartDate=", "EndDate=", "PageSize=1"}},
		"newest created first":                  {path: "/Actions?PageSize=4", has: []string{`"Oid":"EXAMPLE-D"`}},
		"items are not embedded":                {path: "/Actions?Oid=EXAMPLE-A", hasNot: []string{"ActionItem", "Sku"}},
		"an unknown action":                     {path: "/Actions/1000.2240.99999999", status: 404},
		"an id with another campaign":           {path: "/Actions/1001.2240.1", status: 404},
	})
}

func TestSection10DateRangesIncludeTheirEnds(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.submit(t, "POST", "/Conversions", "CampaignId=1000&ActionTrackerId=2240&MediaPartnerId=10001&Amount=1&OrderId=S&EventDate=2026-10-09T10:30:01.750Z")
	at := func(start, end string) string {
		return "/Actions?Oid=S&ActionDateStart=2026-10-09T" + start + "Z&ActionDateEnd=2026-10-09T" + end + "Z"
	}
	s.exchangeAll(t, map[string]exchange{
		"the second of the end is whole":   {path: at("10:30:00", "10:30:01"), has: []string{`"@total":"1"`}},
		"a span of one second":             {path: at("10:30:01", "10:30:01"), has: []string{`"@total":"1"`}},
		"the second before is not in it":   {path: at("10:30:00", "10:30:00"), has: []string{`"@total":"0"`}},
		"the second after is not in it":    {path: at("10:30:02", "10:30:03"), has: []string{`"@total":"0"`}},
		"a date is that midnight's second": {path: "/Actions?Oid=S&ActionDateStart=2026-10-09&ActionDateEnd=2026-10-10", has: []string{`"@total":"1"`}},
	})
}

func TestSection10ActionObject(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	inOrder(t, s.exchange(t, exchange{path: "/Actions/" + action}), wiretest.FieldNames("Action"))
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=12345&Quantity=1&Reason=ORDER_UPDATE")
	s.exchangeAll(t, map[string]exchange{
		"deltas are those of the latest change": {path: "/Actions/" + action, has: []string{`"Payout":0.50,"DeltaPayout":-0.38,"IntendedPayout":0.88,"Amount":12.36,"DeltaAmount":-9.63,"IntendedAmount":21.99,`}},
		"client cost is payout and fee":         {path: "/Actions/" + action, has: []string{`"ClientCost":0.51,`}},
		"an unchanged order":                    {path: "/Actions?Oid=EXAMPLE-B", has: []string{`"Payout":2.50,"DeltaPayout":2.50,"IntendedPayout":2.50,`}},
		"a reported partner":                    {path: "/Actions/" + action, has: []string{`"ReferringType":"REPORTED_PARTNER_ID"`}},
	})
	r := s.submit(t, "POST", "/Conversions", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&OrderId=P&Amount=5&PromoCode=bright5&CustomerId=c1"+
		"&CustomerStatus=NEW&CustomerPostCode=94607&CustomerCity=Oakland&CustomerRegion=CA&CustomerCountry=US&IpAddress=192.0.2.7&SharedId=sh&CallerId=ca&Note=n")
	body := s.exchange(t, exchange{path: "/Actions/" + r.ActionId, hasNot: []string{"192.0.2.7"}, has: []string{
		`"ReferringType":"PROMOCODE"`, `"PromoCode":"bright5"`, `"MediaPartnerId":10001`, `"CustomerId":"c1","CustomerStatus":"NEW","CustomerPostCode":"94607"`,
		`"CustomerCity":"Oakland","CustomerRegion":"CA","CustomerCountry":"US","IpAddress":"`, `"SharedId":"sh","CallerId":"ca","Note":"n"`,
	}})
	if strings.Contains(body, `"IpAddress":""`) {
		t.Error("the action has no hash of the address")
	}
}

// inOrder checks that a JSON object has exactly these members in this order.
func inOrder(t *testing.T, body, names string) {
	t.Helper()
	rest := body
	for name := range strings.FieldsSeq(names) {
		at := strings.Index(rest, `"`+name+`":`)
		if at < 0 {
			t.Errorf("%s is missing or out of order in %s", name, body)
			return
		}
		rest = rest[at+len(name)+3:]
	}
	if got, want := strings.Count(body, `":`), len(strings.Fields(names)); got != want {
		t.Errorf("%d members, want %d: %s", got, want, body)
	}
}
