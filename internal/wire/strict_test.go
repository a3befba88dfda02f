package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection4AStrictDecoderRejectsUnknownParameters(t *testing.T) {
	decode := map[string]func(p *wire.Params, env wire.Env) error{
		"conversion":   func(p *wire.Params, env wire.Env) error { _, err := wire.DecodeConversion(p, env); return err },
		"modification": func(p *wire.Params, env wire.Env) error { _, err := wire.DecodeModification(p, env); return err },
		"reversal":     func(p *wire.Params, env wire.Env) error { _, err := wire.DecodeReversal(p, env); return err },
		"actions":      func(p *wire.Params, env wire.Env) error { _, err := query.DecodeActions(p, env); return err },
		"nothing":      wire.CheckNoParameters,
	}
	const order = forConversion + "MediaPartnerId=9&Amount=1&"
	for name, c := range map[string]struct {
		request, query string
		want           []string
	}{
		"known parameters":                    {"conversion", order + "ItemSku2=A&ItemSubTotal2=1&Text50=t&DeviceOs=x&IrVersion=14&_method=POST", nil},
		"a misspelled item parameter":         {"conversion", order + "ItemSubTotl1=5", []string{"ItemSubTotl1: Not a parameter of this request: did you mean ItemSubTotal?"}},
		"several":                             {"conversion", order + "Foo=1&CustomrId=2", []string{"CustomrId: Not a parameter of this request: did you mean CustomerId?", "Foo: Not a parameter of this request."}},
		"a number after a name without items": {"conversion", order + "CampaignId2=1", []string{"CampaignId2: Not a parameter of this request: did you mean CampaignId?"}},
		"an error besides": {
			"modification", forItem + "Sku=A&Quantity=x&Quantty2=1",
			[]string{"Quantity: Not a whole number.", "Quantty2: Not a parameter of this request: did you mean Quantity?"},
		},
		"a synonym after an error":       {"modification", forItem + "Sku=A&Quantity=x&ItemQuantity=1", []string{"Quantity: Not a whole number."}},
		"a misspelled Sku":               {"modification", forItem + "Skuu=A&Amount=1", []string{"Skuu: Not a parameter of this request: did you mean Sku?"}},
		"a parameter of another request": {"reversal", byID + "DispositionCode=OTHER&ClickId=1", []string{"ClickId: Not a parameter of this request."}},
		"a misspelled date filter":       {"actions", "StartDat=2026-10-01&EndDate=2026-10-02", []string{"StartDat: Not a parameter of this request: did you mean StartDate?", "StartDate: Required with EndDate."}},
		"an unreadable date filter":      {"actions", "StartDate=10/01/2026&EndDate=2026-10-02", []string{"StartDate: Not a timestamp"}},
		"a page":                         {"actions", "Page=2&PageSize=5&Cursor=", nil},
		"an object without parameters":   {"nothing", "Page=2", []string{"Page: Not a parameter of this request."}},
	} {
		t.Run(name, func(t *testing.T) {
			strict := env
			strict.Strict = true
			err := decode[c.request](wiretest.Params(t, c.query), strict)
			if c.want == nil && err != nil {
				t.Error(err)
			} else if c.want != nil {
				wiretest.CheckErrors(t, err, c.want...)
			}
			if err := decode[c.request](wiretest.Params(t, c.query), env); err != nil && strings.Contains(err.Error(), "Not a parameter") {
				t.Errorf("a decoder that is not strict: %v", err)
			}
		})
	}
}

func TestSection4AStrictDecoderKnowsTheItemsOfALongRequest(t *testing.T) {
	strict := env
	strict.Strict = true
	lines := make([]string, wire.MaxItems+1)
	for i := range lines {
		lines[i] = fmt.Sprintf("ItemSku%[1]d=%[1]d&ItemPrice%[1]d=1", i+1)
	}
	_, err := wire.DecodeConversion(wiretest.Params(t, forConversion+"MediaPartnerId=9&"+strings.Join(lines, "&")), strict)
	wiretest.CheckErrors(t, err, "ItemSku: At most 1000 items")
}
