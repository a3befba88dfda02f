// Package bridge turns what the webhooks of a shop say about an order into submissions.
//
// Webhooks arrive late, twice and in any order. An [Order] therefore collects facts, and
// merging the same facts in another order, or again, gives the same Order. What the action
// should be follows from the Order alone.
package bridge

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// ErrIgnored is returned for webhooks that concern no order.
var ErrIgnored = errors.New("the webhook concerns no order")

// ErrTest is returned for orders that only test the shop.
var ErrTest = errors.New("the order is a test")

// ErrEmpty is returned for a retry of an order of which no webhook could be mapped.
var ErrEmpty = errors.New("no webhook of the order could be mapped")

// UnusableError reports a webhook that can't be mapped. It names the order, if that is known.
type UnusableError struct {
	Order  string
	Reason string
}

func (e *UnusableError) Error() string { return e.Reason }

// Event is what a webhook says about an order.
type Event struct {
	// Order is the id of the order at the platform.
	Order string
	// Placed is the order as it was placed, or nil if the webhook doesn't describe it.
	Placed *Placed
	// Refunds are some refunds of the order. Complete means that it had no others at the
	// Version of Placed.
	Refunds  []Refund
	Complete bool
	// Refunded is the sum of all refunds so far. It counts while no single one is known.
	Refunded money.Decimal
}

// Placed describes an order, without shipping and tax.
type Placed struct {
	// Version orders the descriptions of one order.
	Version  time.Time
	Date     time.Time
	Currency money.Currency
	// Total is what the customer pays, with shipping and tax.
	Total money.Decimal
	// Lines are the lines of the order. If there are none, Amount is its amount.
	Lines  []Line        `json:",omitempty"`
	Amount money.Decimal `json:",omitzero"`
	// TaxIncluded means that the amounts of lines of refunds include tax.
	TaxIncluded bool     `json:",omitzero"`
	Codes       []string `json:",omitempty"`
	// Click is the id of a click. It is personal data, and not stored. Clicked is, and means
	// that there was one.
	Click   string `json:"-"`
	Clicked bool   `json:",omitzero"`
	// Unpaid means that there is nothing to pay a commission for yet, and Cancelled that there
	// is no longer.
	Unpaid    bool `json:",omitzero"`
	Cancelled bool `json:",omitzero"`
}

// Line is a line of an order after its discounts.
type Line struct {
	ID, SKU  string
	Quantity int64
	Amount   money.Decimal
}

// Refund is a refund of an order.
type Refund struct {
	ID    string
	Lines []RefundLine `json:",omitempty"`
	// Gross is the amount that belongs to no line, with shipping and tax.
	Gross money.Decimal `json:",omitzero"`
	// Other is the rest of the money: shipping, and tax that Lines leave out. It is below zero
	// if the customer got less than the amounts of Lines.
	Other money.Decimal `json:",omitzero"`
	// Void means that the refund failed or was cancelled.
	Void bool `json:",omitzero"`
}

// RefundLine is the part of a refund that belongs to a line of the order.
type RefundLine struct {
	Line     string
	Quantity int64         `json:",omitzero"`
	Amount   money.Decimal `json:",omitzero"`
	// Tax is the tax in or on Amount.
	Tax money.Decimal `json:",omitzero"`
}

// Order is what is known about an order. Its JSON form is stored.
type Order struct {
	Placed   *Placed           `json:",omitempty"`
	Refunds  map[string]Refund `json:",omitempty"`
	Refunded money.Decimal     `json:",omitzero"`
	// Sent are the items as they were submitted last, or nil before the conversion was.
	Sent []Item `json:",omitempty"`
}

// Item is an item of the action.
type Item struct {
	SKU      string
	Quantity int64
	Amount   money.Amount
}

// Merge adds what an event says.
func (o *Order) Merge(e Event) {
	older, newer := false, e.Placed != nil
	if o.Placed != nil && e.Placed != nil {
		older, newer = e.Placed.Version.Before(o.Placed.Version), o.Placed.Version.Before(e.Placed.Version)
	}
	if e.Complete && newer {
		o.Refunds = nil
	}
	if newer || e.Placed != nil && !older && o.Placed.progress() <= e.Placed.progress() {
		placed := *e.Placed
		placed.Clicked = placed.Click != ""
		o.Placed = &placed
	}
	o.Refunded = max(o.Refunded, e.Refunded)
	if e.Complete && older {
		return
	}
	for _, r := range e.Refunds {
		if o.Refunds == nil {
			o.Refunds = make(map[string]Refund)
		}
		r.Void = r.Void || o.Refunds[r.ID].Void
		o.Refunds[r.ID] = r
	}
}

// progress orders the descriptions of an order with the same version.
func (p *Placed) progress() int {
	switch {
	case p.Cancelled:
		return 2
	case p.Unpaid:
		return 0
	}
	return 1
}

// refunds returns the refunds that count, by id.
func (o *Order) refunds() (counted []Refund) {
	for _, id := range slices.Sorted(maps.Keys(o.Refunds)) {
		if r := o.Refunds[id]; !r.Void {
			counted = append(counted, r)
		}
	}
	return counted
}
