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
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// described answers every operation of the OpenAPI document below a root, as method
// and path with its wildcards.
func described(t *testing.T, root string) (operations [][2]string) {
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

// stranger is somebody with credentials that do not open what is asked for.
type stranger struct {
	says string
	// owner is whose path it is; user and secret are sent as Basic, or header as it is.
	owner, user, secret, header string
	status                      int
	// writesOnly is for credentials that may read.
	writesOnly bool
}

func (s *service) strangers(t *testing.T) []stranger {
	t.Helper()
	of := func(says string, status int, grant store.Grant, change func(*store.Token)) stranger {
		c := s.as(t, grant, change)
		return stranger{says: says, owner: c.sid, user: c.sid, secret: c.secret, status: status}
	}
	all := store.Grant{Account: demo.Account}
	readOnly := of("a read-only token", 403, store.Grant{Account: demo.Account, ReadOnly: true}, nil)
	readOnly.writesOnly = true
	return []stranger{
		{says: "nobody", owner: demo.SID, status: 401},
		{says: "no Basic at all", owner: demo.SID, header: "Bearer " + s.secret, status: 401},
		{says: "a malformed header", owner: demo.SID, header: "Basic !!!", status: 401},
		{says: "an unknown SID", owner: demo.SID, user: "IRnobody", secret: s.secret, status: 401},
		{says: "a wrong secret", owner: demo.SID, user: demo.SID, secret: "wrong", status: 401},
		{says: "no secret", owner: demo.SID, user: demo.SID, status: 401},
		{says: "another's secret", owner: demo.SIDJapan, user: demo.SIDJapan, secret: s.secret, status: 401},
		{says: "another's path", owner: demo.SIDJapan, user: demo.SID, secret: s.secret, status: 403},
		{says: "nobody's path", owner: "IRTrueupDemoJPY0000000000000000009", user: demo.SID, secret: s.secret, status: 403},
		of("a disabled token", 403, all, func(k *store.Token) { k.Disabled = time.Now() }),
		of("an expired token", 401, all, func(k *store.Token) { k.Expires = time.Now().Add(-time.Second) }),
		of("a token without a scope", 403, all, func(k *store.Token) { k.Scopes = nil }),
		readOnly,
		of("the operator's token", 403, store.Grant{Account: store.Operator}, nil),
	}
}

// asked answers what a stranger gets.
func (st stranger) asked(handler http.Handler, method, path, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept", accept)
	if st.header != "" {
		r.Header.Set("Authorization", st.header)
	} else if st.user != "" {
		r.SetBasicAuth(st.user, st.secret)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// words cuts the id of the request out of an answer, and the scope that differs by route.
func words(w *httptest.ResponseRecorder) string {
	body := strings.ReplaceAll(w.Body.String(), w.Header().Get("X-Request-Id"), "")
	return regexp.MustCompile(`[a-z]+:(read|write)`).ReplaceAllString(body, "")
}

// TestNoRequestTellsAStrangerAnything walks every route of the document with every
// kind of wrong credential: the answer is the same on all of them, and says nothing
// of what is there.
func TestNoRequestTellsAStrangerAnything(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	operations := described(t, openapi.Brand)
	if len(operations) < 40 {
		t.Fatalf("only %d operations are described", len(operations))
	}
	same := make(map[string]string)
	for _, st := range s.strangers(t) {
		for _, o := range operations {
			path := strings.Replace(o[1], "{AccountSID}", st.owner, 1)
			path = wildcards.ReplaceAllString(strings.Replace(path, "{ActionId}", action, 1), "1")
			for _, accept := range []string{"application/json", "application/xml"} {
				if st.writesOnly && o[0] == http.MethodGet {
					continue
				}
				w := st.asked(s, o[0], path, accept)
				if w.Code != st.status || (w.Code == 401) != (w.Header().Get("WWW-Authenticate") != "") {
					t.Errorf("%s: %s %s: %d %s", st.says, o[0], o[1], w.Code, w.Body)
				}
				if o[1] == openapi.Brand+"/Conversions" { // its errors have no other words either, but are written apart
					continue
				}
				kind := st.says + accept
				if st.status == 401 {
					kind = accept
				}
				if is, found := same[kind]; found && is != words(w) {
					t.Errorf("%s: %s %s: %s, elsewhere %s", st.says, o[0], o[1], w.Body, is)
				}
				same[kind] = words(w)
			}
		}
	}
	for _, accept := range []string{"application/json", "application/xml"} {
		if same["another's path"+accept] != same["nobody's path"+accept] {
			t.Errorf("a path tells whether its SID exists: %s, %s", same["another's path"+accept], same["nobody's path"+accept])
		}
	}
}

func TestNoAccountOpensTheAdminAPI(t *testing.T) {
	t.Parallel()
	s := serve(t)
	admin := checked(t, adminapi.New(s.store, func(int64) {}, time.Now, s.logger))
	owner := stranger{says: "an account's own token", user: demo.SID, secret: s.secret, status: 403}
	for _, o := range described(t, openapi.Admin) {
		for _, st := range append(s.strangers(t)[:6], owner) {
			path := wildcards.ReplaceAllString(o[1], "1")
			if w := st.asked(admin, o[0], path, "application/json"); w.Code != st.status || strings.Contains(w.Body.String(), "Harbor") {
				t.Errorf("%s: %s %s: %d %s", st.says, o[0], o[1], w.Code, w.Body)
			}
		}
	}
}

// TestAnothersObjectsAreNotThere asks for objects of the other account under the
// caller's own path: they are not there, in the very words for what is nowhere.
func TestAnothersObjectsAreNotThere(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	update, batch := s.firstUpdate(t, action), s.batch(t)
	s.inquire(t, "STRANGE")
	secret, err := demo.NewToken(t.Context(), s.store, demo.SIDJapan, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	japan := *s
	japan.sid, japan.secret = demo.SIDJapan, secret
	for theirs, nobodys := range map[string]string{
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
			answer := func(of string) *httptest.ResponseRecorder {
				method, path, _ := strings.Cut(of, " ")
				r := japan.request(method, path, "", "")
				r.Header.Set("Accept", accept)
				return japan.do(r)
			}
			is, none := answer(theirs), answer(nobodys)
			if is.Code != http.StatusNotFound || none.Code != is.Code || words(is) != words(none) {
				t.Errorf("%s: %d %s; %s: %d %s", theirs, is.Code, is.Body, nobodys, none.Code, none.Body)
			}
		}
	}
	for list, want := range map[string]string{
		"/Actions?Oid=" + demo.ExampleOrder: `"@total":"0"`, "/ActionUpdates?ActionId=" + action: `"@total":"0"`,
		"/APISubmissions?ActionId=" + action: `"@total":"0"`, "/ActionInquiries?OrderId=STRANGE": `"@total":"0"`, "/MediaPartners?Id=10001": `"@total":"0"`,
	} {
		japan.exchange(t, exchange{path: list, has: []string{want}})
	}
	if r := japan.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=12345&Quantity=0&Reason=ORDER_UPDATE"); r.ErrorReason != "ACTION_NOT_FOUND" || r.ActionId != "" {
		t.Errorf("another's action could be named: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions/" + action, has: []string{`"Amount":21.99,`}})
}
