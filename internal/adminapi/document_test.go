package adminapi_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

func TestRoutesMatchTheOpenAPIDocument(t *testing.T) {
	var routes []string
	for _, route := range adminapi.Routes() {
		routes = append(routes, strings.Replace(route, openapi.Admin, "", 1))
	}
	for _, r := range persons.Routes(nil, nil) {
		routes = append(routes, r.Method+" "+r.Path)
	}
	// These routes exist only with --emulate. A script of cmd/trueup covers them.
	routes = append(routes, "GET /faults", "PUT /faults", "DELETE /faults")
	differences, err := check.Routes(openapi.Admin, routes)
	if err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}
