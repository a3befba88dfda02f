// Package order computes the items of an order from its lines, discounts and totals
// (docs/rules.md, section 2).
package order

import (
	"cmp"
	"errors"

	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Limits of an order.
const (
	// MaxItems is the maximum number of items of an order or a modification.
	MaxItems = 1000
	// MaxQuantity is the largest quantity of an item.
	MaxQuantity = 999_999_999
)

// Prices are the lines of a reported order and what it costs. Their JSON form is stored with
// that of a conversion.
type Prices struct {
	// Lines are the lines of the order as they were sent.
	Lines []Line `json:",omitzero"`
	// Amount is the order's total. SubTotal and PostDiscount are for an order without
	// lines.
	Amount       *money.Decimal `json:",omitzero"`
	SubTotal     *money.Decimal `json:",omitzero"`
	PostDiscount *money.Decimal `json:",omitzero"`
	// Discount is spread over the items. DiscountRate is in percent.
	Discount     *money.Decimal `json:",omitzero"`
	DiscountRate *money.Decimal `json:",omitzero"`
}

// Line is one line of a reported order.
type Line struct {
	// Number is the suffix of the parameters' names, such as 2 in "ItemSku2".
	Number      int    `json:",omitzero"`
	SKU         string `json:",omitzero"`
	Name        string `json:",omitzero"`
	Category    string `json:",omitzero"`
	SubCategory string `json:",omitzero"`
	MPN         string `json:",omitzero"`
	Brand       string `json:",omitzero"`
	Promo       string `json:",omitzero"`
	// Quantity defaults to 1.
	Quantity *int64 `json:",omitzero"`
	// At most one is set: Price per unit, SubTotal before discounts, or the final Amount.
	Price    *money.Decimal `json:",omitzero"`
	SubTotal *money.Decimal `json:",omitzero"`
	Amount   *money.Decimal `json:",omitzero"`
	// UnitDiscount is per unit. DiscountRate is in percent. LineDiscount is for the line.
	UnitDiscount *money.Decimal `json:",omitzero"`
	DiscountRate *money.Decimal `json:",omitzero"`
	LineDiscount *money.Decimal `json:",omitzero"`
	// Rebate is the customer's rebate for the whole line.
	Rebate *money.Decimal `json:",omitzero"`
}

// rejectTooLarge returns a rejection that names the line's field if err is
// [money.ErrTooLarge], else err.
func (l Line) rejectTooLarge(name string, err error) error {
	if !errors.Is(err, money.ErrTooLarge) {
		return err
	}
	return rejection.New(rejection.CodeMalformed, rejection.Field(name, l.Number), "The result would exceed %d digits before the decimal point.", money.MaxIntegerDigits)
}

func (l Line) quantity() int64 { return *cmp.Or(l.Quantity, new(int64(1))) }

// unpriced returns the line's quantity if it has no price, else 0.
func (l Line) unpriced() int64 {
	if l.HasPrice() {
		return 0
	}
	return l.quantity()
}

// HasPrice reports whether the line was sent with a price or an amount.
func (l Line) HasPrice() bool {
	return l.Price != nil || l.SubTotal != nil || l.Amount != nil
}

// UnpricedLines returns the number of lines whose amount is 0 because neither they nor the
// order were sent with a price. An order without lines, such as a lead, has none.
func (p Prices) UnpricedLines() (count int) {
	if p.Amount != nil {
		return 0
	}
	for _, line := range p.Lines {
		if !line.HasPrice() {
			count++
		}
	}
	return count
}

// validate rejects a line with fields that are out of bounds or contradict each other.
// The order's discount contradicts a final amount too.
func (l Line) validate(p Prices) error {
	name := func(base string) string { return rejection.Field(base, l.Number) }
	if q := l.quantity(); q < 1 || q > MaxQuantity {
		return rejection.New(rejection.CodeMalformed, name("ItemQuantity"), "Must be from 1 to %d.", MaxQuantity)
	}
	discount := "" // the first one
	for _, given := range []struct {
		name     string
		d        *money.Decimal
		discount bool
	}{
		{name("ItemPrice"), l.Price, false},
		{name("ItemSubTotal"), l.SubTotal, false},
		{name("Amount"), l.Amount, false},
		{name("ItemDiscount"), l.UnitDiscount, true},
		{name("ItemDiscountRate"), l.DiscountRate, true},
		{name("ItemTotalDiscount"), l.LineDiscount, true},
		{name("ItemTotalRebate"), l.Rebate, false},
		{"OrderDiscountRate", p.DiscountRate, true},
		{"OrderDiscount", p.Discount, true},
	} {
		if deref(given.d) < 0 {
			return rejection.New(rejection.CodeMalformed, given.name, "Must not be negative.")
		}
		if given.discount && given.d != nil {
			discount = cmp.Or(discount, given.name)
		}
	}
	if l.Price != nil && l.SubTotal != nil || l.Amount != nil && (l.Price != nil || l.SubTotal != nil) {
		return rejection.New(rejection.CodeMalformed, name("ItemSubTotal"), "Send only one of ItemPrice, ItemSubTotal and Amount.")
	}
	if l.Amount != nil && discount != "" {
		return rejection.New(rejection.CodeMalformed, discount, "The Amount of the line is final, so it cannot have a discount; send ItemSubTotal instead.")
	}
	return nil
}

// deref returns *p, or the zero value if p is nil.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
