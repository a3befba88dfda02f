package wire

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// The parameters of an item of a modification. An Amount without a number is the total
// of the order if no item has a Sku.
var (
	skuNames            = []string{"Sku", "ItemSku"}
	skuNameSet          = newNameSet(skuNames)
	itemNames           = newNameSet(namesRead((*Decoder).decodeItemChange))
	itemNamesWithoutSKU = newNameSet(slices.DeleteFunc(namesRead((*Decoder).decodeItemChange), func(name string) bool {
		return name == "Amount" || slices.Contains(skuNames, name)
	}), "Amount")
)

// IsChangeParameter reports whether a parameter of modifications, without the number after
// its name, identifies an item or changes an item or an action.
func IsChangeParameter(name string) bool {
	_, ofItem := itemNames[strings.ToLower(name)]
	return ofItem || strings.EqualFold(name, "CustomerStatus")
}

// DecodeModification decodes a PUT of actions. The modification changes items if
// the request has a Sku, and otherwise the action itself. The caller first adds identifiers
// from the path to p. The error is an [*Error] with every malformed parameter and with
// the rejections that don't depend on the ledger.
func DecodeModification(p *Params, env Env) (ledger.Modification, error) {
	d := NewDecoder(p, env)
	m := d.decodeModification()
	if err := d.Err(); err != nil {
		return ledger.Modification{}, err
	}
	return m, nil
}

func (d *Decoder) decodeModification() ledger.Modification {
	d.dryRun(d.env.AllowDryRun)
	if d.Has("State") {
		d.AddError("State", "Use DELETE /Actions to reverse an action")
	}
	m := ledger.Modification{
		Address:        d.decodeAddress(),
		Reason:         d.decodeReason("Reason", "DispositionCode"),
		CustomerStatus: readOptional(d, textUpTo(maxText), "CustomerStatus"),
		Currency:       d.currency("currencyCode", "Currency"),
		Expected:       d.expectedUpdate(),
		Note:           d.Text("Note"),
	}
	// From here on, an empty value is an error or an empty text. If it counted as
	// absent, a request with an empty Sku would modify the whole order.
	d.keepEmpty = true
	if len(d.itemNumbers(skuNameSet)) > 0 {
		m.Items = d.decodeItemChanges()
	} else {
		m.Amount = d.decodeOrderAmount()
	}
	// Validate would report a modification as empty if the items have errors.
	if m.Reason != "" && (len(m.Items) > 0 || len(d.fieldErrors) == 0) {
		d.addRejections(m.Validate(d.env.Now, program.Account{}))
	}
	return m
}

// decodeItemChanges reads the items. An item with parameters but without a Sku is an
// error.
func (d *Decoder) decodeItemChanges() []ledger.ItemChange {
	numbers := d.itemNumbers(itemNames)
	if len(numbers) > MaxItems {
		d.AddError("Sku", "At most %d items can be changed at once", MaxItems)
		return nil
	}
	items := make([]ledger.ItemChange, 0, len(numbers))
	for _, n := range numbers {
		d.selectItem(n)
		items = append(items, d.decodeItemChange())
	}
	d.selectItem(0)
	return items
}

func (d *Decoder) decodeItemChange() ledger.ItemChange {
	sku, found := read(d, parseSKU, skuNames...)
	if !found {
		d.AddError(d.numbered("Sku"), "Required: it identifies the item of the other parameters")
	}
	return ledger.ItemChange{
		Number:        d.item,
		SKU:           sku,
		Quantity:      d.quantity("Quantity", "ItemQuantity"),
		QuantityDelta: readOptional(d, parseSignedQuantity, "QuantityDelta"),
		Amount:        d.amount("Amount", "ItemSubTotal"),
		AmountDelta:   d.signedAmount("ItemSubTotalDelta"),
		Category:      readOptional(d, textUpTo(maxText), "Category", "ItemCategory"),
		Name:          readOptional(d, textUpTo(maxText), "ItemName"),
		Rebate:        d.amount("Rebate"),
	}
}

// decodeOrderAmount reads the new total of the order. A parameter of an item without a
// Sku is an error: the caller forgot the Sku, and the amount must not apply to the
// whole order.
func (d *Decoder) decodeOrderAmount() *money.Decimal {
	if len(d.itemNumbers(itemNamesWithoutSKU)) > 0 {
		d.AddError("Sku", "Required: the request has a parameter of an item, and the Sku identifies the item")
	}
	return d.amount("Amount")
}
