package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

func TestSection7AnErrorHasAText(t *testing.T) {
	err := wire.Invalid(wire.FieldError{Field: "Sku", Message: "Required"})
	if got := err.Error(); got != "400 Validation Failed; Sku: Required." {
		t.Error(got)
	}
	rejection := &rejection.Rejection{Code: rejection.CodeMalformed, Message: "Send less."}
	wiretest.CheckErrors(t, wire.Rejected(wiretest.Params(t, ""), rejection), "Send less.")
}

func TestSection6AnErrorOfATooLongListNamesTheRemedy(t *testing.T) {
	wiretest.CheckErrors(t, wire.TooManyResults(search.Page{Size: 20_000, MaxTotal: 200_000}),
		"More than 200000 objects match: narrow the dates or raise PageSize")
}
