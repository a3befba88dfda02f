package adminapi_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/store"
)

// person returns somebody of account 1 with the permission.
func person(name string, p people.Permission) principal.Principal {
	return principal.Principal{
		Account: 1, Actor: store.Actor{Source: store.SourceConsole, ID: name + "@example.com", Name: name},
		Scopes: []store.Scope{store.ScopeAll, store.ScopeAdmin}, Permission: p,
	}
}

// doAs sends a request of a person, with an idempotency key if it isn't "".
func (h *harness) doAs(p principal.Principal, key, method, path, body string) *httptest.ResponseRecorder {
	h.Helper()
	r := httptest.NewRequest(method, adminapi.Root+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(principal.With(r.Context(), p)))
	return w
}

var wildcard = regexp.MustCompile(`\{[^}]+\}`)

func TestRolesReachTheRoutesThatTheTableSays(t *testing.T) {
	t.Parallel()
	h := open(t)
	reached := make(map[people.Role]int)
	for _, route := range append(adminapi.OperatorRoutes(), persons.Routes(nil, nil)...) {
		path := wildcard.ReplaceAllString(route.Path, "1") + "?account=1"
		for _, role := range people.Roles {
			w := h.doAs(person(string(role.Role), role.May), "", route.Method, path, "{}")
			if got, want := w.Code != http.StatusForbidden, role.Role.May(route.Access.Permission); got != want {
				t.Errorf("%s may %s %s: %t, want %t: %d %s", role.Role, route.Method, route.Path, got, want, w.Code, w.Body)
			} else if got {
				reached[role.Role]++
			}
		}
	}
	for more, less := range map[people.Role]people.Role{
		people.RoleViewer: people.RolePartner, people.RoleOperator: people.RoleViewer, people.RoleFinance: people.RoleViewer, people.RoleAdmin: people.RoleFinance,
	} {
		if reached[more] <= reached[less] {
			t.Errorf("%s reaches %d routes and %s %d", more, reached[more], less, reached[less])
		}
	}
}

// TestAccessFitsTheRoute checks the table against rules that hold for all routes.
func TestAccessFitsTheRoute(t *testing.T) {
	t.Parallel()
	estimate := "/accounts/{account}/whatif" // changes nothing
	for _, route := range append(adminapi.OperatorRoutes(), persons.Routes(nil, nil)...) {
		access, inPath := route.Access, strings.HasPrefix(route.Path, "/accounts/{account}")
		switch {
		case inPath != (access.Permission != 0 && !access.AccountInQuery):
			t.Errorf("%s %s: the account is in the path: %t, the access %+v", route.Method, route.Path, inPath, access)
		case access.AccountInQuery && route.Method != http.MethodGet:
			t.Errorf("%s %s takes the account of a change from the query", route.Method, route.Path)
		case access.Permission == 0 || route.Path == estimate:
		case route.Method != http.MethodGet && people.Read.Includes(access.Permission):
			t.Errorf("%s %s can be used by who may only read", route.Method, route.Path)
		case strings.HasSuffix(route.Path, "/secret") && access.Permission != people.Administer:
			t.Errorf("%s %s gives a secret to %+v", route.Method, route.Path, access)
		}
	}
}

func TestAWriteByAPageToReadIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	failed := h.track()
	path := "/accounts/1/submissions/" + string(failed) + "/retry"
	if w := h.doAs(person("Ann", people.Read), "", http.MethodPost, path, `{}`); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "permission") {
		t.Errorf("with the permission to read: %d %s", w.Code, w.Body)
	}
	if w := h.doAs(person("Ann", people.Operate), "", http.MethodPost, path, `{}`); w.Code != http.StatusOK {
		t.Errorf("with the permission to operate: %d %s", w.Code, w.Body)
	}
}
