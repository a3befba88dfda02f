package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/store"
)

// EachRoute calls f for each route, with the scopes that a token needs.
func EachRoute(f func(method, path string, scopes []store.Scope)) {
	for _, r := range routes {
		scopes := []store.Scope{r.scope()}
		if name, exports := strings.CutPrefix(r.path, exportsPath); exports {
			resource, _ := export.Find(name)
			for _, other := range resource.Scopes[1:] {
				scopes = append(scopes, other.Read())
			}
		}
		f(r.method, r.path, scopes)
	}
}

// Authorize authorizes the caller of a request.
func (a *API) Authorize(r *http.Request) error {
	c := &call{api: a, w: httptest.NewRecorder(), r: r}
	return c.authorize(r.URL.Path)
}
