package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const shopifySignature = "X-Shopify-Hmac-Sha256"

var shopify = Platform{
	Signed:   func(w Webhook, _ time.Time) bool { return signatureIn(shopifySignature, w) != nil },
	Verify:   verifyBase64(shopifySignature),
	Delivery: func(w Webhook) string { return w.Header("X-Shopify-Webhook-Id") },
	Decode:   decodeShopify,
	IsTest:   neverTest,
}

// shopifyOrder is the body of the topics orders/*. Amounts are in the currency of the shop.
type shopifyOrder struct {
	ID             id              `json:"id"`
	CreatedAt      string          `json:"created_at"`
	UpdatedAt      string          `json:"updated_at"`
	CancelledAt    string          `json:"cancelled_at"`
	Status         string          `json:"financial_status"`
	Test           bool            `json:"test"`
	Currency       string          `json:"currency"`
	TaxesIncluded  bool            `json:"taxes_included"`
	TotalPrice     amount          `json:"total_price"`
	LandingSite    string          `json:"landing_site"`
	NoteAttributes []pair          `json:"note_attributes"`
	DiscountCodes  []shopifyCode   `json:"discount_codes"`
	LineItems      []shopifyLine   `json:"line_items"`
	Refunds        []shopifyRefund `json:"refunds"`
}

// shopifyUnpaid are the financial statuses of orders without a payment.
var shopifyUnpaid = []string{"pending", "voided", "expired"}

type shopifyCode struct {
	Code string `json:"code"`
}

type shopifyLine struct {
	ID                  id              `json:"id"`
	SKU                 id              `json:"sku"`
	VariantID           id              `json:"variant_id"`
	Quantity            int64           `json:"quantity"`
	Price               amount          `json:"price"`
	DiscountAllocations []shopifyAmount `json:"discount_allocations"`
	TaxLines            []shopifyAmount `json:"tax_lines"`
}

// shopifyAmount is a discount, which has an amount, or a tax, which has a price.
type shopifyAmount struct {
	Amount amount `json:"amount"`
	Price  amount `json:"price"`
}

// shopifyRefund is the body of refunds/create.
type shopifyRefund struct {
	ID               id                  `json:"id"`
	OrderID          id                  `json:"order_id"`
	RefundLineItems  []shopifyRefundLine `json:"refund_line_items"`
	OrderAdjustments []shopifyAdjustment `json:"order_adjustments"`
}

type shopifyRefundLine struct {
	LineItemID id     `json:"line_item_id"`
	Quantity   int64  `json:"quantity"`
	Subtotal   amount `json:"subtotal"`
	TotalTax   amount `json:"total_tax"`
}

// shopifyAdjustment is a part of the difference between the sum of a refund's lines and the money
// that the customer got: below zero, if it was more.
type shopifyAdjustment struct {
	Kind      string `json:"kind"`
	Amount    amount `json:"amount"`
	TaxAmount amount `json:"tax_amount"`
}

// decodeShopify decodes the topics orders/* and refunds/create.
func decodeShopify(w Webhook, b program.Bridge) (bridge.Event, error) {
	switch topic := w.Header("X-Shopify-Topic"); {
	case topic == "refunds/create":
		var r shopifyRefund
		if err := unmarshal(w.Body, &r, &r.OrderID); err != nil {
			return bridge.Event{}, err
		}
		if r.ID == "" || r.OrderID == "" {
			return bridge.Event{}, unusable(r.OrderID, "id and order_id: required in a refund")
		}
		p := &parser{order: r.OrderID}
		return bridge.Event{Order: string(r.OrderID), Refunds: []bridge.Refund{r.refund(p)}}, p.err
	case !strings.HasPrefix(topic, "orders/") || topic == "orders/delete":
		return bridge.Event{}, bridge.ErrIgnored
	}
	var o shopifyOrder
	if err := unmarshal(w.Body, &o, &o.ID); err != nil {
		return bridge.Event{}, err
	}
	if o.ID == "" {
		return bridge.Event{}, unusable("", "id: required in an order")
	}
	if o.Test {
		return bridge.Event{}, bridge.ErrTest
	}
	p := &parser{order: o.ID}
	return bridge.Event{Order: string(o.ID), Placed: o.placed(p, b), Refunds: refunds(p, o.Refunds)}, p.err
}

func (o shopifyOrder) placed(p *parser, b program.Bridge) *bridge.Placed {
	currency := p.currency(o.Currency)
	placed := &bridge.Placed{
		Version: p.time("updated_at", time.RFC3339, o.UpdatedAt), Date: p.time("created_at", time.RFC3339, o.CreatedAt),
		Currency: currency, Total: money.Decimal(o.TotalPrice), TaxIncluded: o.TaxesIncluded,
		Unpaid: slices.Contains(shopifyUnpaid, o.Status), Cancelled: o.CancelledAt != "",
	}
	placed.Click = clickOf(find(o.NoteAttributes, b.Click), parameterOf(o.LandingSite, b.Click))
	for _, c := range o.DiscountCodes {
		placed.Codes = append(placed.Codes, c.Code)
	}
	for _, item := range o.LineItems {
		net := p.times(currency, item.Price, item.Quantity)
		for _, d := range item.DiscountAllocations {
			net -= money.Decimal(d.Amount)
		}
		for _, tax := range item.TaxLines {
			if o.TaxesIncluded {
				net -= money.Decimal(tax.Price)
			}
		}
		placed.Lines = p.line(placed.Lines, bridge.Line{ID: string(item.ID), Quantity: item.Quantity, Amount: net}, item.SKU, item.VariantID, item.ID)
	}
	if len(placed.Lines) == 0 {
		p.fail("line_items: the order has no lines")
	}
	return placed
}

// refund returns the refund. A refund of less than its lines takes off the whole lines.
func (r shopifyRefund) refund(p *parser) bridge.Refund {
	refund := bridge.Refund{ID: string(r.ID)}
	for _, line := range r.RefundLineItems {
		p.refundLine(&refund, bridge.RefundLine{
			Line: string(line.LineItemID), Quantity: line.Quantity, Amount: money.Decimal(line.Subtotal), Tax: money.Decimal(line.TotalTax),
		})
	}
	for _, a := range r.OrderAdjustments {
		if a.Kind == "refund_discrepancy" && a.Amount < 0 {
			refund.Gross -= money.Decimal(a.Amount)
			continue
		}
		refund.Other -= money.Decimal(a.Amount) + money.Decimal(a.TaxAmount)
	}
	return refund
}
