package httpapi_test

import (
	"net/url"
	"strings"
	"testing"
)

// sale is a conversion without an order id and items.
const sale = "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10001&"

func TestSection17InvalidConversionsAreRejected(t *testing.T) {
	t.Parallel()
	s := serve(t)
	faulty := func(field, body string) exchange {
		return exchange{method: "POST", path: "/Conversions", contentType: form, body: body, status: 400, has: []string{`"Field":"` + field + `"`, `"field":"` + field + `"`}}
	}
	without := func(name string) string {
		values, _ := url.ParseQuery(sale + "OrderId=X&Amount=1")
		values.Del(name)
		return values.Encode()
	}
	const of = sale + "OrderId=X&"
	s.exchangeAll(t, map[string]exchange{
		"no campaign":                              faulty("CampaignId", without("CampaignId")),
		"no event date":                            faulty("EventDate", without("EventDate")),
		"no order id":                              faulty("OrderId", without("OrderId")),
		"no event type":                            faulty("EventTypeId", without("ActionTrackerId")),
		"no key for the attribution":               faulty("ClickId", without("MediaPartnerId")),
		"a future event date":                      faulty("EventDate", strings.Replace(of, "NOW", "2999-01-01", 1)+"Amount=1"),
		"event types that disagree":                faulty("ActionTrackerId", of+"EventTypeId=2241&Amount=1"),
		"MediaId and MediaPartnerId":               faulty("MediaId", of+"MediaId=10001&Amount=1"),
		"an order id of 65 characters":             faulty("OrderId", sale+"Amount=1&OrderId="+longText[:65]),
		"a click id of 65 characters":              faulty("ClickId", of+"Amount=1&ClickId="+longText[:65]),
		"a Sku of 256 characters":                  faulty("ItemSku1", of+"ItemPrice1=1&ItemSku1="+longText),
		"a price and a sub-total":                  faulty("ItemSubTotal2", of+"ItemSku1=a&ItemPrice1=1&ItemSku2=b&ItemPrice2=1&ItemSubTotal2=2"),
		"a quantity of 0":                          faulty("ItemQuantity1", of+"ItemSku1=a&ItemPrice1=1&ItemQuantity1=0"),
		"a price below zero":                       faulty("ItemPrice1", of+"ItemSku1=a&ItemPrice1=-1"),
		"discounts greater than the price":         faulty("ItemDiscount1", of+"ItemSku1=a&ItemPrice1=1&ItemDiscount1=2"),
		"an order discount greater than the total": faulty("OrderDiscount", of+"ItemSku1=a&ItemPrice1=1&OrderDiscount=2"),
		"a Sku twice in different categories":      faulty("ItemSku2", of+"ItemSku1=a&ItemPrice1=1&ItemCategory1=x&ItemSku2=a&ItemPrice2=1&ItemCategory2=y"),
		"a total that differs from the items":      faulty("Amount", of+"ItemSku1=a&ItemPrice1=1&Amount=3"),
		"an email that is not a hash":              faulty("CustomerEmail", of+"Amount=1&CustomerEmail=a@example.com"),
		"a text of 65 characters":                  faulty("Text7", of+"Amount=1&Text7="+longText[:65]),
		"an invalid number":                        faulty("Numeric2", of+"Amount=1&Numeric2=x"),
		"an invalid date":                          faulty("Date3", of+"Amount=1&Date3=x"),
		"a note of 256 characters":                 faulty("Note", of+"Amount=1&Note="+longText),
		"an unknown currency":                      faulty("CurrencyCode", of+"Amount=1&CurrencyCode=EURO"),
		"item number 0":                            faulty("ItemSku00", of+"ItemSku00=a&ItemPrice00=1"),
		"GET is not allowed":                       {path: "/Conversions", status: 405, wantHeader: map[string]string{"Allow": "POST"}},
		"a final amount with a discount":           faulty("ItemDiscountRate1", of+"Sku1=a&Amount1=5&ItemDiscountRate1=10"),
	})
}

func TestSection17Conversions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, c := range []struct{ name, body, code, want string }{
		{"a price by quantity", sale + "OrderId=1&ItemSku1=a&ItemPrice1=0.3333&ItemQuantity1=3", "", `"Amount":1.00,`},
		{"sub-totals less discounts", sale + "OrderId=2&ItemSku1=a&ItemSubTotal1=100&ItemQuantity1=2&ItemDiscount1=5&ItemDiscountRate1=10&ItemTotalDiscount1=1", "", `"Amount":80.00,`},
		{"the order's discounts", sale + "OrderId=3&ItemSku1=a&ItemSubTotal1=60&ItemSku2=b&ItemSubTotal2=40&OrderDiscountRate=10&OrderDiscount=9", "", `"Amount":81.00,`},
		{"older spellings, the first unnumbered", sale + "OrderId=4&Sku=a&Quantity=2&Amount=5&Category=c&Sku2=b&Amount2=6", "", `"Amount":11.00,`},
		{"a total over lines without prices", sale + "OrderId=5&ItemSku1=a&ItemQuantity1=1&ItemSku2=b&ItemQuantity2=3&Amount=10", "", `"Amount":10.00,`},
		{"without items there is an item ORDER", sale + "OrderId=6&Amount=7.50", "", `"Amount":7.50,`},
		{"shipping and tax pay nothing", sale + "OrderId=7&Amount=10&OrderShipping=5&OrderTax=2", "", `"Amount":10.00,`},
		{"MediaId, EventTypeId, Oid and Currency are aliases", "CampaignId=1000&EventTypeId=2240&EventDate=NOW&MediaId=10001&Oid=8&Amount=1&Currency=USD", "", `"Oid":"8"`},
		{"an event type by its code", "CampaignId=1000&EventTypeCode=BOX&EventDate=NOW&MediaPartnerId=10001&OrderId=9&Amount=1", "", `"ActionTrackerId":2241,`},
		{"the id overrides the code", sale + "EventTypeCode=BOX&OrderId=10&Amount=1", "", `"ActionTrackerId":2240,`},
		{"the owner of a promo code", "CampaignId=1000&EventTypeId=2240&EventDate=NOW&OrderPromoCode=trail&OrderId=11&Amount=1", "", `"MediaPartnerId":10003,`},
		{"a customer who clicked", "CampaignId=1000&EventTypeId=2240&EventDate=NOW&CustomerId=C-100001&OrderId=HS&Amount=1", "", `"ReferringType":"CLICK_COOKIE"`},
		{"a customer of a partner", sale + "OrderId=19&Amount=1&CustomerId=C-SECTION-17", "", `"ReferringType":"REPORTED_PARTNER_ID"`},
		{"a returning customer", "CampaignId=1000&EventTypeId=2240&EventDate=NOW&CustomerId=C-SECTION-17&OrderId=20&Amount=1", "", `"ReferringType":"ACTION"`},
		{"a generated order id", sale + "OrderId=IR_AN_64_TS&Amount=1", "", `"Oid":"`},
		{"the same order again", sale + "OrderId=6&Amount=7.50", "CONV_DUPLICATE", ""},
		{"an unknown campaign", "CampaignId=7&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10001&OrderId=12&Amount=1", "CAMPAIGN_NOT_FOUND", ""},
		{"an unknown event type", "CampaignId=1000&ActionTrackerId=7&EventDate=NOW&MediaPartnerId=10001&OrderId=13&Amount=1", "ACTIONTRACKER_NOT_FOUND", ""},
		{"an unknown partner", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=7&OrderId=14&Amount=1", "ACTION_REF_NOT_FOUND", ""},
		{"an unknown click credits the campaign's fallback partner", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&ClickId=x&OrderId=15&Amount=1", "", `"MediaPartnerId":10005,`},
		{"so do keys of other networks", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&GoogAId=x&OrderId=16&Amount=1", "", `"ReferringType":"REPORTED_PARTNER_ID"`},
		{"a made-up promo code falls through to the customer", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&PromoCode=MADE-UP&CustomerId=C-SECTION-17&OrderId=21&Amount=1", "", `"ReferringType":"ACTION"`},
		{"the first promo code of a list that is assigned", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&PromoCode=MADE-UP,+trail&ClickId=x&OrderId=22&Amount=1", "", `"MediaPartnerId":10003,`},
		{"the published minimum", sale + "OrderId=23", "", `"Amount":0.00,`},
		{"a discount without a priced item takes nothing off", sale + "OrderId=24&ItemSku1=a&ItemSku2=b&Amount=10&OrderDiscount=3", "", `"Amount":10.00,`},
		{"a date before the contract", "CampaignId=1000&ActionTrackerId=2240&EventDate=2019-01-01&MediaPartnerId=10001&OrderId=17&Amount=1", "CONTRACT_NOT_FOUND", ""},
		{"another currency than the account's", sale + "OrderId=18&Amount=1&CurrencyCode=CHF", "FX_RATE_NOT_FOUND", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.submit(t, "POST", "/Conversions", c.body)
			if r.ErrorReason != c.code || (r.ActionId == "") != (c.code != "") {
				t.Errorf("%s: %+v", c.body, r)
			}
			if c.want != "" {
				s.exchange(t, exchange{path: "/Actions/" + r.ActionId, has: []string{c.want}})
			}
		})
	}
	again := s.submit(t, "POST", "/Conversions", sale+"OrderId=6&Amount=7.50")
	for _, word := range []string{"OrderId", "duplicate"} {
		if !strings.Contains(again.ErrorMessage, word) {
			t.Errorf("%q is missing in %q, which clients search", word, again.ErrorMessage)
		}
	}
	order := s.action(t, "6")
	s.exchange(t, exchange{path: "/Actions/" + order + "/Items/ORDER", has: []string{`"Quantity":"1","SaleAmount":"7.50"`}})
	s.exchange(t, exchange{path: "/Actions/" + s.action(t, "23") + "/Items/ORDER", has: []string{`"Quantity":"1","SaleAmount":"0.00"`}})
	lines := s.action(t, "5")
	s.exchange(t, exchange{path: "/Actions/" + lines + "/Items/b", has: []string{`"SaleAmount":"7.50"`}})
}

func TestSection17AddressesInThePayloadAreHashed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	r := s.submit(t, "POST", "/Conversions", sale+"OrderId=IP&Amount=1&IpAddress=198.51.100.9")
	if strings.Contains(r.Payload, "198.51") || !strings.Contains(r.Payload, "IpAddress=") {
		t.Errorf("the payload is %s", r.Payload)
	}
}
