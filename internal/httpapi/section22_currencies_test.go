package httpapi_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

func TestSection22OrdersInAnotherCurrency(t *testing.T) {
	t.Parallel()
	s := serve(t)
	_, err := s.store.Record(t.Context(), demo.Account, time.Now(), testEvent, func(r *program.Reference, at time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{RateTables: []program.RateTable{{
			Date: program.DateOf(at, r.Zone()), Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.13353"},
		}}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	order := s.submit(t, "POST", "/Conversions", sale+"OrderId=EUR&CurrencyCode=EUR&ItemSku1=a&ItemSubTotal1=17.01&ItemQuantity1=2&ItemRebate1=1").ActionId
	s.exchangeAll(t, map[string]exchange{
		"an export of actions": {path: "/Exports/Actions?ResultFormat=JSONL&ActionId=" + order, has: []string{`"OriginalAmount":"17.01","OriginalCurrency":"EUR"`}},
		"an export of items":   {path: "/Exports/Items?ResultFormat=JSONL&ActionId=" + order, has: []string{`"OriginalAmount":"17.01","OriginalCurrency":"EUR"`}},
	})
	path := "/Actions/" + order
	s.exchange(t, exchange{path: path, has: []string{`"Amount":19.28,`, `"Currency":"USD"`, `"OriginalAmount":17.01,"OriginalCurrency":"EUR","ExchangeRate":"1.13353"`}})
	s.exchange(t, exchange{path: path + ".xml", has: []string{"<OriginalAmount>17.01</OriginalAmount>"}})
	s.exchange(t, exchange{path: path + "/Items/a", has: []string{`"SaleAmount":"19.28"`, `"OriginalAmount":"17.01","OriginalCurrency":"EUR"`}})
	for _, c := range []struct{ body, code, want string }{
		{"Sku=a&Amount=15&currencyCode=EUR", "", `"Amount":17.00,`},
		{"Sku=a&Amount=15", "", `"OriginalAmount":13.23,`},
		{"Sku=a&ItemSubTotalDelta=-1&currencyCode=eur", "", `"OriginalAmount":12.23,`},
		{"Amount=10&currencyCode=EUR", "", `"Amount":11.34,`},
		{"Amount=10&currencyCode=GBP", "CURRENCY_MISMATCH", ""},
		{"Amount=0&currencyCode=EUR", "", `"OriginalAmount":0.00,`},
	} {
		r := s.submit(t, "PUT", "/Actions", "ActionId="+order+"&Reason=ORDER_UPDATE&"+c.body)
		if r.ErrorReason != c.code {
			t.Errorf("%s: %+v", c.body, r)
		}
		if c.want != "" {
			s.exchange(t, exchange{path: path, has: []string{c.want}})
		}
	}
}
