package httpapi_test

import (
	"strings"
	"testing"
)

var longText = strings.Repeat("x", 256)

func TestSection12InvalidItemModificationsAreRejected(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const of, why = "ActionTrackerId=2240&OrderId=EXAMPLE-A&", "&Reason=ORDER_UPDATE"
	faulty := func(field, body string) exchange {
		return exchange{method: "PUT", path: "/Actions", contentType: form, body: body, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	s.exchangeAll(t, map[string]exchange{
		"no action":                            faulty("ActionId", "Sku=12345&Quantity=1"+why),
		"an event type without an order":       faulty("OrderId", "ActionTrackerId=2240&Sku=12345&Quantity=1"+why),
		"an order without an event type":       faulty("ActionTrackerId", "OrderId=EXAMPLE-A&Sku=12345&Quantity=1"+why),
		"an invalid ActionId":                  faulty("ActionId", "ActionId=17&Sku=12345&Quantity=1"+why),
		"no Reason":                            faulty("Reason", of+"Sku=12345&Quantity=1"),
		"another Reason than ORDER_UPDATE":     faulty("Reason", of+"Sku=12345&Quantity=1&Reason=ITEM_RETURNED"),
		"an empty Sku":                         faulty("Sku", of+"Sku=&Quantity=1"+why),
		"a Sku without a change":               faulty("Sku", of+"Sku=12345"+why),
		"a quantity without a Sku":             faulty("Sku", of+"Quantity=1"+why),
		"a number without its Sku":             faulty("Sku2", of+"Sku=12345&Quantity=1&Quantity2=1"+why),
		"a Sku named twice":                    faulty("Sku2", of+"Sku=12345&Quantity=1&Sku2=12345&Quantity2=2"+why),
		"Sku and Sku1 that differ":             faulty("Sku1", of+"Sku=12345&Sku1=67890&Quantity=1"+why),
		"a quantity below zero":                faulty("Quantity", of+"Sku=12345&Quantity=-1"+why),
		"a fractional quantity":                faulty("Quantity", of+"Sku=12345&Quantity=1.5"+why),
		"a quantity of 10 digits":              faulty("Quantity", of+"Sku=12345&Quantity=1234567890"+why),
		"an amount below zero":                 faulty("Amount", of+"Sku=12345&Amount=-1"+why),
		"an amount that is not a number":       faulty("Amount2", of+"Sku=12345&Quantity=1&Sku2=67890&Amount2=much"+why),
		"Amount with ItemSubTotalDelta":        faulty("ItemSubTotalDelta", of+"Sku=12345&Amount=1&ItemSubTotalDelta=1"+why),
		"Quantity with QuantityDelta":          faulty("QuantityDelta", of+"Sku=12345&Quantity=1&QuantityDelta=1"+why),
		"QuantityDelta with Amount":            faulty("QuantityDelta", of+"Sku=12345&Amount=1&QuantityDelta=1"+why),
		"Quantity 0 with an Amount":            faulty("Amount", of+"Sku=12345&Quantity=0&Amount=5"+why),
		"Quantity 0 with ItemSubTotalDelta":    faulty("ItemSubTotalDelta", of+"Sku=12345&Quantity=0&ItemSubTotalDelta=5"+why),
		"an alias with another value":          faulty("ItemQuantity", of+"Sku=12345&Quantity=1&ItemQuantity=2"+why),
		"a category of 256 characters":         faulty("Category", of+"Sku=12345&Category="+longText+why),
		"State, which requires DELETE":         faulty("State", of+"Sku=12345&Quantity=1&State=REVERSED"+why),
		"a body that contradicts the path":     {method: "PUT", path: "/Actions/1000.2240.1/Items/a", contentType: form, body: "Sku=b&Quantity=1" + why, status: 400},
		"an unnumbered Amount is the item's":   {method: "PUT", path: "/Actions", contentType: form, body: of + "Sku1=12345&Amount=5" + why},
		"numbers with a gap":                   {method: "PUT", path: "/Actions", contentType: form, body: of + "Sku=12345&Quantity=2&Sku7=67890&Quantity7=1" + why},
		"the spellings of a conversion":        {method: "PUT", path: "/Actions", contentType: form, body: of + "ItemSku1=12345&ItemQuantity1=2&ItemSku2=67890&ItemSubTotal2=2.72" + why},
		"Quantity 0 with Amount 0 is reversal": {method: "PUT", path: "/Actions", contentType: form, body: of + "Sku=none&Quantity=0&Amount=0" + why},
	})
}

func TestSection12ItemModifications(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "MOD")
	const lantern, why = "&Sku=LANTERN", "&Reason=ORDER_UPDATE"
	for _, c := range []struct{ name, body, code, item string }{
		{"a new quantity", lantern + "&Quantity=1", "", `"Quantity":"1","SaleAmount":"9.64"`},
		{"the original quantity restores the amount", lantern + "&Quantity=2", "", `"Quantity":"2","SaleAmount":"19.27"`},
		{"a new amount", lantern + "&Amount=15.00", "", `"Quantity":"2","SaleAmount":"15.00"`},
		{"a quantity and an amount", lantern + "&Quantity=3&Amount=30", "", `"Quantity":"3","SaleAmount":"30.00"`},
		{"a change of the amount", lantern + "&ItemSubTotalDelta=-5.00", "", `"Quantity":"3","SaleAmount":"25.00"`},
		{"a change of the quantity", lantern + "&QuantityDelta=-2", "", `"Quantity":"1","SaleAmount":"8.33"`},
		{"a new name, category and rebate", lantern + "&ItemName=Lamp&Category=Light&Rebate=1", "", `"ItemName":"Lamp","Category":"Light"`},
		{"a reversal", lantern + "&Quantity=0", "", `"Quantity":"0","SaleAmount":"0.00"`},
		{"an amount for a reversed item", lantern + "&Amount=5", "ITEM_REVERSED", ""},
		{"a negative quantity", lantern + "&QuantityDelta=-1", "QUANTITY_NEGATIVE", ""},
		{"a new quantity for a reversed item", lantern + "&Quantity=1", "", `"Quantity":"1","SaleAmount":"8.33"`},
		{"a negative amount", lantern + "&ItemSubTotalDelta=-9", "AMOUNT_NEGATIVE", ""},
		{"an unknown item", "&Sku=SHADE&Quantity=1", "ITEM_NOT_FOUND", ""},
		{"a modification is atomic", lantern + "&Quantity=2&Sku2=SHADE&Quantity2=1", "ITEM_NOT_FOUND", `"Quantity":"1","SaleAmount":"8.33"`},
		{"identifiers that disagree", lantern + "&Quantity=2&ActionTrackerId=2240&OrderId=EXAMPLE-A", "IDENTIFIER_MISMATCH", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+c.body+why); r.ErrorReason != c.code || (r.ErrorMessage == "") != (c.code == "") {
				t.Errorf("%s: %q %q", c.body, r.ErrorReason, r.ErrorMessage)
			}
			s.exchange(t, exchange{path: "/Actions/" + action + "/Items/LANTERN", has: []string{c.item}})
		})
	}
	t.Run("the payload has the identifiers of the path in their order", func(t *testing.T) {
		for range 8 {
			r := s.submit(t, "PUT", "/Actions/"+action+"/Items/LANTERN", "Quantity=1"+why)
			if want := "Quantity=1&Reason=ORDER_UPDATE&ActionId=" + action + "&Sku=LANTERN"; r.Payload != want {
				t.Fatalf("payload is %s, want %s", r.Payload, want)
			}
		}
	})
	t.Run("an unknown order", func(t *testing.T) {
		if r := s.submit(t, "PUT", "/Actions", "ActionTrackerId=2240&Oid=NOBODY"+lantern+"&Quantity=1"+why); r.ErrorReason != "ACTION_NOT_FOUND" {
			t.Errorf("%+v", r)
		}
	})
}
