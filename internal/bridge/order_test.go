package bridge_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const dollar = money.Decimal(10_000)

func at(second int64) time.Time { return time.Unix(second, 0).UTC() }

// placed returns an order of 20.00, 10.00 and a free gift, with shipping and tax 36.00.
func placed(version int64) *bridge.Placed {
	return &bridge.Placed{
		Version: at(version), Date: at(100), Currency: "USD", Total: 36 * dollar,
		Lines: []bridge.Line{line("1", "A", 2, 20*dollar), line("2", "B", 1, 10*dollar), line("3", "GIFT", 1, 0)},
	}
}

func line(id, sku string, quantity int64, amount money.Decimal) bridge.Line {
	return bridge.Line{ID: id, SKU: sku, Quantity: quantity, Amount: amount}
}

func refund(id string, lines ...bridge.RefundLine) bridge.Refund {
	return bridge.Refund{ID: id, Lines: lines}
}

func TestItemsAreWhatRefundsLeave(t *testing.T) {
	one := bridge.RefundLine{Line: "1", Quantity: 1, Amount: 10 * dollar}
	tests := map[string]struct {
		change  func(p *bridge.Placed)
		refunds []bridge.Refund
		want    string
	}{
		"nothing":                            {nil, nil, "A 2 2000, B 1 1000, GIFT 1 0"},
		"one unit":                           {nil, []bridge.Refund{refund("r", one)}, "A 1 1000, B 1 1000, GIFT 1 0"},
		"two units in two refunds":           {nil, []bridge.Refund{refund("r", one), refund("s", one)}, "A 0 0, B 1 1000, GIFT 1 0"},
		"more than there is":                 {nil, []bridge.Refund{refund("r", one), refund("s", one), refund("t", one)}, "A 0 0, B 1 1000, GIFT 1 0"},
		"one unit and less money":            {nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Quantity: 1, Amount: 3 * dollar})}, "A 1 1700, B 1 1000, GIFT 1 0"},
		"money of a line":                    {nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Amount: 3 * dollar})}, "A 2 1700, B 1 1000, GIFT 1 0"},
		"all money of a line":                {nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Amount: 20 * dollar})}, "A 0 0, B 1 1000, GIFT 1 0"},
		"all units for less money":           {nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Quantity: 2, Amount: 15 * dollar})}, "A 0 0, B 1 1000, GIFT 1 0"},
		"a line that the order has not":      {nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "9", Quantity: 1, Amount: dollar})}, "A 2 2000, B 1 1000, GIFT 1 0"},
		"a dear line that the order has not": {nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "9", Quantity: 1, Amount: 90 * dollar})}, "A 2 2000, B 1 1000, GIFT 1 0"},
		"an amount and a line":               {nil, []bridge.Refund{refund("r", one), {ID: "s", Gross: 12 * dollar}}, "A 1 500, B 1 500, GIFT 1 0"},
		"all money, in a line and an amount": {nil, []bridge.Refund{{ID: "r", Lines: []bridge.RefundLine{one}, Other: 4 * dollar}, {ID: "s", Gross: 22 * dollar}}, "A 0 0, B 0 0, GIFT 0 0"},
		"all money, in a refund of both":     {nil, []bridge.Refund{{ID: "r", Lines: []bridge.RefundLine{one}, Gross: 20 * dollar, Other: 6 * dollar}}, "A 0 0, B 0 0, GIFT 0 0"},
		"all money but a cent":               {nil, []bridge.Refund{{ID: "r", Lines: []bridge.RefundLine{one}, Other: 26*dollar - dollar/100}}, "A 1 1000, B 1 1000, GIFT 1 0"},
		"half of all that was paid":          {nil, []bridge.Refund{{ID: "r", Gross: 18 * dollar}}, "A 2 1000, B 1 500, GIFT 1 0"},
		"all that was paid, in three parts":  {nil, []bridge.Refund{{ID: "r", Gross: 12 * dollar}, {ID: "s", Gross: 11 * dollar}, {ID: "t", Gross: 13 * dollar}}, "A 0 0, B 0 0, GIFT 0 0"},
		"a cent of all that was paid":        {nil, []bridge.Refund{{ID: "r", Gross: dollar / 100}}, "A 2 1999, B 1 1000, GIFT 1 0"},
		"a refund that failed":               {nil, []bridge.Refund{{ID: "r", Gross: 18 * dollar, Void: true}}, "A 2 2000, B 1 1000, GIFT 1 0"},
		"a cancelled order":                  {func(p *bridge.Placed) { p.Cancelled = true }, nil, "A 0 0, B 0 0, GIFT 0 0"},
		"an order whose payment failed":      {func(p *bridge.Placed) { p.Unpaid = true }, nil, "A 0 0, B 0 0, GIFT 0 0"},
		"tax in the amount of a refund": {
			func(p *bridge.Placed) { p.TaxIncluded = true },
			[]bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Quantity: 1, Amount: 12 * dollar, Tax: 2 * dollar})},
			"A 1 1000, B 1 1000, GIFT 1 0",
		},
		"tax beside the amount of a refund": {
			nil, []bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Quantity: 1, Amount: 10 * dollar, Tax: 2 * dollar})}, "A 1 1000, B 1 1000, GIFT 1 0",
		},
		"two lines of one SKU": {
			func(p *bridge.Placed) { p.Lines[1].SKU = "A" }, []bridge.Refund{refund("r", one)}, "A 2 2000, GIFT 1 0",
		},
		"thirds": {
			func(p *bridge.Placed) {
				p.Lines = []bridge.Line{line("1", "A", 1, 10*dollar), line("2", "B", 1, 10*dollar), line("3", "C", 1, 10*dollar)}
			},
			[]bridge.Refund{{ID: "r", Gross: 12 * dollar}},
			"A 1 667, B 1 667, C 1 666",
		},
		"an order without lines": {
			func(p *bridge.Placed) { p.Lines, p.Amount = nil, 30*dollar }, []bridge.Refund{{ID: "r", Gross: 12 * dollar}}, "ORDER 1 2000",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := placed(1)
			if test.change != nil {
				test.change(p)
			}
			var o bridge.Order
			o.Merge(bridge.Event{Placed: p, Refunds: test.refunds})
			items, err := o.Items()
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for i, item := range items {
				if i > 0 {
					got += ", "
				}
				got += fmt.Sprint(item.SKU, " ", item.Quantity, " ", int64(item.Amount))
			}
			if got != test.want {
				t.Errorf("items %s, want %s", got, test.want)
			}
		})
	}
}

// TestTheOrderOfWebhooksDoesNotMatter merges the same events in random orders and with
// repetitions.
func TestTheOrderOfWebhooksDoesNotMatter(t *testing.T) {
	one := bridge.RefundLine{Line: "1", Quantity: 1, Amount: 10 * dollar}
	cancelled := placed(3)
	cancelled.Cancelled = true
	unpaid := placed(5)
	unpaid.Unpaid = true
	streams := map[string][]bridge.Event{
		"orders and refunds apart": {
			{Placed: placed(1)},
			{Placed: placed(2), Refunds: []bridge.Refund{refund("r", one)}},
			{Refunds: []bridge.Refund{refund("r", one)}},
			{Refunds: []bridge.Refund{refund("s", one)}},
			{Refunds: []bridge.Refund{{ID: "t", Gross: dollar}}},
		},
		"a cancellation": {{Placed: placed(1)}, {Refunds: []bridge.Refund{refund("r", one)}}, {Placed: cancelled}},
		"whole orders, of which a refund is deleted": {
			{Placed: placed(1), Complete: true},
			{Placed: placed(2), Complete: true, Refunds: []bridge.Refund{{ID: "r", Gross: dollar}}},
			{Placed: placed(4), Complete: true},
			{Placed: unpaid, Complete: true},
			{Placed: placed(5), Complete: true, Refunds: []bridge.Refund{{ID: "s", Gross: 2 * dollar}}},
		},
		"refunds that fail": {
			{Placed: placed(1)},
			{Refunds: []bridge.Refund{{ID: "r", Gross: dollar}}},
			{Refunds: []bridge.Refund{{ID: "r", Gross: dollar, Void: true}}},
			{Refunds: []bridge.Refund{{ID: "s", Gross: dollar}}},
			{Refunded: dollar},
			{Refunded: 2 * dollar},
		},
	}
	for name, events := range streams {
		t.Run(name, func(t *testing.T) {
			var want bridge.Order
			for _, e := range events {
				want.Merge(e)
			}
			for seed := range uint64(200) {
				random := rand.New(rand.NewPCG(seed, 1))
				var got bridge.Order
				for _, i := range append(random.Perm(len(events)), random.Perm(len(events))...) {
					got.Merge(events[i])
					text, err := json.Marshal(got) // as it is stored between webhooks
					got = bridge.Order{}
					if err == nil {
						err = json.Unmarshal(text, &got)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("seed %d (-in order +shuffled):\n%s", seed, diff)
				}
			}
		})
	}
}

func input(t *testing.T) bridge.Input {
	t.Helper()
	r := program.NewReference()
	r.Account = program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	code := program.PromoCode{Campaign: 1000, Code: "SAVE10", Partner: 7}
	r.PromoCodes[code.Key()] = code
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return bridge.Input{Bridge: program.Bridge{ID: 1, Campaign: 1000, EventType: 2240}, Reference: r, Order: "o-1", Now: at(200)}
}

func TestSubmissionsFollowFromTheOrder(t *testing.T) {
	const conversion = "CampaignId=1000&EventTypeId=2240&OrderId=o-1&EventDate=1970-01-01T00%3A01%3A40Z&CurrencyCode=USD"
	const items = "&ItemSku1=A&ItemQuantity1=2&ItemSubTotal1=20.00&ItemSku2=B&ItemQuantity2=1&ItemSubTotal2=10.00&ItemSku3=GIFT&ItemQuantity3=1&ItemSubTotal3=0.00"
	const modification = "ActionTrackerId=2240&OrderId=o-1&Reason=ORDER_UPDATE&CurrencyCode=USD"
	one := bridge.Event{Refunds: []bridge.Refund{refund("r", bridge.RefundLine{Line: "1", Quantity: 1, Amount: 10 * dollar})}}
	with := func(change func(p *bridge.Placed)) bridge.Event {
		p := placed(1)
		change(p)
		return bridge.Event{Placed: p}
	}
	byCode := with(func(p *bridge.Placed) { p.Codes = []string{"NEWS", "save10"} })
	tests := map[string]struct {
		bridge func(b *program.Bridge)
		events []bridge.Event
		state  store.BridgeState
		want   []string
	}{
		"a promo code credits a partner": {nil, []bridge.Event{byCode}, store.BridgeSubmitted, []string{conversion + "&PromoCode=save10" + items}},
		"a click credits a partner":      {nil, []bridge.Event{with(func(p *bridge.Placed) { p.Click = "c" })}, store.BridgeSubmitted, []string{conversion + "&ClickId=c" + items}},
		"the bridge's partner is credited": {
			func(b *program.Bridge) { b.Partner = 9 }, []bridge.Event{{Placed: placed(1)}}, store.BridgeSubmitted, []string{conversion + "&MediaPartnerId=9" + items},
		},
		"a code goes before the bridge's partner": {
			func(b *program.Bridge) { b.Partner = 9 }, []bridge.Event{byCode}, store.BridgeSubmitted, []string{conversion + "&PromoCode=save10" + items},
		},
		"nobody is credited":          {nil, []bridge.Event{with(func(p *bridge.Placed) { p.Codes = []string{"NEWS"} })}, store.BridgeUncredited, nil},
		"a refund before its order":   {nil, []bridge.Event{one}, store.BridgeWaiting, nil},
		"an order that is not paid":   {nil, []bridge.Event{with(func(p *bridge.Placed) { p.Unpaid, p.Click = true, "c" })}, store.BridgeUnpaid, nil},
		"an order cancelled at first": {nil, []bridge.Event{with(func(p *bridge.Placed) { p.Cancelled, p.Click = true, "c" })}, store.BridgeUnpaid, nil},
		"the refund before the order is submitted after it": {
			nil, []bridge.Event{one, byCode}, store.BridgeSubmitted, []string{conversion + "&PromoCode=save10" + items, modification + "&Sku1=A&Quantity1=1&Amount1=10.00"},
		},
		"a refund twice is submitted once": {
			nil, []bridge.Event{byCode, one, one}, store.BridgeSubmitted, []string{conversion + "&PromoCode=save10" + items, modification + "&Sku1=A&Quantity1=1&Amount1=10.00"},
		},
		"a cancellation reverses all items": {
			nil,
			[]bridge.Event{byCode, with(func(p *bridge.Placed) { p.Cancelled = true })},
			store.BridgeSubmitted,
			[]string{conversion + "&PromoCode=save10" + items, modification + "&Sku1=A&Quantity1=0&Sku2=B&Quantity2=0&Sku3=GIFT&Quantity3=0"},
		},
		"an order without lines has an amount": {
			nil,
			[]bridge.Event{with(func(p *bridge.Placed) { p.Lines, p.Amount, p.Click = nil, 30*dollar, "c" }), {Refunded: 36 * dollar}},
			store.BridgeSubmitted,
			[]string{conversion + "&ClickId=c&Amount=30.00", modification + "&Sku1=ORDER&Quantity1=0"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			if test.bridge != nil {
				test.bridge(&in.Bridge)
			}
			var o bridge.Order
			var got []string
			var state store.BridgeState
			for _, e := range test.events {
				o.Merge(e)
				list, s, reason, err := o.Submit(in)
				if err != nil || (reason == "") != (s == store.BridgeSubmitted) {
					t.Fatalf("reason %q, error %v", reason, err)
				}
				for _, submission := range list {
					got = append(got, submission.Payload)
				}
				state = s
			}
			if diff := cmp.Diff(test.want, got); diff != "" || state != test.state {
				t.Errorf("state %s, want %s; payloads (-want +got):\n%s", state, test.state, diff)
			}
		})
	}
}

func TestAWebhookThatCannotBeMappedKeepsTheState(t *testing.T) {
	stored := store.BridgeOrder{State: store.BridgeSubmitted, Document: "{}"}
	if _, err := bridge.Reject("why")(&stored, nil); err != nil || stored.State != store.BridgeSubmitted || stored.Reason != "why" {
		t.Errorf("%+v, error %v", stored, err)
	}
	stored = store.BridgeOrder{}
	if _, err := bridge.Reject("why")(&stored, nil); err != nil || stored.State != store.BridgeUnusable || stored.Reason != "why" {
		t.Errorf("a new order: %+v, error %v", stored, err)
	}
	if _, err := bridge.Retry(1, at(1))(&stored, program.NewReference()); !errors.Is(err, bridge.ErrEmpty) {
		t.Errorf("a retry without a document: error %v", err)
	}
}

func TestAnOrderThatCannotBeSubmittedKeepsWhatIsKnown(t *testing.T) {
	in := input(t)
	in.Reference.Bridges[1] = in.Bridge
	p := placed(1)
	p.Click, p.Date = "c", at(10_000)
	stored := store.BridgeOrder{BridgeKey: store.BridgeKey{Bridge: 1, Order: "o-1"}}
	list, err := bridge.Receive(1, bridge.Event{Placed: p}, in.Now)(&stored, in.Reference)
	if len(list) > 0 || err != nil || stored.State != store.BridgeUnusable || stored.Reason != "EventDate: Must not be in the future." {
		t.Fatalf("%d submissions, %+v, error %v", len(list), stored, err)
	}
	in.Reference.Bridges[1] = program.Bridge{ID: 1, Campaign: 1000, EventType: 2240, Partner: 9}
	list, err = bridge.Retry(1, at(10_000))(&stored, in.Reference)
	if len(list) > 0 || err != nil || stored.State != store.BridgeUncredited || !strings.Contains(stored.Reason, "end it again") {
		t.Fatalf("a retry without the click: %d submissions, %+v, error %v", len(list), stored, err)
	}
	list, err = bridge.Receive(1, bridge.Event{Placed: p}, at(10_000))(&stored, in.Reference)
	if len(list) != 1 || list[0].Command.(ledger.Conversion).Click != "c" || err != nil || stored.State != store.BridgeSubmitted || stored.Reason != "" {
		t.Fatalf("%d submissions, %+v, error %v", len(list), stored, err)
	}
	list, err = bridge.Retry(1, at(10_000))(&stored, in.Reference)
	if err != nil || len(list) != 1 || len(list[0].Command.(ledger.Modification).Items) != 3 {
		t.Errorf("a retry of a submitted order: %+v, error %v", list, err)
	}
}
