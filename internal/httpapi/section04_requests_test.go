package httpapi_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestSection04Requests(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const item = "Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE"
	long := strings.Repeat("x", 256)
	queued := []string{`"Status":"QUEUED"`}
	put := func(contentType, body string) exchange {
		return exchange{method: "PUT", path: "/Actions", contentType: contentType, body: body, has: queued}
	}
	names := func(field string, e exchange) exchange {
		e.status, e.has = 400, []string{`"Field":"` + field + `"`}
		return e
	}
	s.order(t, "REQ")
	const of = "ActionTrackerId=2240&OrderId=REQ&"
	s.exchangeAll(t, map[string]exchange{
		"a form":                                  put(form, of+item),
		"a form with a charset":                   put(form+"; charset=UTF-8", of+item),
		"a form without a content type":           put("", of+item),
		"JSON with strings":                       put("application/json", `{"ActionTrackerId":"2240","OrderId":"REQ","Sku":"LANTERN","Quantity":"1","Reason":"ORDER_UPDATE"}`),
		"JSON with numbers":                       put("application/json", `{"ActionTrackerId":2240,"OrderId":"REQ","Sku":"LANTERN","Quantity":1.0,"Reason":"ORDER_UPDATE"}`),
		"JSON with the content type of a form":    put(form, `{"ActionTrackerId":2240,"OrderId":"REQ","Sku":"LANTERN","Quantity":1,"Reason":"ORDER_UPDATE"}`),
		"a query and no body":                     {method: "PUT", path: "/Actions?" + of + item, has: queued},
		"a query that completes the body":         {method: "PUT", path: "/Actions?" + of, contentType: form, body: item, has: queued},
		"a query that repeats the body":           {method: "PUT", path: "/Actions?" + of + "Quantity=1.0", contentType: form, body: item, has: queued},
		"a query that contradicts the body":       names("Quantity", exchange{method: "PUT", path: "/Actions?" + of + "Quantity=2", contentType: form, body: item}),
		"a repeated parameter with another value": names("Quantity", put(form, of+item+"&Quantity=2")),
		"a conversion in the query only": {method: "POST", has: queued, path: "/Conversions?CampaignId=1000&ActionTrackerId=2240" +
			"&EventDate=2026-10-01T00:00:00+0000&OrderId=Q&MediaPartnerId=10001&Amount=1"},
		"a DELETE with a form":            {method: "DELETE", path: "/Actions", contentType: form, body: of + "DispositionCode=OTHER&ExpectedUpdateId=1000.2240.1.1", has: queued},
		"names in any case":               put(form, "actiontrackerID=2240&ORDERid=REQ&sku=LANTERN&quantity=1&REASON=ORDER_UPDATE"),
		"a semicolon is no separator":     put(form, of+item+"&Note=a;b"),
		"a text of 255 characters":        put(form, of+item+"&Note="+long[:255]),
		"255 characters are not bytes":    put(form, of+item+"&Note="+url.QueryEscape(strings.Repeat("ü", 255))),
		"a text of 256 characters":        names("Note", put(form, of+item+"&Note="+long)),
		"money of 12 and 4 digits":        put(form, of+"Sku=WICK&Rebate=123456789012.1234&Reason=ORDER_UPDATE"),
		"money of 13 digits":              names("Rebate", put(form, of+"Sku=WICK&Rebate=1234567890123&Reason=ORDER_UPDATE")),
		"money of 5 places":               names("Rebate", put(form, of+"Sku=WICK&Rebate=1.00001&Reason=ORDER_UPDATE")),
		"money with a comma":              names("Rebate", put(form, of+"Sku=WICK&Rebate=1,5&Reason=ORDER_UPDATE")),
		"an integer of 16 digits":         {path: "/Actions?CampaignId=1234567890123456"},
		"an integer of 17 digits":         names("CampaignId", exchange{path: "/Actions?CampaignId=12345678901234567"}),
		"an unknown currency":             names("currencyCode", put(form, of+"Amount=5&Reason=OTHER&currencyCode=XXQ")),
		"unknown parameters are ignored":  {path: "/Campaigns?Foo=1&Bar=2", wantHeader: map[string]string{"Trueup-Ignored-Parameters": "Foo, Bar"}},
		"known parameters are not listed": {path: "/Campaigns?Name=x&State=ACTIVE&PageSize=5", wantHeader: map[string]string{"Trueup-Ignored-Parameters": ""}},
		"a body over 1 MiB":               {method: "PUT", path: "/Actions", contentType: form, body: strings.Repeat("x", 1<<20+1), status: 413},
		"more than 1,000 items":           names("Sku", put(form, of+"Reason=ORDER_UPDATE&"+many(1001))),
		"1,000 items":                     {method: "PUT", path: "/Actions", contentType: form, body: of + "Reason=ORDER_UPDATE&" + many(1000), has: queued},
		"nested JSON":                     names("Items", put("application/json", `{"Items":[{"Sku":"a"}]}`)),
		"an invalid percent encoding":     names("Note", put(form, of+item+"&Note=%zz")),
		"bytes that are not UTF-8":        names("Note", put(form, of+item+"&Note=%ff")),
		"another content type":            {method: "PUT", path: "/Actions", contentType: "text/plain", body: item, status: 415},
		"a file where none is expected":   {method: "PUT", path: "/Actions", contentType: "multipart/form-data; boundary=x", body: "--x--", status: 415},
		"an invalid timestamp":            names("EventDate", exchange{method: "POST", path: "/Conversions", contentType: form, body: "EventDate=yesterday"}),
	})
}

// many returns parameters with a quantity for each of count items.
func many(count int) string {
	var b strings.Builder
	for i := range count {
		n := strconv.Itoa(i + 1)
		b.WriteString("Sku" + n + "=S" + n + "&Quantity" + n + "=1&")
	}
	return b.String()
}

func TestSection04Timestamps(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for spelling, want := range map[string]string{
		"2026-10-09T10:30:01-07:00":     "2026-10-09T10:30:01-07:00",
		"2026-10-01T07:00:00+0000":      "2026-10-01T00:00:00-07:00",
		"2026-10-01T07:00:00%2B00:00":   "2026-10-01T00:00:00-07:00",
		"2026-10-01T07:08:01.862+00:00": "2026-10-01T00:08:01-07:00",
		"2026-10-01T07:08:01Z":          "2026-10-01T00:08:01-07:00",
		"2026-10-01":                    "2026-10-01T00:00:00-07:00",
		"21-Oct-2026 18:25:59 HKT":      "2026-10-21T03:25:59-07:00",
	} {
		t.Run(spelling, func(t *testing.T) {
			r := s.submit(t, "POST", "/Conversions?EventDate="+strings.ReplaceAll(spelling, " ", "%20"),
				"CampaignId=1000&ActionTrackerId=2240&MediaPartnerId=10001&Amount=1&OrderId="+url.QueryEscape(spelling))
			s.exchange(t, exchange{path: "/Actions/" + r.ActionId, has: []string{`"EventDate":"` + want + `"`}})
		})
	}
}
