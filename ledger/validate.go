package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Validate returns a rejection with [CodeMalformed] for each field that is missing, out
// of bounds or contradicts another (docs/rules.md, sections 4 and 5).
func (m Modification) Validate(time.Time, program.Account) []*Rejection {
	var r rejections
	if len(m.Items) > MaxItems {
		r.add("Sku", "At most %d items can be changed at once", MaxItems)
	}
	if len(m.Items) > 0 {
		m.validateItems(&r)
	} else {
		m.validateAction(&r)
	}
	return r
}

// rejections collects malformed fields.
type rejections []*Rejection

func (r *rejections) add(field, format string, args ...any) {
	*r = append(*r, reject(CodeMalformed, field, format, args...))
}

func (r *rejections) addIfNegative(field string, d *money.Decimal) {
	if d != nil && *d < 0 {
		r.add(field, "Must not be negative")
	}
}

func (m Modification) validateItems(r *rejections) {
	if m.Reason != ReasonOrderUpdate {
		r.add("Reason", "Items are modified and reversed with Reason=%s", ReasonOrderUpdate)
	}
	if m.Amount != nil {
		r.add("Amount", "Belongs to an item here: number it like its Sku")
	}
	seen := make(map[string]bool, len(m.Items))
	for _, c := range m.Items {
		if seen[c.SKU] {
			r.add(field("Sku", c.Number), "Named twice in one request; put the item's changes together")
		}
		seen[c.SKU] = true
		c.validateBounds(r)
		c.validateCombination(r)
	}
}

func (c ItemChange) validateBounds(r *rejections) {
	if c == (ItemChange{Number: c.Number, SKU: c.SKU}) {
		r.add(field("Sku", c.Number), "Say what changes: Quantity, Amount, ItemSubTotalDelta, Category, ItemName or Rebate")
	}
	if c.Quantity != nil && (*c.Quantity < 0 || *c.Quantity > MaxQuantity) {
		r.add(field("Quantity", c.Number), "Must be from 0 to %d", MaxQuantity)
	}
	if c.QuantityDelta != nil && max(*c.QuantityDelta, -*c.QuantityDelta) > MaxQuantity {
		r.add(field("QuantityDelta", c.Number), "Must have at most 9 digits")
	}
	r.addIfNegative(field("Amount", c.Number), c.Amount)
	r.addIfNegative(field("Rebate", c.Number), c.Rebate)
}

func (c ItemChange) validateCombination(r *rejections) {
	quantity, amount := c.Quantity != nil, c.Amount != nil
	if amount && c.AmountDelta != nil {
		r.add(field("ItemSubTotalDelta", c.Number), "Send it or Amount, not both")
	}
	if c.QuantityDelta != nil && (quantity || amount || c.AmountDelta != nil) {
		r.add(field("QuantityDelta", c.Number), "Cannot come with Quantity, Amount or ItemSubTotalDelta")
	}
	if !quantity || *c.Quantity != 0 {
		return
	}
	if amount && *c.Amount > 0 {
		r.add(field("Amount", c.Number), "Must be 0 or left out where Quantity is 0")
	}
	if c.AmountDelta != nil {
		r.add(field("ItemSubTotalDelta", c.Number), "Must be left out where Quantity is 0")
	}
}

func (m Modification) validateAction(r *rejections) {
	reset := m.Reason == ReasonReset
	switch given := m.Amount != nil || m.CustomerStatus != nil; {
	case m.Reason == "":
		r.add("Reason", "Required")
	case reset && given:
		r.add("Reason", "RESET takes no other change")
	case !reset && !given && PredefinedReason(m.Reason):
		r.add("Amount", "Say what changes: Amount or CustomerStatus; for an item name its Sku; to reverse the action use DELETE")
	}
	r.addIfNegative("Amount", m.Amount)
}

// Validate returns nil: an undo has no fields that could be invalid.
func (Undo) Validate(time.Time, program.Account) []*Rejection { return nil }

// Validate returns nil: the fields of a reversal are checked with its action.
func (Reversal) Validate(time.Time, program.Account) []*Rejection { return nil }
