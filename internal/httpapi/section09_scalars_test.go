package httpapi_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestSection09Scalars(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=12345&Amount=12345678.9&Rebate=0.5&Reason=ORDER_UPDATE")
	s.exchangeAll(t, map[string]exchange{
		"numbers of 14 keep their digits":         {path: "/Actions/" + action, has: []string{`"Amount":12345681.62,`, `"Payout":493827.27,`, `"CampaignId":1000,`}},
		"strings of 13 keep their digits":         {path: "/Actions/" + action + "?IrVersion=13", has: []string{`"Amount":"12345681.62"`, `"CampaignId":"1000"`}},
		"money has the currency's digits":         {path: "/Actions/" + action + "/Items/12345", has: []string{`"Rebate":0.50,`, `"SaleAmount":"12345678.90"`}},
		"a quantity is a string in every version": {path: "/Actions/" + action + "/Items/12345?IrVersion=14", has: []string{`"Quantity":"2"`}},
		"a missing date is an empty string":       {path: "/Actions/" + action, has: []string{`"ReferringDate":"",`, `"ClearedDate":"",`}},
		"a missing number is 0 in 14":             {path: "/Actions/" + action, has: []string{`"AdId":0,`}},
		"a missing number is empty in XML":        {path: "/Actions/" + action + ".xml", has: []string{`<AdId></AdId>`}},
		"a locking date is a local midnight":      {path: "/Actions/" + action + ".xml", has: []string{`T00:00:00-08:00</LockingDate>`}},
		"the id of a campaign is a number":        {path: "/Campaigns/1000", has: []string{`{"Id":1000,`}},
		"the id of a partner is a string":         {path: "/MediaPartners/10001", has: []string{`{"Id":"10001",`}},
	})
	yen := serveAs(t, demo.SIDJapan)
	order := yen.action(t, "EXAMPLE-YEN")
	yen.exchangeAll(t, map[string]exchange{
		"yen have no digits":             {path: "/Actions/" + order, has: []string{`"Amount":2999,`, `"Currency":"JPY"`}},
		"yen have no digits in strings":  {path: "/Actions/" + order + "?IrVersion=13", has: []string{`"Amount":"2999",`}},
		"times are those of the account": {path: "/Actions/" + order, has: []string{`+09:00"`}},
		"its midnights are local":        {path: "/Actions/" + order, has: []string{`T00:00:00+09:00"`}},
	})
}
