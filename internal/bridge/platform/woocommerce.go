package platform

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Headers of WooCommerce.
const (
	wooSignature = "X-WC-Webhook-Signature"
	wooTopic     = "X-WC-Webhook-Topic"
)

var wooCommerce = Platform{
	Signed: func(w Webhook, _ time.Time) bool {
		return signatureIn(wooSignature, w) != nil || w.Header(wooTopic) == ""
	},
	Verify:   verifyBase64(wooSignature),
	Delivery: func(w Webhook) string { return w.Header("X-WC-Webhook-Delivery-ID") },
	Decode:   decodeWooCommerce,
	IsTest: func(w Webhook) bool { // WooCommerce sends it when a webhook is created
		return w.Header(wooTopic) == "" && bytes.HasPrefix(w.Body, []byte("webhook_id="))
	},
}

// wooOrder is the body of the topics order.*. Totals of lines are without tax.
type wooOrder struct {
	ID              id          `json:"id"`
	Status          string      `json:"status"`
	Currency        string      `json:"currency"`
	DateCreatedGMT  string      `json:"date_created_gmt"`
	DateModifiedGMT string      `json:"date_modified_gmt"`
	Total           amount      `json:"total"`
	LineItems       []wooLine   `json:"line_items"`
	CouponLines     []wooCoupon `json:"coupon_lines"`
	MetaData        []pair      `json:"meta_data"`
	Refunds         []wooRefund `json:"refunds"`
}

type wooCoupon struct {
	Code string `json:"code"`
}

// wooLine is a line of an order, or of a refund, in which quantity and total are negative.
type wooLine struct {
	ID          id     `json:"id"`
	SKU         id     `json:"sku"`
	ProductID   id     `json:"product_id"`
	VariationID id     `json:"variation_id"`
	Quantity    int64  `json:"quantity"`
	Total       amount `json:"total"`
	MetaData    []pair `json:"meta_data"`
}

// wooRefund is a refund, which has a negative total with shipping and tax. WooCommerce leaves its
// lines out; a plug-in can add them.
type wooRefund struct {
	ID        id        `json:"id"`
	Total     amount    `json:"total"`
	LineItems []wooLine `json:"line_items"`
}

const (
	wooTime = "2006-01-02T15:04:05"
	// wooRefundedItem is the key of the id of the line that a line of a refund belongs to.
	wooRefundedItem = "_refunded_item_id"
	// wooLandingPage is the key of the URL by which the customer came.
	wooLandingPage = "_wc_order_attribution_session_entry"
)

// Statuses of orders. Those of plug-ins count as paid.
var (
	wooUnpaid    = []string{"pending", "on-hold", "failed", "checkout-draft", "auto-draft"}
	wooCancelled = []string{"cancelled", "refunded", "trash"}
)

// decodeWooCommerce decodes the topics order.*, whose bodies describe the whole order.
func decodeWooCommerce(w Webhook, b program.Bridge) (bridge.Event, error) {
	topic := w.Header(wooTopic)
	if !strings.HasPrefix(topic, "order.") || topic == "order.deleted" {
		return bridge.Event{}, bridge.ErrIgnored
	}
	var o wooOrder
	if err := unmarshal(w.Body, &o, &o.ID); err != nil {
		return bridge.Event{}, err
	}
	if o.ID == "" {
		return bridge.Event{}, unusable("", "id: required in an order")
	}
	p := &parser{order: o.ID}
	return bridge.Event{Order: string(o.ID), Placed: o.placed(p, b), Refunds: refunds(p, o.Refunds), Complete: true}, p.err
}

func (o wooOrder) placed(p *parser, b program.Bridge) *bridge.Placed {
	placed := &bridge.Placed{
		Version: p.time("date_modified_gmt", wooTime, o.DateModifiedGMT), Date: p.time("date_created_gmt", wooTime, o.DateCreatedGMT),
		Currency: p.currency(o.Currency), Total: money.Decimal(o.Total),
		Unpaid: slices.Contains(wooUnpaid, o.Status), Cancelled: slices.Contains(wooCancelled, o.Status),
	}
	placed.Click = clickOf(find(o.MetaData, b.Click), parameterOf(find(o.MetaData, wooLandingPage), b.Click))
	for _, c := range o.CouponLines {
		placed.Codes = append(placed.Codes, c.Code)
	}
	for _, item := range o.LineItems {
		line := bridge.Line{ID: string(item.ID), Quantity: item.Quantity, Amount: money.Decimal(item.Total)}
		placed.Lines = p.line(placed.Lines, line, item.SKU, item.VariationID, item.ProductID, item.ID)
	}
	if len(placed.Lines) == 0 {
		p.fail("line_items: the order has no lines")
	}
	return placed
}

func (r wooRefund) refund(p *parser) bridge.Refund {
	refund := bridge.Refund{ID: string(r.ID)}
	if r.ID == "" || r.Total > 0 {
		p.fail("refunds: each needs an id and a total below zero")
	}
	if len(r.LineItems) == 0 {
		refund.Gross = -money.Decimal(r.Total)
		return refund
	}
	refund.Other = -money.Decimal(r.Total)
	for _, line := range r.LineItems {
		refund.Other += money.Decimal(line.Total)
		p.refundLine(&refund, bridge.RefundLine{
			Line: find(line.MetaData, wooRefundedItem), Quantity: -max(line.Quantity, -maxQuantity-1), Amount: -money.Decimal(line.Total),
		})
	}
	return refund
}
