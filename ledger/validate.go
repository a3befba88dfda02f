package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Validate returns a rejection with [CodeMalformed] for each field that is missing, out
// of bounds or contradicts another (docs/rules.md, sections 4 and 5).
func (c Modification) Validate(time.Time, program.Account) []*Rejection {
	var r rejections
	if len(c.Items) > MaxItems {
		r.add("Sku", "At most %d items can be changed at once.", MaxItems)
	}
	if len(c.Items) > 0 {
		c.validateItems(&r)
	} else {
		c.validateAction(&r)
	}
	return r
}

// rejections collects rejections with [CodeMalformed].
type rejections []*Rejection

func (r *rejections) add(field, format string, args ...any) {
	*r = append(*r, reject(CodeMalformed, field, format, args...))
}

func (r *rejections) addIfNegative(field string, d *money.Decimal) {
	if d != nil && *d < 0 {
		r.add(field, "Must not be negative.")
	}
}

func (c Modification) validateItems(r *rejections) {
	if c.Reason != ReasonOrderUpdate {
		r.add("Reason", "Send Reason=%s to modify or reverse items.", ReasonOrderUpdate)
	}
	if c.Amount != nil {
		r.add("Amount", "Cannot be sent with items; to change the amount of an item, number it like the item's Sku.")
	}
	seen := make(map[string]bool, len(c.Items))
	for _, change := range c.Items {
		if seen[change.SKU] {
			r.add(field("Sku", change.Number), "Named twice in one request; send all changes of the item under one number.")
		}
		seen[change.SKU] = true
		change.validateBounds(r)
		change.validateCombination(r)
	}
}

func (c ItemChange) validateBounds(r *rejections) {
	if c == (ItemChange{Number: c.Number, SKU: c.SKU}) {
		r.add(field("Sku", c.Number), "Send the changes of the item: Quantity, QuantityDelta, Amount, ItemSubTotalDelta, Category, ItemName or Rebate.")
	}
	if c.Quantity != nil && (*c.Quantity < 0 || *c.Quantity > MaxQuantity) {
		r.add(field("Quantity", c.Number), "Must be from 0 to %d.", MaxQuantity)
	}
	if c.QuantityDelta != nil && max(*c.QuantityDelta, -*c.QuantityDelta) > MaxQuantity {
		r.add(field("QuantityDelta", c.Number), "Must have at most 9 digits.")
	}
	r.addIfNegative(field("Amount", c.Number), c.Amount)
	r.addIfNegative(field("Rebate", c.Number), c.Rebate)
}

func (c ItemChange) validateCombination(r *rejections) {
	quantity, amount := c.Quantity != nil, c.Amount != nil
	if amount && c.AmountDelta != nil {
		r.add(field("ItemSubTotalDelta", c.Number), "Cannot be sent with Amount.")
	}
	if c.QuantityDelta != nil && (quantity || amount || c.AmountDelta != nil) {
		r.add(field("QuantityDelta", c.Number), "Cannot be sent with Quantity, Amount or ItemSubTotalDelta.")
	}
	if !quantity || *c.Quantity != 0 {
		return
	}
	if amount && *c.Amount > 0 {
		r.add(field("Amount", c.Number), "Must be 0 or omitted if Quantity is 0.")
	}
	if c.AmountDelta != nil {
		r.add(field("ItemSubTotalDelta", c.Number), "Must be omitted if Quantity is 0.")
	}
}

func (c Modification) validateAction(r *rejections) {
	reset := c.Reason == ReasonReset
	switch given := c.Amount != nil || c.CustomerStatus != nil; {
	case c.Reason == "":
		r.add("Reason", "Required.")
	case reset && given:
		r.add("Reason", "RESET cannot be sent with another change.")
	case !reset && !given && IsPredefinedReason(c.Reason):
		r.add("Amount", "Send Amount or CustomerStatus, or the Sku of an item to modify; use DELETE to reverse the action.")
	}
	r.addIfNegative("Amount", c.Amount)
}

// Validate returns nil. The submission to undo is checked when the undo is decided.
func (Undo) Validate(time.Time, program.Account) []*Rejection { return nil }

// Validate returns nil. The fields of a reversal are checked when it is decided.
func (Reversal) Validate(time.Time, program.Account) []*Rejection { return nil }
