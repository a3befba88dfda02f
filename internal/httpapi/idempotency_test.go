package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

// modify is the body of a modification.
const (
	modify      = "ActionTrackerId=2240&OrderId=" + demo.ExampleOrder + "&Sku=67890&QuantityDelta=1&Reason=ORDER_UPDATE"
	keyHeader   = "Idempotency-Key"
	replayed    = "Idempotency-Replayed"
	jsonRequest = "application/json"
)

// send sends a request with an idempotency key.
func (s *service) send(key, method, path, contentType, body string) *httptest.ResponseRecorder {
	r := s.request(method, path, contentType, body)
	r.Header.Set(keyHeader, key)
	return s.do(r)
}

func TestARepeatedRequestGetsTheFirstResponseInAnySpelling(t *testing.T) {
	t.Parallel()
	s := serve(t)
	first := s.send("k", "PUT", "/Actions", form, modify)
	if first.Code != 200 || first.Header().Get(replayed) != "" {
		t.Fatalf("%d %v %s", first.Code, first.Header(), first.Body)
	}
	for name, c := range map[string]struct {
		method, path, contentType, body string
		change                          func(*http.Request)
	}{
		"unchanged":               {"PUT", "/Actions", form, modify, nil},
		"in another order":        {"PUT", "/Actions", form, "Reason=ORDER_UPDATE&QuantityDelta=1&Sku=67890&OrderId=" + demo.ExampleOrder + "&ActionTrackerId=2240", nil},
		"names in another case":   {"PUT", "/Actions", form, strings.Replace(modify, "QuantityDelta", "quantitydelta", 1), nil},
		"as JSON":                 {"PUT", "/Actions", jsonRequest, `{"ActionTrackerId":2240,"OrderId":"` + demo.ExampleOrder + `","Sku":"67890","QuantityDelta":1,"Reason":"ORDER_UPDATE"}`, nil},
		"as a query string":       {"PUT", "/Actions?" + modify, "", "", nil},
		"with a suffix":           {"PUT", "/Actions.json", form, modify, nil},
		"with an older version":   {"PUT", "/Actions?IrVersion=12", form, modify, nil},
		"with a method override":  {"POST", "/Actions?_method=put", form, modify, nil},
		"below the singular":      {"PUT", "/Actions", form, modify, func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "Advertisers", "advertiser", 1) }},
		"with a preferred format": {"PUT", "/Actions", form, modify, func(r *http.Request) { r.Header.Set("Accept", "application/json;q=0.9") }},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request(c.method, c.path, c.contentType, c.body)
			r.Header.Set(keyHeader, "k")
			if c.change != nil {
				c.change(r)
			}
			w := s.do(r)
			if w.Code != 200 || w.Body.String() != first.Body.String() || w.Header().Get(replayed) != "true" || w.Header().Get("Trueup-Ignored-Parameters") != "" {
				t.Errorf("%d %v %s, want %s", w.Code, w.Header(), w.Body, first.Body)
			}
		})
	}
	w := s.send("k", "PUT", "/Actions.xml", form, modify)
	uri := strings.Split(first.Body.String(), `"`)[7]
	if w.Code != 200 || !strings.Contains(w.Body.String(), "<QueuedUri>"+uri+"</QueuedUri>") {
		t.Errorf("as XML: %d %s, want %s", w.Code, w.Body, uri)
	}
}

func TestAnotherRequestWithTheSameKeyIsAConflict(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if w := s.send("k", "PUT", "/Actions", form, modify); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	for name, c := range map[string]struct{ method, path, body string }{
		"another value":         {"PUT", "/Actions", strings.Replace(modify, "Delta=1", "Delta=2", 1)},
		"one parameter more":    {"PUT", "/Actions", modify + "&Note=x"},
		"one parameter less":    {"PUT", "/Actions", strings.Replace(modify, "&Sku=67890", "", 1)},
		"an unknown parameter":  {"PUT", "/Actions", modify + "&Nonsense=x"},
		"a value in other case": {"PUT", "/Actions", strings.Replace(modify, "67890", "67890A", 1)},
		"another method":        {"DELETE", "/Actions", modify},
		"another resource":      {"PUT", "/Actions/1000.2240.1", modify},
		"an invalid request":    {"PUT", "/Actions", "ActionId=x"},
		"swapped values":        {"PUT", "/Actions", strings.Replace(modify, "Sku=67890&QuantityDelta=1", "Sku=1&QuantityDelta=67890", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			w := s.send("k", c.method, c.path, form, c.body)
			if w.Code != 409 || !strings.Contains(w.Body.String(), keyHeader) || w.Header().Get(replayed) != "" {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestAnInvalidKeyIsRejected(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for name, keys := range map[string][]string{
		"empty":                  {""},
		"too long":               {strings.Repeat("k", 256)},
		"a control character":    {"a\tb"},
		"not Unicode":            {"a\xffb"},
		"repeated":               {"a", "a"},
		"too long in characters": {strings.Repeat("ü", 256)},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request("PUT", "/Actions", form, modify)
			r.Header[keyHeader] = keys
			if w := s.do(r); w.Code != 400 || !strings.Contains(w.Body.String(), `"Field":"Idempotency-Key"`) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	for _, key := range []string{strings.Repeat("ü", 255), `"8e03978e-40d5-43dd-bc93-6894a57f9324"`} {
		if w := s.send(key, "PUT", "/Actions", form, modify); w.Code != 200 {
			t.Errorf("%s: %d %s", key, w.Code, w.Body)
		}
	}
}

func TestAKeyIsStoredOnlyForAcceptedRequests(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if w := s.send("k", "PUT", "/Actions", form, "ActionId=x"); w.Code != 400 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s.store.Fail(storetest.CallAccept, storetest.Before, storetest.Unavailable("a disk error"))
	if w := s.send("k", "PUT", "/Actions", form, modify+"&Note=x"); w.Code != 503 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.send("k", "PUT", "/Actions", form, modify); w.Code != 200 || w.Header().Get(replayed) != "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.send("k", "GET", "/Campaigns", "", ""); w.Code != 200 || w.Header().Get(replayed) != "" {
		t.Errorf("a read with a key: %d %s", w.Code, w.Body)
	}
	s.store.Fail(storetest.CallAccept, storetest.After, storetest.Unavailable("the response is lost"))
	if w := s.send("l", "DELETE", "/Actions", form, "ActionId=1000.2240.1&DispositionCode=REJECTED"); w.Code != 503 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w := s.send("l", "DELETE", "/Actions", form, "ActionId=1000.2240.1&DispositionCode=REJECTED")
	if w.Code != 200 || w.Header().Get(replayed) != "true" {
		t.Errorf("after a lost response: %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestAnUnauthorizedCallerLearnsNothingAboutKeys(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if w := s.send("k", "PUT", "/Actions", form, modify); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	for _, key := range []string{"k", "never used", ""} {
		r := s.request("PUT", "/Actions", form, modify)
		r.SetBasicAuth(demo.SID, "wrong")
		r.Header.Set(keyHeader, key)
		if w := s.do(r); w.Code != 401 || w.Header().Get(replayed) != "" {
			t.Errorf("%q: %d %s", key, w.Code, w.Body)
		}
	}
}

func TestConcurrentRequestsWithTheSameKeyAreAcceptedOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	body := "CampaignId=1000&EventTypeId=2240&MediaPartnerId=10001&OrderId=IR_AN_64_TS&EventDate=NOW&ItemSku1=a&ItemPrice1=1&IpAddress=1.2.3.4"
	var mu sync.Mutex
	responses := make(map[string]int)
	first := 0
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			w := s.send("k", "POST", "/Conversions", form, body)
			mu.Lock()
			defer mu.Unlock()
			responses[w.Body.String()]++
			if w.Header().Get(replayed) == "" {
				first++
			}
		})
	}
	group.Wait()
	if len(responses) != 1 || first != 1 {
		t.Errorf("%d responses were not replayed, responses %v", first, responses)
	}
}
