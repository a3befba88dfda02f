package httpapi_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// testEvent is the audit event of tests.
var testEvent = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: time.Now()}

// as returns the service with the credentials of a new token. The function change may modify
// the token before it is stored.
func (s *service) as(t *testing.T, request store.TokenRequest, change func(*store.Token)) *service {
	t.Helper()
	token, secret, err := request.Issue(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&token)
	}
	token.Version = 14
	if err := s.store.SaveToken(t.Context(), token, testEvent); err != nil {
		t.Fatal(err)
	}
	caller := *s
	caller.sid, caller.secret = token.SID, secret
	return &caller
}

func TestSection02Authentication(t *testing.T) {
	t.Parallel()
	s := serve(t)
	all := store.TokenRequest{Account: demo.Account}
	_, another := store.NewSecret()
	read := exchange{path: "/Actions?Oid=EXAMPLE-A"}
	write := exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionTrackerId=2240&OrderId=EXAMPLE-A&Sku=12345&Quantity=2&Reason=ORDER_UPDATE"}
	const wrong = "The AccountSID or the AuthToken is wrong, or the token has expired"
	sale := exchange{method: "POST", path: "/Conversions", contentType: form, body: sale + "OrderId=A&Amount=1"}
	for name, c := range map[string]struct {
		caller              *service
		read, write, report int
		message             string
	}{
		"a token for everything":          {s.as(t, all, nil), 200, 200, 200, ""},
		"a read-only token":               {s.as(t, store.TokenRequest{Account: demo.Account, ReadOnly: true}, nil), 200, 403, 403, "lacks the scope"},
		"a token for conversions only":    {s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"conversions:write"}}, nil), 403, 403, 200, "lacks the scope actions:"},
		"a token for actions":             {s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"actions:read", "actions:write"}}, nil), 200, 200, 403, "lacks the scope conversions:write"},
		"a token without a scope":         {s.as(t, all, func(k *store.Token) { k.Scopes = nil }), 403, 403, 403, "lacks the scope"},
		"a disabled token":                {s.as(t, all, func(k *store.Token) { k.Disabled = time.Now() }), 403, 403, 403, "disabled"},
		"an expired token":                {s.as(t, all, func(k *store.Token) { k.Expires = time.Now().Add(-time.Second) }), 401, 401, 401, wrong},
		"a token that expires later":      {s.as(t, all, func(k *store.Token) { k.Expires = time.Now().Add(time.Hour) }), 200, 200, 200, ""},
		"an old secret in the overlap":    {s.as(t, all, func(k *store.Token) { *k = k.Rotate(another, time.Now().Add(time.Hour)) }), 200, 200, 200, ""},
		"an old secret after the overlap": {s.as(t, all, func(k *store.Token) { *k = k.Rotate(another, time.Now().Add(-time.Second)) }), 401, 401, 401, wrong},
		"an admin token":                  {s.as(t, store.TokenRequest{Account: store.Operator}, nil), 403, 403, 403, "admin API"},
		"a token of another account":      {s.as(t, store.TokenRequest{Account: demo.AccountJapan}, nil), 200, 200, 200, ""},
		"the secret of another SID":       {&service{Handler: s.Handler, sid: demo.SIDJapan, secret: s.secret}, 401, 401, 401, wrong},
		"an unknown SID":                  {&service{Handler: s.Handler, sid: "IRnobody", secret: s.secret}, 401, 401, 401, wrong},
		"a secret in another case":        {&service{Handler: s.Handler, sid: demo.SID, secret: strings.ToLower(s.secret)}, 401, 401, 401, wrong},
		"a secret with a suffix":          {&service{Handler: s.Handler, sid: demo.SID, secret: s.secret + "x"}, 401, 401, 401, wrong},
	} {
		t.Run(name, func(t *testing.T) {
			for _, try := range []struct {
				exchange
				status int
			}{{read, c.read}, {write, c.write}, {sale, c.report}} {
				try.exchange.status = try.status
				if try.status != http.StatusOK {
					try.has = []string{c.message}
				}
				if try.status == http.StatusUnauthorized {
					try.wantHeader = map[string]string{"WWW-Authenticate": `Basic realm="Trueup", charset="UTF-8"`}
				}
				c.caller.exchange(t, try.exchange)
			}
		})
	}
}

func TestSection02ResponsesDoNotRevealWhichSIDsExist(t *testing.T) {
	t.Parallel()
	s := serve(t)
	respond := func(owner string) (int, string) {
		r := s.request("GET", "/Actions", "", "")
		r.URL.Path = "/Advertisers/" + owner + "/Actions"
		w := s.do(r)
		return w.Code, w.Body.String()
	}
	code, body := respond(demo.SIDJapan)
	if unknownCode, unknownBody := respond("IRTrueupDemoJPY0000000000000000009"); code != http.StatusForbidden || unknownCode != code || unknownBody != body {
		t.Errorf("%d %s, for an unknown SID %d %s", code, body, unknownCode, unknownBody)
	}
}

func TestSection02AChangedTokenAppliesToTheNextRequest(t *testing.T) {
	t.Parallel()
	s := serve(t)
	caller := s.as(t, store.TokenRequest{Account: demo.Account}, nil)
	caller.exchange(t, exchange{path: "/Campaigns"})
	token, err := s.store.Token(t.Context(), caller.sid)
	if err != nil {
		t.Fatal(err)
	}
	token.Scopes = []store.Scope{store.ResourceActions.Read()}
	if err := s.store.SaveToken(t.Context(), token, testEvent); err != nil {
		t.Fatal(err)
	}
	caller.exchange(t, exchange{path: "/Campaigns", status: 403, has: []string{"campaigns:read"}})
}

func TestSection02EveryRouteRequiresItsScopes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	wildcard := regexp.MustCompile(`\{[a-z]+\}`)
	httpapi.EachRoute(func(method, path string, scopes []store.Scope) {
		t.Run(method+" "+path, func(t *testing.T) {
			path := wildcard.ReplaceAllString(path, "1")
			for _, scope := range scopes {
				if !slices.Contains(store.Scopes, scope) {
					t.Fatalf("unknown scope %s", scope)
				}
				others := slices.DeleteFunc(slices.Clone(store.Scopes), func(other store.Scope) bool {
					return other == scope || strings.HasPrefix(string(other), string(store.ScopeAll))
				})
				s.as(t, store.TokenRequest{Account: demo.Account}, func(k *store.Token) { k.Scopes = others }).exchange(t,
					exchange{method: method, path: path, status: http.StatusForbidden, has: []string{"lacks the scope " + string(scope)}})
			}
			with := s.as(t, store.TokenRequest{Account: demo.Account}, func(k *store.Token) { k.Scopes = scopes })
			if w := with.do(with.request(method, path, "", "")); w.Code == http.StatusForbidden {
				t.Errorf("with the scopes %s: %d %s", scopes, w.Code, w.Body)
			}
		})
	})
}

func TestSection02AMethodOverrideRequiresItsScope(t *testing.T) {
	t.Parallel()
	reader := serve(t).as(t, store.TokenRequest{Account: demo.Account, ReadOnly: true}, nil)
	reader.exchange(t, exchange{method: "POST", path: "/Actions?_method=DELETE", status: 403, has: []string{"lacks the scope actions:write"}})
	reader.exchange(t, exchange{method: "HEAD", path: "/Campaigns"})
}
