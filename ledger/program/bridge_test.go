package program_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestABridgeCreditsByTheKeysThatItHas(t *testing.T) {
	code := program.PromoCode{Campaign: 1, Code: "LAMPS"}
	r := &program.Reference{PromoCodes: map[program.PromoKey]program.PromoCode{code.Key(): code}}
	for _, test := range []struct {
		name    string
		partner int64
		codes   []string
		click   string
		want    program.AttributionKeys
		ok      bool
	}{
		{"a code of the campaign", 7, []string{"LAMPS"}, "", program.AttributionKeys{PromoCode: "LAMPS"}, true},
		{"the first of the codes that the campaign has", 7, []string{"OTHER", "LAMPS"}, "", program.AttributionKeys{PromoCode: "LAMPS"}, true},
		{"a code in another case", 7, []string{"lamps"}, "", program.AttributionKeys{PromoCode: "lamps"}, true},
		{"a click", 7, nil, "c", program.AttributionKeys{Click: "c"}, true},
		{"a click and a code", 7, []string{"LAMPS"}, "c", program.AttributionKeys{PromoCode: "LAMPS", Click: "c"}, true},
		{"a code that the campaign doesn't have", 7, []string{"OTHER"}, "", program.AttributionKeys{Partner: 7}, true},
		{"a code that the campaign doesn't have, and a click", 7, []string{"OTHER"}, "c", program.AttributionKeys{Click: "c"}, true},
		{"nothing, with a partner", 7, nil, "", program.AttributionKeys{Partner: 7}, true},
		{"nothing at all", 0, nil, "", program.AttributionKeys{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.want.Campaign = 1
			got, ok := program.Bridge{Campaign: 1, Partner: test.partner}.Credits(test.codes, test.click, r)
			if got != test.want || ok != test.ok {
				t.Errorf("the keys are %+v, %t, want %+v, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestShopsOfWooCommerceNeedEventTypesOfTheirOwn(t *testing.T) {
	woo := program.Bridge{ID: 1, Platform: program.PlatformWooCommerce, EventType: 5}
	for _, test := range []struct {
		name  string
		b     program.Bridge
		other program.Bridge
		want  int64
	}{
		{"two shops on an event type", program.Bridge{ID: 2, Platform: program.PlatformWooCommerce, EventType: 5}, woo, 1},
		{"the same shop", woo, woo, 0},
		{"another event type", program.Bridge{ID: 2, Platform: program.PlatformWooCommerce, EventType: 6}, woo, 0},
		{"another platform", program.Bridge{ID: 2, Platform: program.PlatformWooCommerce, EventType: 5}, program.Bridge{ID: 1, Platform: program.PlatformStripe, EventType: 5}, 0},
		{"two shops of Shopify", program.Bridge{ID: 2, Platform: program.PlatformShopify, EventType: 5}, program.Bridge{ID: 1, Platform: program.PlatformShopify, EventType: 5}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &program.Reference{Bridges: map[int64]program.Bridge{test.other.ID: test.other}}
			if got := test.b.Collision(r); got != test.want {
				t.Errorf("the collision is %d, want %d", got, test.want)
			}
		})
	}
}
