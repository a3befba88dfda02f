package httpapi_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The tests whose names begin with TestSection cover docs/protocol.md section by section: each
// row of their tables tests a sentence of the protocol.

// exchange is a request for the demo's account and the expected response.
type exchange struct {
	// method defaults to GET. path is relative to the account.
	method, path, contentType, body string
	header                          map[string]string
	// status defaults to 200.
	status int
	// has and hasNot are texts that the body must and must not contain.
	has, hasNot []string
	// wantHeader holds expected headers; "" means that the header is absent.
	wantHeader map[string]string
}

// exchangeAll makes the exchanges in any order.
func (s *service) exchangeAll(t *testing.T, exchanges map[string]exchange) {
	t.Helper()
	for name, e := range exchanges {
		t.Run(name, func(t *testing.T) { s.exchange(t, e) })
	}
}

// exchange makes an exchange and returns the body.
func (s *service) exchange(t *testing.T, e exchange) string {
	t.Helper()
	r := s.request(cmp.Or(e.method, http.MethodGet), e.path, e.contentType, e.body)
	for name, value := range e.header {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	w := s.do(r)
	body := w.Body.String()
	if want := cmp.Or(e.status, http.StatusOK); w.Code != want {
		t.Errorf("%s %s: %d, want %d\n%s", r.Method, e.path, w.Code, want, body)
	}
	for _, text := range e.has {
		if !strings.Contains(body, text) {
			t.Errorf("%s %s: want %s in\n%s", r.Method, e.path, text, body)
		}
	}
	for _, text := range e.hasNot {
		if strings.Contains(body, text) {
			t.Errorf("%s %s: %s must not be in\n%s", r.Method, e.path, text, body)
		}
	}
	for name, want := range e.wantHeader {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s %s: header %s is %q, want %q", r.Method, e.path, name, got, want)
		}
	}
	return body
}

// read decodes the response of a GET.
func (s *service) read(t *testing.T, path string, response any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s.exchange(t, exchange{path: path})), response); err != nil {
		t.Fatal(err)
	}
}

// action returns the id of the newest action with the order id.
func (s *service) action(t *testing.T, order string) string {
	t.Helper()
	var page struct{ Actions []struct{ Id string } }
	if s.read(t, "/Actions?Oid="+order, &page); len(page.Actions) == 0 {
		t.Fatalf("order %s not found", order)
	}
	return page.Actions[0].Id
}

// submission is the response to a GET of a submission.
type submission struct {
	Status, Type, ErrorType, ErrorReason, ErrorMessage, ActionId, ActionUri, OrderId, Payload string
}

// submit sends a write that must be accepted, waits until it is applied and returns the
// submission.
func (s *service) submit(t *testing.T, method, path, body string) (r submission) {
	t.Helper()
	var queued struct{ QueuedUri string }
	response := s.exchange(t, exchange{method: method, path: path, contentType: form, body: body, has: []string{`"Status":"QUEUED"`}})
	if err := json.Unmarshal([]byte(response), &queued); err != nil {
		t.Fatal(err)
	}
	s.settle()
	_, below, _ := strings.Cut(queued.QueuedUri, "/APISubmissions/")
	s.read(t, "/APISubmissions/"+below, &r)
	return r
}

// order reports an order of two lanterns and a wick, and returns its action.
func (s *service) order(t *testing.T, id string) (action string) {
	t.Helper()
	r := s.submit(t, http.MethodPost, "/Conversions", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10001&OrderId="+id+
		"&ItemSku1=LANTERN&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=WICK&ItemSubTotal2=2.72")
	if r.ErrorReason != "" {
		t.Fatalf("order %s: %s %s", id, r.ErrorReason, r.ErrorMessage)
	}
	return r.ActionId
}
