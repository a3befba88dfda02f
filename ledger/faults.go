package ledger

import "github.com/trueup-ledger/trueup/money"

// Faults answers everything that the request alone shows to be wrong with the
// modification, each as a refusal with [CodeMalformed]: fields that are missing,
// that contradict each other or are out of bounds (docs/rules.md, sections 4
// and 5). A modification with faults is refused at once and never queued.
func (m Modification) Faults() []*Rejection {
	var f faults
	if len(m.Items) > MaxItems {
		f.add("Sku", "At most %d items can be changed at once", MaxItems)
	}
	if len(m.Items) > 0 {
		m.itemFaults(&f)
	} else {
		m.actionFaults(&f)
	}
	return f
}

type faults []*Rejection

func (f *faults) add(field, format string, args ...any) {
	*f = append(*f, reject(CodeMalformed, field, format, args...))
}

func (m Modification) itemFaults(f *faults) {
	if m.Reason != ReasonOrderUpdate {
		f.add("Reason", "Items are modified and reversed with Reason=%s", ReasonOrderUpdate)
	}
	if m.Amount != nil {
		f.add("Amount", "Belongs to an item here: number it like its Sku")
	}
	seen := make(map[string]bool, len(m.Items))
	for _, c := range m.Items {
		if seen[c.SKU] {
			f.add(field("Sku", c.Number), "Named twice in one request; put the item's changes together")
		}
		seen[c.SKU] = true
		c.faults(f)
	}
}

func (c ItemChange) faults(f *faults) {
	name := func(base string) string { return field(base, c.Number) }
	quantity, amount := c.Quantity != nil, c.Amount != nil
	if !quantity && !amount && c.QuantityDelta == nil && c.AmountDelta == nil && c.Category == nil && c.Name == nil && c.Rebate == nil {
		f.add(name("Sku"), "Say what changes: Quantity, Amount, ItemSubTotalDelta, Category, ItemName or Rebate")
	}
	if quantity && (*c.Quantity < 0 || *c.Quantity > MaxQuantity) {
		f.add(name("Quantity"), "Must be from 0 to %d", MaxQuantity)
	}
	if c.QuantityDelta != nil && max(*c.QuantityDelta, -*c.QuantityDelta) > MaxQuantity {
		f.add(name("QuantityDelta"), "Must have at most 9 digits")
	}
	f.notNegative(name("Amount"), c.Amount)
	f.notNegative(name("Rebate"), c.Rebate)
	if amount && c.AmountDelta != nil {
		f.add(name("ItemSubTotalDelta"), "Send it or Amount, not both")
	}
	if c.QuantityDelta != nil && (quantity || amount || c.AmountDelta != nil) {
		f.add(name("QuantityDelta"), "Cannot come with Quantity, Amount or ItemSubTotalDelta")
	}
	if quantity && *c.Quantity == 0 && amount && *c.Amount > 0 {
		f.add(name("Amount"), "Must be 0 or left out where Quantity is 0")
	}
	if quantity && *c.Quantity == 0 && c.AmountDelta != nil {
		f.add(name("ItemSubTotalDelta"), "Must be left out where Quantity is 0")
	}
}

func (f *faults) notNegative(name string, d *money.Decimal) {
	if d != nil && *d < 0 {
		f.add(name, "Must not be negative")
	}
}

func (m Modification) actionFaults(f *faults) {
	reset := m.Reason == ReasonReset
	switch given := m.Amount != nil || m.CustomerStatus != nil; {
	case m.Reason == "":
		f.add("Reason", "Required")
	case reset && given:
		f.add("Reason", "RESET takes no other change")
	case !reset && !given && PredefinedReason(m.Reason):
		f.add("Amount", "Say what changes: Amount or CustomerStatus; for an item name its Sku; to reverse the action use DELETE")
	}
	f.notNegative("Amount", m.Amount)
}
