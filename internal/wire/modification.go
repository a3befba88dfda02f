package wire

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// itemFields are the names that belong to an item of a modification, but for its
// Sku and for Amount, which without a Sku is the whole order's.
var itemFields = []string{
	"Quantity", "ItemQuantity", "QuantityDelta", "ItemSubTotal", "ItemSubTotalDelta",
	"Category", "ItemCategory", "ItemName", "Rebate",
}

var (
	skuNames = []string{"Sku", "ItemSku"}

	skuSet   = setOf(skuNames)
	itemSet  = setOf(slices.Concat(skuNames, itemFields, []string{"Amount"}))
	straySet = setOf(itemFields, "Amount")
)

// DecodeModification reads a PUT of actions: of items, if one is named, else of
// the action itself. Identifiers that the path carries are added to p before. Its
// error is an [*Error] with everything that the request alone shows to be wrong.
func DecodeModification(p *Params, env Env) (ledger.Modification, error) {
	f := fields{params: p, env: env}
	f.dryRun(env.Previews)
	if f.has("State") {
		f.fault("State", "Use DELETE /Actions to reverse an action")
	}
	m := ledger.Modification{
		Address:        f.address(),
		Reason:         f.reason("Reason", "DispositionCode"),
		CustomerStatus: pointer(&f, textUpTo(maxText), "CustomerStatus"),
		Currency:       f.currency("currencyCode", "Currency"),
		Expected:       f.expected(),
		Note:           f.text(maxText, "Note"),
	}
	// An empty value from here on is a mistake or a new, empty text: were it absent,
	// an empty Sku would turn the change of an item into one of the whole order.
	f.strict = true
	if len(f.numbers(skuSet)) > 0 {
		m.Items = f.itemChanges()
	} else {
		m.Amount = f.orderAmount()
	}
	// Without items, a fault makes the rest look as if nothing had been sent.
	if m.Reason != "" && (len(m.Items) > 0 || len(f.faults) == 0) {
		f.refused(m.Faults())
	}
	if err := f.err(); err != nil {
		return ledger.Modification{}, err
	}
	return m, nil
}

// itemChanges reads the items; a field whose item has no Sku is a fault of the Sku.
func (f *fields) itemChanges() []ledger.ItemChange {
	numbers := f.numbers(itemSet)
	if len(numbers) > MaxItems {
		f.fault("Sku", "At most %d items can be changed at once", MaxItems)
		return nil
	}
	items := make([]ledger.ItemChange, 0, len(numbers))
	for _, n := range numbers {
		f.enter(n)
		items = append(items, f.itemChange())
	}
	f.enter(0)
	return items
}

func (f *fields) itemChange() ledger.ItemChange {
	sku, given := take(f, parseSKU, "Sku", "ItemSku")
	if !given {
		f.fault(f.numbered("Sku"), "Required: it names the item that the other fields are for")
	}
	return ledger.ItemChange{
		Number:        f.number,
		SKU:           sku,
		Quantity:      f.quantity("Quantity", "ItemQuantity"),
		QuantityDelta: pointer(f, parseSignedQuantity, "QuantityDelta"),
		Amount:        f.amount("Amount", "ItemSubTotal"),
		AmountDelta:   f.signed("ItemSubTotalDelta"),
		Category:      pointer(f, textUpTo(maxText), "Category", "ItemCategory"),
		Name:          pointer(f, textUpTo(maxText), "ItemName"),
		Rebate:        f.amount("Rebate"),
	}
}

// orderAmount reads the action's new total. A field of an item beside it says
// that a Sku was forgotten, and the amount must not hit the whole order.
func (f *fields) orderAmount() *money.Decimal {
	if len(f.numbers(straySet)) > 0 {
		f.fault("Sku", "Required: an item's field was sent, and only its Sku says which item is meant")
	}
	return f.amount("Amount")
}
