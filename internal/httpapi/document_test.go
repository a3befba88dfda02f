package httpapi_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

func TestRoutesMatchTheOpenAPIDocument(t *testing.T) {
	differences, err := check.Routes(openapi.Brand, httpapi.Routes())
	if err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}
