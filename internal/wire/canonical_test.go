package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
)

func TestSection22EquivalentRequestsHaveTheSameCanonicalForm(t *testing.T) {
	parse := func(query, body string) *wire.Params {
		t.Helper()
		p, err := wire.ParseParams(query, "", []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	canonical := func(p *wire.Params) string { return string(p.Canonical("PUT", "/Actions")) }
	want := canonical(parse("", "Sku=a&Quantity=1&Note=x+y"))
	for name, p := range map[string]*wire.Params{
		"another order of the parameters":          parse("", "Note=x%20y&Quantity=1&Sku=a"),
		"names in another letter case":             parse("", "SKU=a&quantity=1&Note=x+y"),
		"JSON":                                     parse("", `{"Sku":"a","Quantity":1,"Note":"x y","Amount":null}`),
		"a query string":                           parse("Sku=a&Quantity=1&Note=x+y", ""),
		"the same value twice":                     parse("Sku=a", "Sku=a&Quantity=1&Note=x+y"),
		"parameters that affect the response only": parse("IrVersion=12&_method=PUT", "Sku=a&Quantity=1&Note=x+y"),
	} {
		if canonical(p) != want {
			t.Errorf("%s: %q, want %q", name, canonical(p), want)
		}
	}
	for name, p := range map[string]*wire.Params{
		"another value":                  parse("", "Sku=a&Quantity=2&Note=x+y"),
		"a value in another letter case": parse("", "Sku=A&Quantity=1&Note=x+y"),
		"an additional parameter":        parse("", "Sku=a&Quantity=1&Note=x+y&Foo="),
		"a missing parameter":            parse("", "Sku=a&Quantity=1"),
		"a second value":                 parse("Sku=b", "Sku=a&Quantity=1&Note=x+y"),
		"swapped values":                 parse("", "Sku=1&Quantity=a&Note=x+y"),
	} {
		if canonical(p) == want {
			t.Errorf("%s has the same canonical form", name)
		}
	}
	p := parse("", "Sku=a&Quantity=1&Note=x+y")
	if string(p.Canonical("DELETE", "/Actions")) == want || string(p.Canonical("PUT", "/Actions/1")) == want {
		t.Error("another method or path has the same canonical form")
	}
	if ignored := p.Ignored(); ignored != "Sku, Quantity, Note" {
		t.Errorf("ignored parameters are %q: Canonical must not mark parameters as read", ignored)
	}
}
