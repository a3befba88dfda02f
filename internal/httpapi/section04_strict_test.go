package httpapi_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestSection04AStrictTokenMakesUnknownParametersAnError(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "STRICT")
	batch := s.batch(t)
	strict := s.as(t, store.TokenRequest{Account: demo.Account, Strict: true}, nil)
	refused := func(e exchange, has ...string) exchange {
		e.status, e.has = 400, has
		return e
	}
	post := func(body string) exchange {
		return exchange{method: "POST", path: "/Conversions", contentType: form, body: body}
	}
	cases := map[string]exchange{
		"a misspelled price": refused(post(sale+"OrderId=S1&ItemSku1=A&ItemSubTotl1=5"),
			`{"Field":"ItemSubTotl1","Message":"Not a parameter of this request: did you mean ItemSubTotal?"}`),
		"in JSON": refused(exchange{method: "PUT", path: "/Actions", contentType: "application/json", body: `{"ActionId":"` + action + `","Sku":"LANTERN","Quantty":1,"Reason":"ORDER_UPDATE"}`},
			`"Field":"Quantty","Message":"Not a parameter of this request: did you mean Quantity?"`),
		"a misspelled date filter": refused(exchange{path: "/ActionUpdates?StartDat=2026-10-01&EndDate=2026-10-02"}, `did you mean StartDate?`),
		"an unreadable date":       refused(exchange{path: "/APISubmissions?StartDate=10/01/2026&EndDate=2026-10-02"}, `"Field":"StartDate"`),
		"an object":                refused(exchange{path: "/CompanyInformation?Foo=1"}, `"Field":"Foo","Message":"Not a parameter of this request."`),
		"an action":                refused(exchange{path: "/Actions/" + action + "?AsOff=2026-10-01"}, `"Field":"AsOff"`),
		"an empty collection":      refused(exchange{path: "/Deals?Foo=1"}, `"Field":"Foo"`),
		"a dry run":                refused(post(sale+"OrderId=S2&Amount=5&DryRun=true&Foo=1"), `"Field":"Foo"`),
		"an undo":                  refused(exchange{method: "POST", path: "/APISubmissions/" + batch + "/Undo", contentType: form, body: "Foo=1"}, `"Field":"Foo"`),
		"pages of items":           {path: "/Actions/" + action + "/Items?Page=1&PageSize=100"},
		"an unknown one of items":  refused(exchange{path: "/Actions/" + action + "/Items?Pag=1"}, `did you mean Page?`),
		"known parameters":         {path: "/Actions/" + action + "?AsOf=2026-10-01&IrVersion=13", status: 404},
		"an order":                 {method: "POST", path: "/Conversions", contentType: form, body: sale + "OrderId=S3&ItemSku1=A&ItemSubTotal1=5&Text3=x&DeviceOs=y"},
		"a method in a parameter":  {method: "POST", path: "/Actions/" + action + "/Items/WICK", contentType: form, body: "_method=PUT&Quantity=2&Reason=ORDER_UPDATE"},
	}
	strict.exchangeAll(t, cases)
	t.Run("another token", func(t *testing.T) {
		e := cases["a misspelled price"]
		e.status, e.has, e.wantHeader = 200, nil, map[string]string{"Trueup-Ignored-Parameters": "ItemSubTotl1", "Trueup-Unpriced-Lines": "1"}
		s.exchange(t, e)
	})
}

func TestSection17UnpricedLinesAreCounted(t *testing.T) {
	t.Parallel()
	s := serve(t)
	count := func(body, want string) exchange {
		return exchange{method: "POST", path: "/Conversions", contentType: form, body: sale + body, wantHeader: map[string]string{"Trueup-Unpriced-Lines": want}}
	}
	s.exchangeAll(t, map[string]exchange{
		"two of three lines":         count("OrderId=U1&ItemSku1=A&ItemSku2=B&ItemSku3=C&ItemPrice3=1", "2"),
		"no line":                    count("OrderId=U2&ItemSku1=A&ItemSubTotal1=0", ""),
		"lines that share an Amount": count("OrderId=U3&ItemSku1=A&ItemSku2=B&Amount=9", ""),
		"a dry run":                  count("OrderId=U4&ItemSku1=A&DryRun=true", "1"),
	})
}
