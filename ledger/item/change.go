package item

import (
	"github.com/trueup-ledger/trueup/ledger/order"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Change changes one item. docs/rules.md, section 4, says which fields can be
// combined.
type Change struct {
	// Number is the suffix of the parameters' names, such as 2 in "Sku2".
	Number int `json:",omitzero"`
	SKU    string
	// Quantity is absolute. QuantityDelta is relative and signed.
	Quantity      *int64 `json:",omitzero"`
	QuantityDelta *int64 `json:",omitzero"`
	// Amount is the new amount of the line. AmountDelta is its signed change.
	Amount      *money.Decimal `json:",omitzero"`
	AmountDelta *money.Decimal `json:",omitzero"`
	Category    *string        `json:",omitzero"`
	Name        *string        `json:",omitzero"`
	Rebate      *money.Decimal `json:",omitzero"`
}

// Validate adds a rejection for each field that is out of bounds or contradicts another.
func (c Change) Validate(r *rejection.List) {
	c.validateBounds(r)
	c.validateCombination(r)
}

func (c Change) validateBounds(r *rejection.List) {
	if c == (Change{Number: c.Number, SKU: c.SKU}) {
		r.Add(rejection.Field("Sku", c.Number), "Send the changes of the item: Quantity, QuantityDelta, Amount, ItemSubTotalDelta, Category, ItemName or Rebate.")
	}
	if c.Quantity != nil && (*c.Quantity < 0 || *c.Quantity > order.MaxQuantity) {
		r.Add(rejection.Field("Quantity", c.Number), "Must be from 0 to %d.", order.MaxQuantity)
	}
	if c.QuantityDelta != nil && max(*c.QuantityDelta, -*c.QuantityDelta) > order.MaxQuantity {
		r.Add(rejection.Field("QuantityDelta", c.Number), "Must have at most 9 digits.")
	}
	r.AddIfNegative(rejection.Field("Amount", c.Number), c.Amount)
	r.AddIfNegative(rejection.Field("Rebate", c.Number), c.Rebate)
}

func (c Change) validateCombination(r *rejection.List) {
	quantity, amount := c.Quantity != nil, c.Amount != nil
	if amount && c.AmountDelta != nil {
		r.Add(rejection.Field("ItemSubTotalDelta", c.Number), "Cannot be sent with Amount.")
	}
	if c.QuantityDelta != nil && (quantity || amount || c.AmountDelta != nil) {
		r.Add(rejection.Field("QuantityDelta", c.Number), "Cannot be sent with Quantity, Amount or ItemSubTotalDelta.")
	}
	if !quantity || *c.Quantity != 0 {
		return
	}
	if amount && *c.Amount > 0 {
		r.Add(rejection.Field("Amount", c.Number), "Must be 0 or omitted if Quantity is 0.")
	}
	if c.AmountDelta != nil {
		r.Add(rejection.Field("ItemSubTotalDelta", c.Number), "Must be omitted if Quantity is 0.")
	}
}

// SetsLine reports whether the change sets the line of the item that it leaves in the state s.
func (c Change) SetsLine(s State, currency money.Currency) bool {
	amount := c.Amount != nil && (c.Quantity != nil || currency.Round(*c.Amount) > 0)
	return s.Quantity > 0 && (amount || c.AmountDelta != nil)
}

// itemReversed returns a rejection of a change that a reversed item doesn't allow.
func (c Change) itemReversed(name string) error {
	return rejection.New(rejection.CodeItemReversed, rejection.Field(name, c.Number), "The item is reversed; send a Quantity as well to restore it.")
}
