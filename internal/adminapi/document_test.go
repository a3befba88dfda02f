package adminapi_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

func TestEveryRouteIsDescribedAndEveryDescriptionServed(t *testing.T) {
	var routes []string
	for _, route := range adminapi.Routes() {
		routes = append(routes, strings.Replace(route, openapi.Admin, "", 1))
	}
	// Those of an emulation are served with --emulate only: a story asks for them.
	routes = append(routes, "GET /faults", "PUT /faults", "DELETE /faults")
	differences, err := check.Routes(openapi.Admin, routes)
	if err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}
