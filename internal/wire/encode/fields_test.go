package encode_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestFieldsAreThoseOfTheResponses(t *testing.T) {
	e := encoder(t, wire.CurrentVersion)
	e.Format = wire.JSON
	a := wiretest.Action()
	foreign := wiretest.Action()
	foreign.Original = ledger.Original{Currency: "EUR", Rate: "1.1", Amount: 1999}
	foreign.Items[0].Original = 1752
	none := [][2]string{{"OriginalAmount", ""}, {"OriginalCurrency", ""}, {"ExchangeRate", ""}}
	for name, c := range map[string]struct {
		response []byte
		fields   []encode.Field
		// more are fields that the response lacks.
		more [][2]string
	}{
		"an action": {e.AppendAction(nil, a, ""), e.ActionFields(nil, a, ""), none},
		"an item":   {e.AppendItem(nil, a, a.Items[0]), e.ItemFields(nil, a, a.Items[0])[7:], none}, // after those of the action

		"an action in another currency": {e.AppendAction(nil, foreign, ""), e.ActionFields(nil, foreign, ""), nil},
		"an item in another currency":   {e.AppendItem(nil, foreign, foreign.Items[0]), e.ItemFields(nil, foreign, foreign.Items[0])[7:], nil},

		"an update": {e.AppendUpdate(nil, update(), a), e.UpdateFields(nil, update(), a), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var want, got [][2]string
			for _, m := range wiretest.ReadJSON(t, c.response) {
				if m.Number && m.Value == "0" { // a missing id
					m.Value = ""
				}
				if !strings.HasSuffix(m.Name, "Uri") {
					want = append(want, [2]string{m.Name, m.Value})
				}
			}
			for _, f := range c.fields {
				got = append(got, [2]string{f.Name, string(f.AppendText(nil, e.Reference.Zone()))})
			}
			want = append(want, c.more...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
