package webhook_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestSection21EachEventIsDelivered delivers an order, its modification and its reversal
// in every method and format.
func TestSection21EachEventIsDelivered(t *testing.T) {
	const id = "1000.2240.1"
	for name, c := range map[string]struct {
		notification program.Notification
		contentType  string
		want         []string
	}{
		"by GET": {
			program.Notification{URL: "/a/{ActionId}?e={Event}&s={Status}&p={Payout}&d={DeltaPayout}&i={IntendedPayout}"},
			"",
			[]string{
				"GET /a/" + id + "?e=tracked&s=PENDING&p=0.80&d=0.80&i=0.80 ",
				"GET /a/" + id + "?e=modified&s=PENDING&p=0.40&d=-0.40&i=0.80 ",
				"GET /a/" + id + "?e=reversed&s=REVERSED&p=0.00&d=-0.40&i=0.80 ",
			},
		},
		"by POST without a body": {
			program.Notification{Method: "POST", URL: "/?{items[]}", Events: []program.Event{program.EventTracked}},
			"",
			[]string{"POST /?items%5B0%5D%5Bsku%5D=A%20%221%22&items%5B0%5D%5Bqty%5D=2&items%5B0%5D%5Bamt%5D=20.00 "},
		},
		"as JSON": {
			program.Notification{
				Method: "POST", URL: "/", Format: "json", Events: []program.Event{program.EventModified},
				Body: `{"id":"{actionid}","amount":{Amount},"was":{IntendedAmount},"by":{DeltaAmount},"items":{items[]},"shared":{SharedId}}`,
			},
			"application/json",
			[]string{`POST / {"id":"` + id + `","amount":10.00,"was":20.00,"by":-10.00,"items":[{"sku":"A \"1\"","qty":"1","amt":"10.00"}],"shared":"a&b"}`},
		},
		"as XML": {
			program.Notification{
				Method: "POST", URL: "/", Format: "xml", Events: []program.Event{program.EventReversed},
				Body: `<e id="{ActionId}"><d>{StatusDetail}</d><c>{CampaignName}</c>{items[]}</e>`,
			},
			"application/xml; charset=utf-8",
			[]string{`POST / <e id="` + id + `"><d>Reversed/ITEM_RETURNED</d><c>All &amp; more</c><item><sku>A &#34;1&#34;</sku><qty>0</qty><amt>0.00</amt></item></e>`},
		},
		"as a form": {
			program.Notification{
				Method: "POST", URL: "/", Format: "form", Events: []program.Event{program.EventTracked},
				Body: `date={EventDate}&shared={SharedId}&sub={SubId1}&{items[]}`,
			},
			"application/x-www-form-urlencoded",
			[]string{`POST / date=2026-11-02T01%3A59%3A00-08%3A00&shared=a%26b&sub=&items%5B0%5D%5Bsku%5D=A%20%221%22&items%5B0%5D%5Bqty%5D=2&items%5B0%5D%5Bamt%5D=20.00`},
		},
		"of another event type": {program.Notification{EventTypes: []int64{1}}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.notify(c.notification)
			h.apply(order("O"), setQuantity("O", 1), setQuantity("none", 1), reverse("O"))
			var got []string
			for _, r := range h.deliver() {
				got = append(got, r.method+" "+r.uri+" "+r.body)
				h.want(r.header.Get("Content-Type"), c.contentType, "the content type")
				if agent := r.header.Get("User-Agent"); !strings.HasPrefix(agent, "trueup/") {
					t.Errorf("User-Agent is %q", agent)
				}
			}
			h.want(strings.Join(got, "\n"), strings.Join(c.want, "\n"), "requests")
			h.want(h.deliverURIs(), "", "a second delivery")
		})
	}
}

func TestSection21OnlyA2xxAcknowledges(t *testing.T) {
	for status, want := range map[int]string{
		200: "", 201: "", 204: "", 299: "",
		301: "1 WAITING after 1: 301 response status 301", 302: "1 WAITING after 1: 302 response status 302", 307: "1 WAITING after 1: 307 response status 307",
		400: "1 WAITING after 1: 400 response status 400", 404: "1 WAITING after 1: 404 response status 404", 410: "1 WAITING after 1: 410 response status 410",
		500: "1 WAITING after 1: 500 response status 500", 503: "1 WAITING after 1: 503 response status 503",
	} {
		h := newHarness(t)
		h.notify(program.Notification{})
		h.respond(always(status))
		h.apply(order("O"))
		h.want(h.deliverURIs(), "/1000.2240.1?event=tracked&amount=20.00", "requests")
		h.want(h.pending(), want, "deliveries")
	}
}

func TestSection21LockingIsNotAnEvent(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.apply(order("O"))
	h.deliverURIs()
	h.advance(1000 * 3600e9)
	h.apply(order("P"))
	h.want(h.deliverURIs(), "/1000.2240.2?event=tracked&amount=20.00", "after the first was locked")
}
