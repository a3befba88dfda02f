package httpapi_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The tests whose names begin with TestSection go through docs/protocol.md, section
// by section, over the handler: each row is a sentence of the protocol.

// exchange is a request of the demo's account and what its answer must be like.
type exchange struct {
	// method is GET unless it is given; path begins below the account.
	method, path, contentType, body string
	header                          map[string]string
	// status is 200 unless it is given.
	status int
	// has and hasNot are texts of the answer's body.
	has, hasNot []string
	// sends are fields of the answer's header; "" is for one that is not there.
	sends map[string]string
}

// hold makes the exchanges, in no order.
func (s *service) hold(t *testing.T, exchanges map[string]exchange) {
	t.Helper()
	for says, e := range exchanges {
		t.Run(says, func(t *testing.T) { s.exchange(t, e) })
	}
}

// exchange makes one and answers the body.
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
	for name, want := range e.sends {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s %s: header %s is %q, want %q", r.Method, e.path, name, got, want)
		}
	}
	return body
}

// read decodes what a GET answers.
func (s *service) read(t *testing.T, path string, answer any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s.exchange(t, exchange{path: path})), answer); err != nil {
		t.Fatal(err)
	}
}

// action answers the id of the newest action with the order id.
func (s *service) action(t *testing.T, order string) string {
	t.Helper()
	var found struct{ Actions []struct{ Id string } }
	if s.read(t, "/Actions?Oid="+order, &found); len(found.Actions) == 0 {
		t.Fatalf("there is no order %s", order)
	}
	return found.Actions[0].Id
}

// record is what the server tells of a submission.
type record struct {
	Status, Type, ErrorType, ErrorReason, ErrorMessage, ActionId, ActionUri, OrderId, Payload string
}

// submit sends a write that must be accepted and answers its record once it is applied.
func (s *service) submit(t *testing.T, method, path, body string) (r record) {
	t.Helper()
	var queued struct{ QueuedUri string }
	answer := s.exchange(t, exchange{method: method, path: path, contentType: form, body: body, has: []string{`"Status":"QUEUED"`}})
	if err := json.Unmarshal([]byte(answer), &queued); err != nil {
		t.Fatal(err)
	}
	s.settle()
	_, below, _ := strings.Cut(queued.QueuedUri, "/APISubmissions/")
	s.read(t, "/APISubmissions/"+below, &r)
	return r
}

// order reports an order of one lantern pair and a wick, and answers its action.
func (s *service) order(t *testing.T, id string) (action string) {
	t.Helper()
	r := s.submit(t, http.MethodPost, "/Conversions", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10001&OrderId="+id+
		"&ItemSku1=LANTERN&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=WICK&ItemSubTotal2=2.72")
	if r.ErrorReason != "" {
		t.Fatalf("order %s: %s %s", id, r.ErrorReason, r.ErrorMessage)
	}
	return r.ActionId
}
