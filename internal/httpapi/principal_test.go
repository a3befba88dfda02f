package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestACallerWithinTheProgramNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	s := serve(t)
	reader := principal.Principal{Account: demo.Account, Actor: store.Actor{Source: store.SourceConsole, ID: "ann@example.com"}, Scopes: []store.Scope{store.ScopeRead}}
	for name, c := range map[string]struct {
		method, path string
		caller       *principal.Principal
		status       int
	}{
		"a read":                   {http.MethodGet, "/Advertisers/console/Campaigns", &reader, http.StatusOK},
		"a write without scope":    {http.MethodDelete, "/Advertisers/console/Actions", &reader, http.StatusForbidden},
		"the SID of an account":    {http.MethodGet, "/Advertisers/" + demo.SID + "/Campaigns", &reader, http.StatusForbidden},
		"a request from elsewhere": {http.MethodGet, "/Advertisers/console/Campaigns", nil, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(""))
			if c.caller != nil {
				r = r.WithContext(principal.With(r.Context(), *c.caller))
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("the status is %d: %s", w.Code, w.Body)
			}
		})
	}
}
