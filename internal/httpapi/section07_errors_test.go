package httpapi_test

import (
	"context"
	"errors"
	"iter"
	"testing"

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
	unsaid := exchange{method: "POST", path: "/Conversions", contentType: form, body: "CampaignId=1000", status: 400}
	s.hold(t, map[string]exchange{
		"a fault names its field":              as(bad, "/Actions", `{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"Quantity","Message":"Not a whole number"}]}`),
		"in XML too":                           as(bad, "/Actions.xml", `<Status>ERROR</Status><Message>Validation Failed</Message><Errors><Error><Field>Quantity</Field><Message>Not a whole number</Message></Error></Errors>`),
		"every fault is named at once":         as(put(""), "/Actions", `"Field":"ActionId"`, `"Field":"Reason"`),
		"a field has the name that was sent":   as(put("actionid=x&Reason=OTHER&Amount=1"), "/Actions", `"Field":"actionid"`),
		"no fields without one at fault":       {path: "/Actions/none", status: 404, has: []string{`{"Status":"ERROR","Message":"There is no such resource"}`}, hasNot: []string{"Errors"}},
		"conversions have both spellings":      as(unsaid, "/Conversions", `"Errors":[{"Field":"EventDate","Message":"Required"}`, `"errors":[{"field":"EventDate","level":"ERROR","message":"Required"}`),
		"conversions have both in XML":         as(unsaid, "/Conversions.xml", `<Errors><Error><Field>EventDate</Field>`, `<errors><error><field>EventDate</field><level>ERROR</level>`),
		"401 asks for credentials":             {path: "/Campaigns", header: map[string]string{"Authorization": ""}, status: 401, has: []string{`"Status":"ERROR"`}},
		"404 is for unknown paths":             {path: "/Nonsense", status: 404, has: []string{`"Status":"ERROR"`}},
		"405 says what is allowed":             {method: "DELETE", path: "/Campaigns", status: 405, sends: map[string]string{"Allow": "GET, HEAD"}},
		"406 is for formats":                   {path: "/Campaigns", header: map[string]string{"Accept": "image/png"}, status: 406},
		"415 is for contents":                  {method: "PUT", path: "/Actions", contentType: "text/csv", body: "a", status: 415},
		"a list that does not exist is a 404":  {path: "/Campaigns/7/Contracts", status: 404},
		"an object of a list is a 404":         {path: "/Contracts/S-1", status: 404},
		"errors are XML for who asks not JSON": {path: "/Nonsense", header: map[string]string{"Accept": ""}, status: 404, has: []string{"<ImpactRadiusResponse><Status>ERROR</Status><Message>"}},
	})
}

func TestSection07StorageThatIsAway(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Fail(storetest.CallRead, storetest.Before, errors.New("the disk is gone"))
	s.exchange(t, exchange{path: "/Actions?Oid=a", status: 503, has: []string{"Storage is away; try again (request "}, hasNot: []string{"disk"}, sends: map[string]string{"Retry-After": "1"}})
	s.exchange(t, exchange{path: "/Actions?Oid=a"})
}

func TestSection07EveryRequestIsToldThatStorageIsAway(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	const file, multipart = "--b\r\nContent-Disposition: form-data; name=\"File\"; filename=\"a.csv\"\r\n\r\nOrderId\r\n--b--\r\n", "multipart/form-data; boundary=b"
	away := func(e exchange) exchange {
		e.status, e.has, e.sends = 503, []string{`"Status":"ERROR"`, "Storage is away; try again (request "}, map[string]string{"Retry-After": "1"}
		return e
	}
	s.hold(t, map[string]exchange{
		"a list":          away(exchange{path: "/Actions?Oid=a"}),
		"an object":       away(exchange{path: "/Actions/1000.2240.1"}),
		"a modification":  away(exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionId=1000.2240.1&Amount=1&Reason=OTHER"}),
		"with a key":      away(exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionId=1&Amount=1", header: map[string]string{"Idempotency-Key": "k"}}),
		"a preview":       away(exchange{method: "PUT", path: "/Actions", contentType: form, body: "DryRun=true&ActionId=1000.2240.1&Amount=1&Reason=OTHER"}),
		"a conversion":    away(exchange{method: "POST", path: "/Conversions", contentType: form, body: "CampaignId=1000"}),
		"a file":          away(exchange{method: "POST", path: "/FTPFileSubmissions", contentType: multipart, body: file}),
		"what is unknown": away(exchange{path: "/Nonsense"}),
	})
}

// lostReader loses its store when the first action is read.
type lostReader struct{ store.Reader }

func (r lostReader) Actions(f ledger.ActionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[ledger.Action, error], error) {
	found, _, err := r.Reader.Actions(f, p)
	return found, func(yield func(ledger.Action, error) bool) { yield(ledger.Action{}, errors.New("the server is gone")) }, err
}

type lostStore struct{ store.Store }

func (s lostStore) Read(ctx context.Context, account int64, f func(store.Reader) error) error {
	return s.Store.Read(ctx, account, func(r store.Reader) error { return f(lostReader{r}) })
}

func TestSection07StorageThatIsAwayBeforeTheFirstPieceOfAList(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Store = lostStore{s.store.Store}
	s.exchange(t, exchange{path: "/Actions?CampaignId=1000", status: 503, has: []string{"Storage is away"}, hasNot: []string{"Actions", "gone"}, sends: map[string]string{"Retry-After": "1"}})
}
