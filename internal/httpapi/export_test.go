package httpapi

import (
	"net/http"
	"net/http/httptest"

	"github.com/trueup-ledger/trueup/internal/store"
)

// EachRoute calls f for each route.
func EachRoute(f func(method, path string, scope store.Scope)) {
	for _, r := range routes {
		f(r.method, r.path, r.scope())
	}
}

// Authorize authorizes the caller of a request.
func (a *API) Authorize(r *http.Request) error {
	c := &call{api: a, w: httptest.NewRecorder(), r: r}
	return c.authorize(r.URL.Path)
}
