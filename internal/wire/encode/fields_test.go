package encode_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestFieldsAreThoseOfTheResponses(t *testing.T) {
	e := encoder(t, wire.CurrentVersion)
	e.Format = wire.JSON
	a := wiretest.Action()
	for name, c := range map[string]struct {
		response []byte
		fields   []encode.Field
	}{
		"an action": {e.AppendAction(nil, a), e.ActionFields(nil, a)},
		"an item":   {e.AppendItem(nil, a, a.Items[0]), e.ItemFields(nil, a, a.Items[0])[7:]}, // after those of the action
		"an update": {e.AppendUpdate(nil, update(), a), e.UpdateFields(nil, update(), a)},
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
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
