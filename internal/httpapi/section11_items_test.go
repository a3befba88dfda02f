package httpapi_test

import (
	"net/url"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection11Items(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	inOrder(t, s.exchange(t, exchange{path: "/Actions/" + action + "/Items/12345"}), wiretest.FieldNames("ActionItem"))
	odd := url.Values{
		"CampaignId": {"1000"}, "ActionTrackerId": {"2240"}, "EventDate": {"NOW"}, "MediaPartnerId": {"10001"}, "OrderId": {"ODD"},
		"ItemSku1": {"a/b"}, "ItemPrice1": {"1"}, "ItemSku2": {"ein Ding 抹茶"}, "ItemPrice2": {"2"}, "ItemSku3": {".."}, "ItemPrice3": {"3"},
		"ItemSku4": {"x.json"}, "ItemPrice4": {"4"}, "ItemSku5": {"50%&+"}, "ItemPrice5": {"5"},
	}
	items := "/Actions/" + s.submit(t, "POST", "/Conversions", odd.Encode()).ActionId + "/Items"
	s.exchangeAll(t, map[string]exchange{
		"in recorded order":                 {path: "/Actions/" + action + "/Items", has: []string{`"@total":"2"`}},
		"quantity and revenue are strings":  {path: "/Actions/" + action + "/Items/12345", has: []string{`"Quantity":"2","SaleAmount":"19.27","SaleAmountCurrency":"USD","Payout":0.77,"PayoutCurrency":"USD"`}},
		"a Sku with a slash":                {path: items + "/a%2Fb", has: []string{`"Sku":"a/b"`, `/Items/a%2Fb"`}},
		"a Sku with spaces and any Unicode": {path: items + "/ein%20Ding%20%E6%8A%B9%E8%8C%B6", has: []string{`"Sku":"ein Ding 抹茶"`}},
		"a Sku of two dots":                 {path: items + "/%2E%2E", has: []string{`"Sku":".."`, `/Items/%2E%2E"`}},
		"a Sku that looks like a suffix":    {path: items + "/x%2Ejson", has: []string{`"Sku":"x.json"`, `/Items/x%2Ejson"`}},
		"a Sku with reserved characters":    {path: items + "/50%25&+", has: []string{`"Sku":"50%&+"`}},
		"an unknown Sku":                    {path: items + "/none", status: 404},
		"a Sku is case-sensitive":           {path: items + "/A%2FB", status: 404},
		"items of an unknown action":        {path: "/Actions/1000.2240.99999999/Items", status: 404},
		"an unchanged item has no dates":    {path: items + "/a%2Fb", has: []string{`"AdjustmentDate":"","AdjustmentReason":""`}},
	})
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=67890&Quantity=0&Reason=ORDER_UPDATE")
	s.exchangeAll(t, map[string]exchange{
		"a reversed item stays listed": {path: "/Actions/" + action + "/Items", has: []string{`"@total":"2"`, `"Quantity":"0","SaleAmount":"0.00"`, `"AdjustmentReason":"ORDER_UPDATE"`}},
	})
}
