package platform_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/internal/bridge/platform"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var shop = program.Bridge{Click: program.DefaultClickName, PromoCode: program.DefaultPromoCodeName}

func body(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// topics are the headers that name the topic of a webhook.
var topics = map[program.Platform]string{program.PlatformShopify: "X-Shopify-Topic", program.PlatformWooCommerce: "X-WC-Webhook-Topic"}

func decode(p program.Platform, topic, text string) (bridge.Event, error) {
	header := func(name string) string {
		if name == topics[p] {
			return topic
		}
		return ""
	}
	return platform.All[p].Decode(platform.Webhook{Header: header, Body: []byte(text)}, shop)
}

func decimal(t *testing.T, s string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPublishedBodiesAreDecoded(t *testing.T) {
	d := func(s string) money.Decimal { return decimal(t, s) }
	at := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	line := func(id, sku string, quantity int64, amount string) bridge.Line {
		return bridge.Line{ID: id, SKU: sku, Quantity: quantity, Amount: d(amount)}
	}
	const intent = "pi_3MtwBwLkdIwHu7ix28a3tqPa"
	tests := map[string]struct {
		platform    program.Platform
		topic, file string
		want        bridge.Event
	}{
		"an order of Shopify": {program.PlatformShopify, "orders/create", "shopify-order", bridge.Event{Order: "450789469", Placed: &bridge.Placed{
			Version: at("2026-01-10T11:00:00-05:00"), Date: at("2026-01-10T11:00:00-05:00"), Currency: "USD", Total: d("603.94"),
			Codes: []string{"TENOFF"}, Click: "click-7", Lines: []bridge.Line{
				line("466157049", "IPOD2008GREEN", 1, "195.66"), line("518995019", "IPOD2008RED", 1, "195.67"), line("703073504", "IPOD2008BLACK", 1, "195.67"),
			},
		}}},
		"a refund of a line at Shopify, without its shipping": {program.PlatformShopify, "refunds/create", "shopify-refund", bridge.Event{
			Order: "450789469", Refunds: []bridge.Refund{{ID: "509562969", Lines: []bridge.RefundLine{{Line: "703073504", Quantity: 1, Amount: d("195.67"), Tax: d("3.98")}}, Other: d("5")}},
		}},
		"a refund without lines at Shopify": {program.PlatformShopify, "refunds/create", "shopify-goodwill", bridge.Event{
			Order: "450789469", Refunds: []bridge.Refund{{ID: "929361465", Gross: d("10.01")}},
		}},
		"an order of WooCommerce": {program.PlatformWooCommerce, "order.created", "woocommerce-order", bridge.Event{Order: "727", Complete: true, Placed: &bridge.Placed{
			Version: at("2026-01-10T19:28:08Z"), Date: at("2026-01-10T19:28:02Z"), Currency: "USD", Total: d("29.35"), Codes: []string{"tenoff"}, Click: "click-7",
			Lines: []bridge.Line{line("315", "93", 2, "6"), line("316", "Bar3", 1, "12")},
		}}},
		"a session of Stripe": {program.PlatformStripe, "", "stripe-session", bridge.Event{Order: intent, Placed: &bridge.Placed{
			Version: time.Unix(2, 0).UTC(), Date: time.Unix(1768060700, 0).UTC(), Currency: "USD", Total: d("27.73"), Amount: d("21.98"), Codes: []string{"TENOFF"}, Click: "click-7",
		}}},
		"a payment intent of Stripe": {program.PlatformStripe, "", "stripe-intent", bridge.Event{Order: intent, Placed: &bridge.Placed{
			Version: time.Unix(1, 0).UTC(), Date: time.Unix(1768060690, 0).UTC(), Currency: "USD", Total: d("27.73"), Amount: d("27.73"),
		}}},
		"a refund of Stripe": {program.PlatformStripe, "", "stripe-refund", bridge.Event{
			Order: intent, Refunds: []bridge.Refund{{ID: "re_1Nispe2eZvKYlo2Cd31jOCgZ", Gross: d("10")}},
		}},
		"a refunded charge of Stripe": {program.PlatformStripe, "", "stripe-charge", bridge.Event{Order: intent, Refunded: d("10")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := decode(test.platform, test.topic, body(t, test.file))
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("error %v, event (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestVariantsOfBodiesAreDecoded(t *testing.T) {
	amounts := func(p *bridge.Placed) (list []string) {
		for _, l := range p.Lines {
			list = append(list, fmt.Sprint(l.SKU, " ", l.Quantity, " ", l.Amount))
		}
		return append(list, fmt.Sprint(p.Amount, " of ", p.Total))
	}
	tests := map[string]struct {
		platform                   program.Platform
		topic, file, replace, with string
		want                       string
	}{
		"tax is taken out of prices that include it": {
			program.PlatformShopify, "orders/create", "shopify-order", `"taxes_included":false`, `"taxes_included":true`,
			"[IPOD2008GREEN 1 191.68 IPOD2008RED 1 191.69 IPOD2008BLACK 1 191.69 0 of 603.94]",
		},
		"a line without a SKU has its variant's id": {
			program.PlatformShopify, "orders/create", "shopify-order", `"sku":"IPOD2008GREEN"`, `"sku":null`,
			"[39072856 1 195.66 IPOD2008RED 1 195.67 IPOD2008BLACK 1 195.67 0 of 603.94]",
		},
		"a line without a quantity is left out": {
			program.PlatformWooCommerce, "order.updated", "woocommerce-order", `"quantity":1`, `"quantity":0`, "[93 2 6 0 of 29.35]",
		},
		"yen have no minor units at Stripe": {
			program.PlatformStripe, "", "stripe-intent", `"usd"`, `"jpy"`, "[2773 of 2773]",
		},
		"dinars have three digits at Stripe": {
			program.PlatformStripe, "", "stripe-intent", `"usd"`, `"kwd"`, "[2.773 of 2.773]",
		},
		"Stripe counts ISK in hundredths": {
			program.PlatformStripe, "", "stripe-intent", `"usd"`, `"isk"`, "[27.73 of 27.73]",
		},
		"less than a unit": {
			program.PlatformStripe, "", "stripe-intent", `"amount_received":2773`, `"amount_received":7`, "[0.07 of 0.07]",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(body(t, test.file), test.replace, test.with, 1)
			e, err := decode(test.platform, test.topic, text)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(amounts(e.Placed)); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestAClickThatIsTooLongIsLeftOut(t *testing.T) {
	for p, call := range map[program.Platform][2]string{
		program.PlatformShopify: {"orders/create", "shopify-order"}, program.PlatformWooCommerce: {"order.created", "woocommerce-order"}, program.PlatformStripe: {"", "stripe-session"},
	} {
		for click, want := range map[string]string{strings.Repeat("c", 64): strings.Repeat("c", 64), strings.Repeat("c", 65): ""} {
			e, err := decode(p, call[0], strings.Replace(body(t, call[1]), "click-7", click, 1))
			if err != nil || e.Placed.Click != want {
				t.Errorf("%s: %d characters: %+v, error %v", p, len(click), e.Placed, err)
			}
		}
	}
}

func TestStatesOfWooCommerce(t *testing.T) {
	for status, want := range map[string]string{
		"pending": "unpaid", "on-hold": "unpaid", "failed": "unpaid", "checkout-draft": "unpaid", "processing": "", "completed": "",
		"cancelled": "cancelled", "refunded": "cancelled", "trash": "cancelled", "packed": "",
	} {
		e, err := decode(program.PlatformWooCommerce, "order.updated", strings.Replace(body(t, "woocommerce-order"), "processing", status, 1))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if e.Placed.Unpaid {
			got = "unpaid"
		}
		if e.Placed.Cancelled {
			got += "cancelled"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", status, got, want)
		}
	}
}

func TestABodyThatIsPartlyDecodedNamesTheOrder(t *testing.T) {
	for _, c := range []struct {
		platform                         program.Platform
		topic, file, old, new, wantOrder string
	}{
		{program.PlatformShopify, "orders/create", "shopify-order", `"line_items":[`, `"line_items":7,"x":[`, "450789469"},
		{program.PlatformShopify, "orders/create", "shopify-order", `"price":"199.00"`, `"price":"much"`, "450789469"},
		{program.PlatformShopify, "refunds/create", "shopify-refund", `"subtotal":195.67`, `"subtotal":1.9567e2`, "450789469"},
		{program.PlatformWooCommerce, "order.updated", "woocommerce-order", `"total":"29.35"`, `"total":"much"`, "727"},
		{program.PlatformStripe, "", "stripe-refund", `"amount":1000`, `"amount":"much"`, "pi_3MtwBwLkdIwHu7ix28a3tqPa"},
	} {
		_, err := decode(c.platform, c.topic, strings.Replace(body(t, c.file), c.old, c.new, 1))
		var unusable *bridge.UnusableError
		if !errors.As(err, &unusable) || unusable.Order != c.wantOrder {
			t.Errorf("%s %s: %+v, want order %s", c.platform, c.new, unusable, c.wantOrder)
		}
	}
}

func TestStatesOfShopify(t *testing.T) {
	for status, want := range map[string]bool{
		"pending": true, "voided": true, "expired": true, "authorized": false, "paid": false, "partially_paid": false, "refunded": false,
	} {
		e, err := decode(program.PlatformShopify, "orders/updated", strings.Replace(body(t, "shopify-order"), `"paid"`, `"`+status+`"`, 1))
		if err != nil || e.Placed.Unpaid != want {
			t.Errorf("%s: %+v, error %v; want unpaid %t", status, e.Placed, err, want)
		}
	}
}

func TestTestOrdersOfShopifyAreIgnored(t *testing.T) {
	_, err := decode(program.PlatformShopify, "orders/create", strings.Replace(body(t, "shopify-order"), `"test":false`, `"test":true`, 1))
	if !errors.Is(err, bridge.ErrTest) {
		t.Errorf("the error is %v", err)
	}
}

func TestBodiesThatCannotBeMappedNameTheField(t *testing.T) {
	tests := map[string]struct {
		platform                   program.Platform
		topic, file, replace, with string
		want                       string
	}{
		"no JSON":              {program.PlatformShopify, "orders/create", "shopify-order", `{"id"`, `<id>`, "not the JSON of the platform"},
		"a wrong type":         {program.PlatformShopify, "orders/create", "shopify-order", `"line_items":[`, `"line_items":7,"x":[`, "line_items: not of the documented type"},
		"no id":                {program.PlatformShopify, "orders/create", "shopify-order", `"id":450789469`, `"id":null`, "id: required"},
		"no lines":             {program.PlatformShopify, "orders/create", "shopify-order", `"line_items":[`, `"line_items":[],"x":[`, "line_items: the order has no lines"},
		"no date":              {program.PlatformShopify, "orders/create", "shopify-order", `"created_at":"2026-01-10T11:00:00-05:00"`, `"created_at":"today"`, `created_at: "today" is not a time`},
		"no currency":          {program.PlatformShopify, "orders/create", "shopify-order", `"currency":"USD"`, `"currency":"dollars"`, "currency: "},
		"a float":              {program.PlatformShopify, "refunds/create", "shopify-refund", `"subtotal":195.67`, `"subtotal":1.9567e2`, "Not a decimal number"},
		"too many decimals":    {program.PlatformShopify, "orders/create", "shopify-order", `"price":"199.00"`, `"price":"199.00001"`, "More than 12 digits before or 4 after"},
		"a negative price":     {program.PlatformShopify, "orders/create", "shopify-order", `"price":"199.00"`, `"price":"-199.00"`, "negative"},
		"too large a discount": {program.PlatformShopify, "orders/create", "shopify-order", `"amount":"3.34"`, `"amount":"203.34"`, "its discounts exceed its price"},
		"too large a price":    {program.PlatformShopify, "orders/create", "shopify-order", `"quantity":1,"current_quantity":1,"sku":"IPOD2008GREEN"`, `"quantity":99999999999999,"sku":"A"`, "more than"},
		"a negative refund":    {program.PlatformShopify, "refunds/create", "shopify-refund", `"subtotal":195.67`, `"subtotal":-1`, "a line takes off less than nothing"},
		"a refund of nothing":  {program.PlatformShopify, "refunds/create", "shopify-refund", `"order_id":450789469`, `"order_id":null`, "id and order_id: required"},
		"a positive refund":    {program.PlatformWooCommerce, "order.updated", "woocommerce-order", `"refunds":[]`, `"refunds":[{"id":1,"total":"1.00"}]`, "a total below zero"},
		"no payment intent":    {program.PlatformStripe, "", "stripe-refund", `"payment_intent":"pi_3MtwBwLkdIwHu7ix28a3tqPa"`, `"payment_intent":null`, "payment_intent: required"},
		"a negative amount":    {program.PlatformStripe, "", "stripe-refund", `"amount":1000`, `"amount":-1000`, "An amount is negative"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(body(t, test.file), test.replace, test.with, 1)
			_, err := decode(test.platform, test.topic, text)
			var unusable *bridge.UnusableError
			if !errors.As(err, &unusable) || !strings.Contains(unusable.Reason, test.want) {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestOtherTopicsAreIgnored(t *testing.T) {
	for p, topic := range map[program.Platform]string{program.PlatformShopify: "products/update", program.PlatformWooCommerce: "order.deleted", program.PlatformStripe: ""} {
		if _, err := decode(p, topic, `{"id":"evt_1","type":"invoice.paid","data":{"object":{}}}`); !errors.Is(err, bridge.ErrIgnored) {
			t.Errorf("%s: the error is %v", p, err)
		}
	}
}

const secret = "whsec_0123456789abcdef"

func mac(parts ...string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

func TestSignaturesAreChecked(t *testing.T) {
	now := time.Unix(1_768_060_800, 0)
	stripe := func(at time.Time, text string) string {
		seconds := fmt.Sprint(at.Unix())
		return "t=" + seconds + ",v1=" + hex.EncodeToString(mac(seconds, ".", text))
	}
	good := base64.StdEncoding.EncodeToString(mac("{}"))
	tests := map[string]struct {
		platform program.Platform
		header   string
		valid    bool
	}{
		"a signature of Shopify":            {program.PlatformShopify, good, true},
		"a signature of another body":       {program.PlatformShopify, base64.StdEncoding.EncodeToString(mac("{ }")), false},
		"a signature in hexadecimal":        {program.PlatformShopify, hex.EncodeToString(mac("{}")), false},
		"none":                              {program.PlatformShopify, "", false},
		"a signature of WooCommerce":        {program.PlatformWooCommerce, good, true},
		"a truncated signature":             {program.PlatformWooCommerce, good[:40], false},
		"a signature of Stripe":             {program.PlatformStripe, stripe(now, "{}"), true},
		"one of several, of another scheme": {program.PlatformStripe, stripe(now, "{}") + ",v1=00,v0=11", true},
		"one at the end of the tolerance":   {program.PlatformStripe, stripe(now.Add(-5*time.Minute), "{}"), true},
		"an old one":                        {program.PlatformStripe, stripe(now.Add(-5*time.Minute-time.Second), "{}"), false},
		"an early one":                      {program.PlatformStripe, stripe(now.Add(6*time.Minute), "{}"), false},
		"one of another time":               {program.PlatformStripe, strings.Replace(stripe(now, "{}"), "t=17680608", "t=17680607", 1), false},
		"only another scheme":               {program.PlatformStripe, strings.Replace(stripe(now, "{}"), "v1", "v0", 1), false},
		"no time":                           {program.PlatformStripe, strings.TrimPrefix(stripe(now, "{}"), "t="), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := platform.Webhook{Header: func(string) string { return test.header }, Body: []byte("{}")}
			err := platform.All[test.platform].Verify(w, secret, now)
			if (err == nil) != test.valid || err != nil && !errors.Is(err, platform.ErrSignature) {
				t.Errorf("the error is %v, valid: %t", err, test.valid)
			}
			if platform.All[test.platform].Verify(w, secret+"x", now) == nil {
				t.Error("another secret is accepted")
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no bodies", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, call := range []struct {
			platform program.Platform
			topic    string
		}{
			{program.PlatformShopify, "orders/create"},
			{program.PlatformShopify, "refunds/create"},
			{program.PlatformWooCommerce, "order.updated"},
			{program.PlatformStripe, ""},
		} {
			e, err := decode(call.platform, call.topic, text)
			if err != nil || e.Placed == nil {
				continue
			}
			var o bridge.Order
			o.Merge(e)
			items, err := o.Items()
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range items {
				if item.Amount < 0 || item.Quantity < 0 || item.SKU == "" {
					t.Errorf("item %+v", item)
				}
			}
		}
	})
}
