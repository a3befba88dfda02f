package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection4EveryEncodingDecodesToTheSameModification(t *testing.T) {
	const body = "ActionId=1000.4636.158133&Sku=caf%C3%A9%2F1;2&Quantity=1&Amount=15.00&Reason=ORDER_UPDATE"
	want, err := wire.DecodeModification(wiretest.Params(t, body), env)
	if err != nil {
		t.Fatal(err)
	}
	if got := want.Items[0].SKU; got != "café/1;2" {
		t.Fatalf("SKU is %q", got)
	}
	object := `{"ActionId":"1000.4636.158133","Sku":"caf\u00e9/1;2","Quantity":1.0,"Amount":1.5E1,"Reason":"ORDER_UPDATE","Note":null}`
	requests := map[string]struct{ parameters, contentType, body string }{
		"a form":                               {"", form, body},
		"a form with a charset":                {"", form + "; charset=UTF-8", body},
		"a body without a content type":        {"", "", body},
		"a query string with an empty body":    {body, "application/json", "  "},
		"JSON":                                 {"", "application/json; charset=utf-8", object},
		"JSON without a content type":          {"", "", " " + object},
		"JSON with the content type of a form": {"", form, object},
		"a query string and a body":            {"Reason=ORDER_UPDATE&Sku=café%2F1;2", form, strings.Replace(body, "&Reason=ORDER_UPDATE", "", 1)},
		"names in another letter case":         {"", form, strings.ToLower(strings.Split(body, "Reason")[0][:8]) + body[8:]},
		"the same values in other spellings":   {"QUANTITY=1.0&amount=15&quantity=01", form, body},
	}
	for name, r := range requests {
		t.Run(name, func(t *testing.T) {
			p, err := wire.ParseParams(r.parameters, r.contentType, []byte(r.body))
			if err != nil {
				t.Fatal(err)
			}
			got, err := wire.DecodeModification(p, env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSection4MalformedRequestsAreRejected(t *testing.T) {
	const json = "application/json"
	cases := map[string]struct {
		parameters, contentType, body string
		status                        int
		field                         string
	}{
		"a nested object":          {"", json, `{"Sku":{"a":1}}`, 400, "Sku"},
		"a nested array":           {"", json, `{"Sku":[1]}`, 400, "Sku"},
		"an array":                 {"", json, `[]`, 400, ""},
		"a text":                   {"", json, `"a"`, 400, ""},
		"text after the object":    {"", json, `{"Sku":"1"} x`, 400, ""},
		"a second object":          {"", json, `{"Sku":"1"}{}`, 400, ""},
		"an unfinished object":     {"", json, `{"Sku":"1"`, 400, ""},
		"an unfinished name":       {"", json, `{"Sku`, 400, ""},
		"a name without a value":   {"", json, `{"Sku"}`, 400, ""},
		"bad UTF-8 in JSON":        {"", json, "{\"Sku\":\"\xff\"}", 400, "Sku"},
		"half of a surrogate pair": {"", json, `{"Sku":"\ud800"}`, 400, "Sku"},
		"NUL in JSON":              {"", json, `{"Sku":"\u0000"}`, 400, "Sku"},
		"an exponent out of range": {"", json, `{"Amount":1e999}`, 400, "Amount"},
		"bad UTF-8 in a form":      {"", form, "Sku=%ff", 400, "Sku"},
		"NUL in a query":           {"Sku=%00", "", "", 400, "Sku"},
		"a malformed escape":       {"Sku=%zz", "", "", 400, "Sku"},
		"too many parameters":      {strings.Repeat("a=1&", wire.MaxParameters+1), "", "", 400, ""},
		"another media type":       {"", "text/csv", "a=1", 415, ""},
		"a malformed media type":   {"", ";", "a=1", 415, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := wire.ParseParams(c.parameters, c.contentType, []byte(c.body))
			var e *wire.Error
			if !errors.As(err, &e) || e.Status != c.status {
				t.Fatalf("error is %v, want status %d", err, c.status)
			}
			if c.field != "" && (len(e.Fields) != 1 || e.Fields[0].Field != c.field) {
				t.Errorf("field errors are %v, want one of %s", e.Fields, c.field)
			}
		})
	}
}

func TestSection4IgnoredParametersAreListed(t *testing.T) {
	p := wiretest.Params(t, "ActionId=1.2.3&DispositionCode=OTHER&Strange=1&b%0D%0AX:y=2&_method=DELETE&IrVersion=13&"+strings.Repeat("x", 100)+"=1")
	if _, err := wire.DecodeReversal(p, env); err != nil {
		t.Fatal(err)
	}
	want := "Strange, b%0D%0AX%3Ay, " + strings.Repeat("x", 64) + "..."
	if got := p.Ignored(); got != want {
		t.Errorf("Ignored() is %q, want %q", got, want)
	}
	var many strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&many, "unknown%d=1&", i)
	}
	if got := wiretest.Params(t, many.String()).Ignored(); len(got) > 1010 || !strings.HasSuffix(got, "...") {
		t.Errorf("the header has %d bytes", len(got))
	}
}

func TestSection16ThePayloadHasTheParametersReadAndNoIPAddress(t *testing.T) {
	p := wiretest.Params(t, "_method=PUT&IrVersion=14&AuthToken=secret&campaignid=1000&ActionTrackerId=2240&OrderId=a%26b&EventDate=NOW&MediaPartnerId=9&IpAddress=10.0.0.1&Amount=5"+
		"&DeviceIp=10.0.0.2&AppUserEmail=a%40b.c&AppSecret=s&DeviceModel=X1")
	c, err := wire.DecodeConversion(p, env)
	if err != nil {
		t.Fatal(err)
	}
	if c.IPHash != "h10.0.0.1" {
		t.Errorf("the hash is %q", c.IPHash)
	}
	want := "campaignid=1000&ActionTrackerId=2240&OrderId=a%26b&EventDate=NOW&MediaPartnerId=9&IpAddress=h10.0.0.1&Amount=5&DeviceModel=X1"
	if got := p.Payload(); got != want {
		t.Errorf("the payload is\n%s\nwant\n%s", got, want)
	}
}
