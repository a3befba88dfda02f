package platform

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var stripe = Platform{
	Signed: func(w Webhook, now time.Time) bool {
		_, signatures := timedSignatures(w, now)
		return len(signatures) > 0
	},
	Verify: verifyTimed, Delivery: stripeDelivery, Decode: decodeStripe, IsTest: neverTest,
}

// stripeEvent is the body of every webhook.
type stripeEvent struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Data struct {
		Object json.RawMessage `json:"object"`
	} `json:"data"`
}

func stripeDelivery(w Webhook) string {
	var e stripeEvent
	_ = json.Unmarshal(w.Body, &e) // without an id, if it can't be read
	return e.ID
}

// stripeObject has the fields of a Checkout session, a payment intent, a refund and a charge. Their
// amounts are in minor units. The payment intent identifies the order.
type stripeObject struct {
	ID             string            `json:"id"`
	PaymentIntent  string            `json:"payment_intent"`
	PaymentStatus  string            `json:"payment_status"`
	Status         string            `json:"status"`
	Currency       string            `json:"currency"`
	Created        int64             `json:"created"`
	Metadata       map[string]string `json:"metadata"`
	Amount         int64             `json:"amount"`
	AmountReceived int64             `json:"amount_received"`
	AmountRefunded int64             `json:"amount_refunded"`
	AmountTotal    int64             `json:"amount_total"`
	TotalDetails   struct {
		Shipping int64 `json:"amount_shipping"`
		Tax      int64 `json:"amount_tax"`
	} `json:"total_details"`
}

// Versions of the descriptions of an order: a session has more details than its payment intent.
var (
	versionOfIntent  = time.Unix(1, 0).UTC()
	versionOfSession = time.Unix(2, 0).UTC()
)

// decodeStripe decodes the events of Checkout sessions, payment intents, refunds and charges.
func decodeStripe(w Webhook, b program.Bridge) (bridge.Event, error) {
	var e stripeEvent
	if err := unmarshal(w.Body, &e, new(id)); err != nil {
		return bridge.Event{}, err
	}
	decode := map[string]func(stripeObject, *parser, program.Bridge) bridge.Event{
		"checkout.session.completed":               stripeObject.session,
		"checkout.session.async_payment_succeeded": stripeObject.session,
		"payment_intent.succeeded":                 stripeObject.intent,
		"refund.created":                           stripeObject.refund,
		"refund.updated":                           stripeObject.refund,
		"refund.failed":                            stripeObject.refund,
		"charge.refund.updated":                    stripeObject.refund,
		"charge.refunded":                          stripeObject.charge,
	}[e.Type]
	if decode == nil {
		return bridge.Event{}, bridge.ErrIgnored
	}
	var o stripeObject
	if err := unmarshal(e.Data.Object, &o, &o.PaymentIntent); err != nil {
		return bridge.Event{}, err
	}
	if strings.HasPrefix(o.ID, "pi_") {
		o.PaymentIntent = o.ID
	}
	if o.PaymentIntent == "" {
		return bridge.Event{}, unusable(id(o.ID), "payment_intent: required; it identifies the order")
	}
	p := &parser{order: id(o.PaymentIntent)}
	event := decode(o, p, b)
	event.Order = o.PaymentIntent
	return event, p.err
}

func (o stripeObject) session(p *parser, b program.Bridge) bridge.Event {
	placed := o.placed(p, b, o.AmountTotal, o.AmountTotal-o.TotalDetails.Shipping-o.TotalDetails.Tax)
	placed.Version, placed.Unpaid = versionOfSession, o.PaymentStatus == "unpaid"
	return bridge.Event{Placed: placed}
}

func (o stripeObject) intent(p *parser, b program.Bridge) bridge.Event {
	placed := o.placed(p, b, o.AmountReceived, o.AmountReceived)
	placed.Version = versionOfIntent
	return bridge.Event{Placed: placed}
}

// placed describes an order without lines.
func (o stripeObject) placed(p *parser, b program.Bridge, total, net int64) *bridge.Placed {
	placed := &bridge.Placed{
		Date: time.Unix(o.Created, 0).UTC(), Currency: p.currency(o.Currency),
		Total: o.major(p, total), Amount: o.major(p, net), Click: clickOf(o.Metadata[b.Click]),
	}
	if code := o.Metadata[b.PromoCode]; code != "" {
		placed.Codes = []string{code}
	}
	return placed
}

func (o stripeObject) refund(p *parser, _ program.Bridge) bridge.Event {
	void := o.Status == "failed" || o.Status == "canceled"
	return bridge.Event{Refunds: []bridge.Refund{{ID: o.ID, Gross: o.major(p, o.Amount), Void: void}}}
}

func (o stripeObject) charge(p *parser, _ program.Bridge) bridge.Event {
	return bridge.Event{Refunded: o.major(p, o.AmountRefunded)}
}

// stripeDigits are the minor digits in which Stripe counts, where they are not those of the
// currency (https://docs.stripe.com/currencies).
var stripeDigits = map[money.Currency]int{"ISK": 2, "UGX": 2, "MGA": 0}

// major returns a number of minor units as a decimal.
func (o stripeObject) major(p *parser, minor int64) money.Decimal {
	c := p.currency(o.Currency)
	digits, special := stripeDigits[c]
	if !special {
		digits = c.Digits()
	}
	if minor < 0 {
		p.fail("An amount is negative")
		return 0
	}
	text := strconv.FormatInt(minor, 10)
	if zeros := digits + 1 - len(text); zeros > 0 {
		text = strings.Repeat("0", zeros) + text
	}
	point := len(text) - digits
	d, err := money.ParseDecimal(text[:point] + "." + text[point:])
	if err != nil {
		p.fail("An amount has more than %d digits", money.MaxIntegerDigits)
	}
	return d
}
