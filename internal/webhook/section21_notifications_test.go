package webhook_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/ledger"
)

// TestSection21AReceiverIsToldOfEachEvent goes through the ways of telling, each with
// an order, a change of it and its reversal.
func TestSection21AReceiverIsToldOfEachEvent(t *testing.T) {
	const id = "1000.2240.1"
	for name, c := range map[string]struct {
		notification ledger.Notification
		contentType  string
		want         []string
	}{
		"by GET": {
			ledger.Notification{URL: "/a/{ActionId}?e={Event}&s={Status}&p={Payout}&d={DeltaPayout}&i={IntendedPayout}"},
			"",
			[]string{
				"GET /a/" + id + "?e=tracked&s=PENDING&p=0.80&d=0.80&i=0.80 ",
				"GET /a/" + id + "?e=modified&s=PENDING&p=0.40&d=-0.40&i=0.80 ",
				"GET /a/" + id + "?e=reversed&s=REVERSED&p=0.00&d=-0.40&i=0.80 ",
			},
		},
		"by POST without a body": {
			ledger.Notification{Method: "POST", URL: "/?{items[]}", Events: []ledger.Event{ledger.EventTracked}},
			"",
			[]string{"POST /?items%5B0%5D%5Bsku%5D=A%20%221%22&items%5B0%5D%5Bqty%5D=2&items%5B0%5D%5Bamt%5D=20.00 "},
		},
		"as JSON": {
			ledger.Notification{
				Method: "POST", URL: "/", Format: "json", Events: []ledger.Event{ledger.EventModified},
				Body: `{"id":"{actionid}","amount":{Amount},"was":{IntendedAmount},"by":{DeltaAmount},"items":{items[]},"shared":{SharedId}}`,
			},
			"application/json",
			[]string{`POST / {"id":"` + id + `","amount":10.00,"was":20.00,"by":-10.00,"items":[{"sku":"A \"1\"","qty":1,"amt":10.00}],"shared":"a&b"}`},
		},
		"as XML": {
			ledger.Notification{
				Method: "POST", URL: "/", Format: "xml", Events: []ledger.Event{ledger.EventReversed},
				Body: `<e id="{ActionId}"><d>{StatusDetail}</d><c>{CampaignName}</c>{items[]}</e>`,
			},
			"application/xml; charset=utf-8",
			[]string{`POST / <e id="` + id + `"><d>Reversed/ITEM_RETURNED</d><c>All &amp; more</c><item><sku>A &#34;1&#34;</sku><qty>0</qty><amt>0.00</amt></item></e>`},
		},
		"as a form": {
			ledger.Notification{
				Method: "POST", URL: "/", Format: "form", Events: []ledger.Event{ledger.EventTracked},
				Body: `date={EventDate}&shared={SharedId}&sub={SubId1}&{items[]}`,
			},
			"application/x-www-form-urlencoded",
			[]string{`POST / date=2026-11-02T01%3A59%3A00-08%3A00&shared=a%26b&sub=&items%5B0%5D%5Bsku%5D=A%20%221%22&items%5B0%5D%5Bqty%5D=2&items%5B0%5D%5Bamt%5D=20.00`},
		},
		"of another event type": {ledger.Notification{EventTypes: []int64{1}}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.notify(c.notification)
			o.apply(order("O"), setQuantity("O", 1), setQuantity("none", 1), reverse("O"))
			var got []string
			for _, r := range o.tell() {
				got = append(got, r.method+" "+r.uri+" "+r.body)
				o.want(r.header.Get("Content-Type"), c.contentType, "the content type")
				if agent := r.header.Get("User-Agent"); !strings.HasPrefix(agent, "trueup/") {
					t.Errorf("User-Agent is %q", agent)
				}
			}
			o.want(strings.Join(got, "\n"), strings.Join(c.want, "\n"), "requests")
			o.want(o.uris(), "", "told again")
		})
	}
}

func TestSection21OnlyA2xxAcknowledges(t *testing.T) {
	for status, want := range map[int]string{
		200: "", 201: "", 204: "", 299: "",
		301: "1 WAITING after 1: 301 answered 301", 302: "1 WAITING after 1: 302 answered 302", 307: "1 WAITING after 1: 307 answered 307",
		400: "1 WAITING after 1: 400 answered 400", 404: "1 WAITING after 1: 404 answered 404", 410: "1 WAITING after 1: 410 answered 410",
		500: "1 WAITING after 1: 500 answered 500", 503: "1 WAITING after 1: 503 answered 503",
	} {
		o := open(t)
		o.notify(ledger.Notification{})
		o.answers(always(status))
		o.apply(order("O"))
		o.want(o.uris(), "/1000.2240.1?event=tracked&amount=20.00", "requests")
		o.want(o.kept(), want, "deliveries")
	}
}

func TestSection21LockingIsNoEvent(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.apply(order("O"))
	o.uris()
	o.pass(1000 * 3600e9)
	o.apply(order("P"))
	o.want(o.uris(), "/1000.2240.2?event=tracked&amount=20.00", "after the first was locked")
}
