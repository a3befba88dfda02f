package httpapi_test

import (
	"context"
	"iter"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestSection07Errors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	put := func(body string) exchange {
		return exchange{method: "PUT", path: "/Actions", contentType: form, body: body, status: 400}
	}
	as := func(e exchange, path string, has ...string) exchange {
		e.path, e.has = path, has
		return e
	}
	bad := put("ActionId=1000.2240.1&Sku=a&Quantity=x&Reason=ORDER_UPDATE")
	incomplete := exchange{method: "POST", path: "/Conversions", contentType: form, body: "CampaignId=1000", status: 400}
	s.exchangeAll(t, map[string]exchange{
		"an error names its field":            as(bad, "/Actions", `{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"Quantity","Message":"Not a whole number."}]}`),
		"in XML too":                          as(bad, "/Actions.xml", `<Status>ERROR</Status><Message>Validation Failed</Message><Errors><Error><Field>Quantity</Field><Message>Not a whole number.</Message></Error></Errors>`),
		"all errors are reported":             as(put(""), "/Actions", `"Field":"ActionId"`, `"Field":"Reason"`),
		"a field has the name in the request": as(put("actionid=x&Reason=OTHER&Amount=1"), "/Actions", `"Field":"actionid"`),
		"no fields if none is invalid":        {path: "/Actions/none", status: 404, has: []string{`{"Status":"ERROR","Message":"There is no action \"none\""}`}, hasNot: []string{"Errors"}},
		"conversions have both spellings":     as(incomplete, "/Conversions", `"Errors":[{"Field":"EventDate","Message":"Required."}`, `"errors":[{"field":"EventDate","level":"ERROR","message":"Required."}`),
		"conversions have both in XML":        as(incomplete, "/Conversions.xml", `<Errors><Error><Field>EventDate</Field>`, `<errors><error><field>EventDate</field><level>ERROR</level>`),
		"401 asks for credentials":            {path: "/Campaigns", header: map[string]string{"Authorization": ""}, status: 401, has: []string{`"Status":"ERROR"`}},
		"404 for unknown paths":               {path: "/Nonsense", status: 404, has: []string{`"Status":"ERROR"`}},
		"404 comes before 405":                {method: "DELETE", path: "/Nonsense", status: 404},
		"404 comes before 406":                {path: "/Nonsense", header: map[string]string{"Accept": "image/png"}, status: 404},
		"404 comes before 415":                {method: "PUT", path: "/Nonsense", contentType: "text/csv", body: "a", status: 404},
		"404 comes before 413":                {method: "PUT", path: "/Nonsense", contentType: form, body: strings.Repeat("a", 2<<20), status: 404},
		"404 comes before 400":                {method: "POST", path: "/Nonsense", contentType: form, body: "_method=NONE&a=%zz", status: 404},
		"404 comes before an unknown version": {path: "/Nonsense?IrVersion=99", status: 404},
		"404 comes before a bad file":         {method: "POST", path: "/FTPFileSubmissions/x/y/z", contentType: "multipart/form-data; boundary=b", body: "x", status: 404},
		"406 for a known path":                {method: "PUT", path: "/Actions", header: map[string]string{"Accept": "image/png"}, status: 406},
		"405 lists the allowed methods":       {method: "DELETE", path: "/Campaigns", status: 405, wantHeader: map[string]string{"Allow": "GET, HEAD"}},
		"406 for unsupported formats":         {path: "/Campaigns", header: map[string]string{"Accept": "image/png"}, status: 406},
		"415 for unsupported contents":        {method: "PUT", path: "/Actions", contentType: "text/csv", body: "a", status: 415},
		"404 for lists of unknown objects":    {path: "/Campaigns/7/Contracts", status: 404},
		"404 for unknown objects":             {path: "/Contracts/S-1", status: 404},
		"errors are XML by default":           {path: "/Nonsense", header: map[string]string{"Accept": ""}, status: 404, has: []string{"<ImpactRadiusResponse><Status>ERROR</Status><Message>"}},
	})
}

func TestSection07AnUnavailableStoreIsA503(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Fail(storetest.CallRead, storetest.Before, storetest.Unavailable("the disk is gone"))
	s.exchange(t, exchange{path: "/Actions?Oid=a", status: 503, has: []string{"The store is unavailable; try again (request "}, hasNot: []string{"disk"}, wantHeader: map[string]string{"Retry-After": "1"}})
	s.exchange(t, exchange{path: "/Actions?Oid=a"})
}

func TestSection07EveryRequestToAnUnavailableStoreIsA503(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	const file, multipart = "--b\r\nContent-Disposition: form-data; name=\"File\"; filename=\"a.csv\"\r\n\r\nOrderId\r\n--b--\r\n", "multipart/form-data; boundary=b"
	unavailable := func(e exchange) exchange {
		e.status, e.has, e.wantHeader = 503, []string{`"Status":"ERROR"`, "The store is unavailable; try again (request "}, map[string]string{"Retry-After": "1"}
		return e
	}
	s.exchangeAll(t, map[string]exchange{
		"a list":          unavailable(exchange{path: "/Actions?Oid=a"}),
		"an object":       unavailable(exchange{path: "/Actions/1000.2240.1"}),
		"a modification":  unavailable(exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionId=1000.2240.1&Amount=1&Reason=OTHER"}),
		"with a key":      unavailable(exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionId=1&Amount=1", header: map[string]string{"Idempotency-Key": "k"}}),
		"a preview":       unavailable(exchange{method: "PUT", path: "/Actions", contentType: form, body: "DryRun=true&ActionId=1000.2240.1&Amount=1&Reason=OTHER"}),
		"a conversion":    unavailable(exchange{method: "POST", path: "/Conversions", contentType: form, body: "CampaignId=1000"}),
		"a file":          unavailable(exchange{method: "POST", path: "/FTPFileSubmissions", contentType: multipart, body: file}),
		"an unknown path": unavailable(exchange{path: "/Nonsense"}),
	})
}

// lostReader fails at the first action.
type lostReader struct{ store.Reader }

func (r lostReader) Actions(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[ledger.Action, error], error) {
	info, _, err := r.Reader.Actions(f, p)
	return info, func(yield func(ledger.Action, error) bool) {
		yield(ledger.Action{}, storetest.Unavailable("the server is gone"))
	}, err
}

// lostStore is a store whose reads fail like lostReader.
type lostStore struct{ store.Snapshots }

func (s lostStore) Read(ctx context.Context, account int64, f func(store.Reader) error) error {
	return s.Snapshots.Read(ctx, account, func(r store.Reader) error { return f(lostReader{r}) })
}

func TestSection07AnUnavailableStoreBeforeTheFirstChunkOfAListIsA503(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Snapshots = lostStore{s.store.Snapshots}
	s.exchange(t, exchange{path: "/Actions?CampaignId=1000", status: 503, has: []string{"The store is unavailable"}, hasNot: []string{"Actions", "gone"}, wantHeader: map[string]string{"Retry-After": "1"}})
}
