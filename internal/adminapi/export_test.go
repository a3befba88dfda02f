package adminapi

import "github.com/trueup-ledger/trueup/internal/httpapi"

// OperatorRoutes returns the routes of the package, also the undocumented ones, relative to [Root].
func OperatorRoutes() []httpapi.OperatorRoute {
	h := new(handler)
	return append(h.routes(), h.deprecatedRoutes()...)
}
