package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestAFailedRowNamesTheItemItIsAbout(t *testing.T) {
	for name, test := range map[string]struct {
		items []ledger.ItemChange
		want  string
	}{
		"the one item of a modification":                  {[]ledger.ItemChange{{SKU: "a"}}, "a"},
		"none of several, as any may be the one at fault": {[]ledger.ItemChange{{SKU: "a"}, {SKU: "b"}}, ""},
		"none of a modification without items":            {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := wire.Submission{Command: ledger.Modification{Items: test.items}}
			if got := wire.RowOf(s, 0).SKU; got != test.want {
				t.Errorf("the row names %q, want %q", got, test.want)
			}
		})
	}
}
