package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// documented returns the method and the path pattern of every operation of the OpenAPI
// document below a root.
func documented(t *testing.T, root string) (operations [][2]string) {
	t.Helper()
	text, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for path, methods := range document.Paths {
		for method := range methods {
			if strings.HasPrefix(path, root) && method != "parameters" {
				operations = append(operations, [2]string{strings.ToUpper(method), path})
			}
		}
	}
	return operations
}

var wildcards = regexp.MustCompile(`\{[^}]+\}`)

// unauthorized is a caller whose credentials are not sufficient.
type unauthorized struct {
	name string
	// owner is the SID in the path. user and secret are sent as Basic credentials, or
	// header instead.
	owner, user, secret, header string
	status                      int
	// writesOnly reports whether the credentials allow reading.
	writesOnly bool
}

// unauthorized returns all kinds of unauthorized callers.
func (s *service) unauthorized(t *testing.T) []unauthorized {
	t.Helper()
	withToken := func(name string, status int, request store.TokenRequest, change func(*store.Token)) unauthorized {
		c := s.as(t, request, change)
		return unauthorized{name: name, owner: c.sid, user: c.sid, secret: c.secret, status: status}
	}
	all := store.TokenRequest{Account: demo.Account}
	readOnly := withToken("a read-only token", 403, store.TokenRequest{Account: demo.Account, ReadOnly: true}, nil)
	readOnly.writesOnly = true
	return []unauthorized{
		{name: "no credentials", owner: demo.SID, status: 401},
		{name: "another scheme", owner: demo.SID, header: "Bearer " + s.secret, status: 401},
		{name: "a malformed header", owner: demo.SID, header: "Basic !!!", status: 401},
		{name: "an unknown SID", owner: demo.SID, user: "IRnobody", secret: s.secret, status: 401},
		{name: "a wrong secret", owner: demo.SID, user: demo.SID, secret: "wrong", status: 401},
		{name: "no secret", owner: demo.SID, user: demo.SID, status: 401},
		{name: "the secret of another SID", owner: demo.SIDJapan, user: demo.SIDJapan, secret: s.secret, status: 401},
		{name: "the path of another SID", owner: demo.SIDJapan, user: demo.SID, secret: s.secret, status: 403},
		{name: "the path of an unknown SID", owner: "IRTrueupDemoJPY0000000000000000009", user: demo.SID, secret: s.secret, status: 403},
		withToken("a disabled token", 403, all, func(k *store.Token) { k.Disabled = time.Now() }),
		withToken("an expired token", 401, all, func(k *store.Token) { k.Expires = time.Now().Add(-time.Second) }),
		withToken("a token without a scope", 403, all, func(k *store.Token) { k.Scopes = nil }),
		readOnly,
		withToken("an admin token", 403, store.TokenRequest{Account: store.Operator}, nil),
	}
}

// request returns the response to a request of the caller.
func (u unauthorized) request(handler http.Handler, method, path, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept", accept)
	if u.header != "" {
		r.Header.Set("Authorization", u.header)
	} else if u.user != "" {
		r.SetBasicAuth(u.user, u.secret)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// normalized returns a body without the request id and the scope.
func normalized(w *httptest.ResponseRecorder) string {
	body := strings.ReplaceAll(w.Body.String(), w.Header().Get("X-Request-Id"), "")
	return regexp.MustCompile(`[a-z]+:(read|write)`).ReplaceAllString(body, "")
}

// withoutIDs returns a normalized body without the ids that it quotes from the path.
func withoutIDs(w *httptest.ResponseRecorder) string {
	return regexp.MustCompile(`(\\"|&#34;)[^"&\\]+(\\"|&#34;)`).ReplaceAllString(normalized(w), "id")
}

// TestUnauthorizedResponsesRevealNothing sends requests to all operations with every kind
// of insufficient credentials. The responses to all operations must be equal.
func TestUnauthorizedResponsesRevealNothing(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	operations := documented(t, openapi.Brand)
	if len(operations) < 40 {
		t.Fatalf("the document has only %d operations", len(operations))
	}
	bodies := make(map[string]string)
	for _, u := range s.unauthorized(t) {
		for _, o := range operations {
			path := strings.Replace(o[1], "{AccountSID}", u.owner, 1)
			path = wildcards.ReplaceAllString(strings.Replace(path, "{ActionId}", action, 1), "1")
			for _, accept := range []string{"application/json", "application/xml"} {
				if u.writesOnly && o[0] == http.MethodGet {
					continue
				}
				w := u.request(s, o[0], path, accept)
				if w.Code != u.status || (w.Code == 401) != (w.Header().Get("WWW-Authenticate") != "") {
					t.Errorf("%s: %s %s: %d %s", u.name, o[0], o[1], w.Code, w.Body)
				}
				if o[1] == openapi.Brand+"/Conversions" { // has errors of its own format
					continue
				}
				kind := u.name + accept
				if u.status == 401 {
					kind = accept
					if u.user != "" {
						kind += " with credentials"
					}
				}
				if other, exists := bodies[kind]; exists && other != normalized(w) {
					t.Errorf("%s: %s %s: %s, other operations %s", u.name, o[0], o[1], w.Body, other)
				}
				bodies[kind] = normalized(w)
			}
		}
	}
	for _, accept := range []string{"application/json", "application/xml"} {
		if bodies["the path of another SID"+accept] != bodies["the path of an unknown SID"+accept] {
			t.Errorf("the response reveals whether a SID exists: %s, %s", bodies["the path of another SID"+accept], bodies["the path of an unknown SID"+accept])
		}
	}
}

func TestAccountTokensAreRejectedByTheAdminAPI(t *testing.T) {
	t.Parallel()
	s := serve(t)
	admin := checked(t, adminapi.New(adminapi.Config{
		Store: s.store, Notifications: s.store, References: s.store, Bridges: s.store, Keys: s.store, Invoices: adminapi.Invoices{Store: s.store},
		Queued: func(int64) {}, Clock: adminapi.Clock{Guard: clockguard.New(time.Time{}, s.logger), Log: s.store.LogClock}, Log: s.logger, Additional: persons.Routes(s.store, s.store),
	}))
	owner := unauthorized{name: "an account's own token", user: demo.SID, secret: s.secret, status: 403}
	for _, o := range documented(t, openapi.Admin) {
		for _, u := range append(s.unauthorized(t)[:6], owner) {
			path := wildcards.ReplaceAllString(o[1], "1")
			if w := u.request(admin, o[0], path, "application/json"); w.Code != u.status || strings.Contains(w.Body.String(), "Harbor") {
				t.Errorf("%s: %s %s: %d %s", u.name, o[0], o[1], w.Code, w.Body)
			}
		}
	}
}

// TestObjectsOfAnotherAccountAreNotFound requests objects of another account. The response
// must equal that for an unknown object.
func TestObjectsOfAnotherAccountAreNotFound(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	update, batch := s.firstUpdate(t, action), s.batch(t)
	s.inquire(t, "OTHER")
	secret, err := demo.NewToken(t.Context(), s.store, demo.SIDJapan, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	japan := *s
	japan.sid, japan.secret = demo.SIDJapan, secret
	for other, unknown := range map[string]string{
		"GET /Actions/" + action:                      "GET /Actions/1000.2240.99999999",
		"GET /Actions/" + action + "/Items":           "GET /Actions/1000.2240.99999999/Items",
		"GET /Actions/" + action + "/Items/12345":     "GET /Actions/1000.2240.99999999/Items/12345",
		"GET /Actions/" + action + "/Updates":         "GET /Actions/1000.2240.99999999/Updates",
		"GET /Actions/" + action + "?AsOf=" + ago(-1): "GET /Actions/1000.2240.99999999?AsOf=" + ago(-1),
		"GET /ActionUpdates/" + update:                "GET /ActionUpdates/1000.2240.1.99999999",
		"GET /APISubmissions/" + batch:                "GET /APISubmissions/A-01a20fb9-0613-8028-bc35-000000000cd8",
		"POST /APISubmissions/" + batch + "/Undo":     "POST /APISubmissions/A-01a20fb9-0613-8028-bc35-000000000cd8/Undo",
		"GET /ActionInquiries/1":                      "GET /ActionInquiries/99999",
		"GET /Campaigns/1000":                         "GET /Campaigns/7",
		"GET /Campaigns/1000/Contracts":               "GET /Campaigns/7/Contracts",
		"GET /MediaPartners/10001":                    "GET /MediaPartners/7",
		"GET /Contracts/S-3240326":                    "GET /Contracts/S-7",
	} {
		for _, accept := range []string{"application/json", "application/xml"} {
			respond := func(request string) *httptest.ResponseRecorder {
				method, path, _ := strings.Cut(request, " ")
				r := japan.request(method, path, "", "")
				r.Header.Set("Accept", accept)
				return japan.do(r)
			}
			got, want := respond(other), respond(unknown)
			if got.Code != http.StatusNotFound || want.Code != got.Code || withoutIDs(got) != withoutIDs(want) {
				t.Errorf("%s: %d %s; %s: %d %s", other, got.Code, got.Body, unknown, want.Code, want.Body)
			}
		}
	}
	for list, want := range map[string]string{
		"/Actions?Oid=" + demo.ExampleOrder: `"@total":"0"`, "/ActionUpdates?ActionId=" + action: `"@total":"0"`,
		"/APISubmissions?ActionId=" + action: `"@total":"0"`, "/ActionInquiries?OrderId=OTHER": `"@total":"0"`, "/MediaPartners?Id=10001": `"@total":"0"`,
	} {
		japan.exchange(t, exchange{path: list, has: []string{want}})
	}
	if r := japan.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=12345&Quantity=0&Reason=ORDER_UPDATE"); r.ErrorReason != "ACTION_NOT_FOUND" || r.ActionId != "" {
		t.Errorf("an action of another account was modified: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions/" + action, has: []string{`"Amount":21.99,`}})
}
