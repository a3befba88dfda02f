package adminapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestAPersonReachesTheOwnAccountOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	person := principal.Principal{
		Account: 1, Actor: store.Actor{Source: store.SourceConsole, ID: "ann@example.com", Name: "Ann"},
		Scopes: []store.Scope{store.ScopeAll, store.ScopeAdmin}, Permission: people.Administer,
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodGet, "/accounts/1", "", http.StatusOK},
		{http.MethodPut, "/accounts/1/campaigns/1001", `{"name": "Second"}`, http.StatusOK},
		{http.MethodGet, "/audit?account=1", "", http.StatusOK},
		{http.MethodGet, "/accounts/2", "", http.StatusForbidden},
		{http.MethodPut, "/accounts/2/campaigns/1001", `{"name": "Second"}`, http.StatusForbidden},
		{http.MethodGet, "/accounts/01", "", http.StatusForbidden},
		{http.MethodGet, "/audit?account=2", "", http.StatusForbidden},
		{http.MethodGet, "/audit", "", http.StatusForbidden},
		{http.MethodGet, "/audit?account=1&account=2", "", http.StatusForbidden},
		{http.MethodGet, "/accounts", "", http.StatusForbidden},
		{http.MethodGet, "/accounts?account=1", "", http.StatusForbidden},
		{http.MethodGet, "/accounts/2?account=1", "", http.StatusForbidden},
		{http.MethodGet, "/tokens?account=1", "", http.StatusForbidden},
		{http.MethodGet, "/clock?account=1", "", http.StatusForbidden},
		{http.MethodGet, "/tokens", "", http.StatusForbidden},
		{http.MethodPost, "/tokens?account=1", `{"account": 2}`, http.StatusForbidden},
		{http.MethodPost, "/clock/accept", "{}", http.StatusForbidden},
	} {
		r := httptest.NewRequest(c.method, adminapi.Root+c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(principal.With(r.Context(), person)))
		if w.Code != c.status {
			t.Errorf("%s %s is a %d: %s", c.method, c.path, w.Code, w.Body)
		}
	}
	if e := h.auditEvents(1)[0]; e.Actor != person.Actor {
		t.Errorf("the author of the change is %+v", e.Actor)
	}
}
