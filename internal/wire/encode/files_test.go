package encode_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestAFailedRowNamesItsItem(t *testing.T) {
	for name, test := range map[string]struct {
		items []ledger.ItemChange
		want  string
	}{
		"the only item of a modification": {[]ledger.ItemChange{{SKU: "a"}}, "a"},
		"no item if there are several":    {[]ledger.ItemChange{{SKU: "a"}, {SKU: "b"}}, ""},
		"no item if there are none":       {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := encode.Submission{Command: ledger.Modification{Items: test.items}}
			if got := encode.RowSubject(s, 0).SKU; got != test.want {
				t.Errorf("the row names %q, want %q", got, test.want)
			}
		})
	}
}
