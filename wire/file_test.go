package wire_test

import (
	"testing"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/wire"
)

func TestAFailedRowNamesTheItemItIsAbout(t *testing.T) {
	for name, test := range map[string]struct {
		items []trueup.ItemChange
		want  string
	}{
		"the one item of a modification":                  {[]trueup.ItemChange{{SKU: "a"}}, "a"},
		"none of several, as any may be the one at fault": {[]trueup.ItemChange{{SKU: "a"}, {SKU: "b"}}, ""},
		"none of a modification without items":            {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := wire.Submission{Command: trueup.Modification{Items: test.items}}
			if got := wire.RowOf(s, 0).SKU; got != test.want {
				t.Errorf("the row names %q, want %q", got, test.want)
			}
		})
	}
}
