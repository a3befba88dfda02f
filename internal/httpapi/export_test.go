package httpapi

import "github.com/trueup-ledger/trueup/internal/store"

// EachRoute calls f for each route.
func EachRoute(f func(method, path string, scope store.Scope)) {
	for _, r := range routes {
		f(r.method, r.path, r.scope())
	}
}
