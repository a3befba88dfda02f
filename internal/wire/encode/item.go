package encode

import "github.com/trueup-ledger/trueup/ledger"

// AppendItem appends an item of an action to dst.
func (e *Encoder) AppendItem(dst []byte, a ledger.Action, item ledger.Item) []byte {
	o := e.open(dst, Items.Element)
	o.itemFields(a, item)
	return o.close(Items.Element)
}

func (o *objectWriter) itemFields(a ledger.Action, item ledger.Item) {
	digits, currency := a.Currency.Digits(), string(a.Currency)
	o.text("Sku", item.SKU)
	o.text("ItemName", item.Name)
	o.text("Category", item.Category)
	o.integerText("Quantity", item.Quantity)
	o.amountText("SaleAmount", item.Amount, digits)
	o.text("SaleAmountCurrency", currency)
	o.amount("Payout", item.Payout, digits)
	o.text("PayoutCurrency", currency)
	o.amount("Rebate", item.Rebate, digits)
	o.text("RebateCurrency", currency)
	o.timestamp("AdjustmentDate", item.Adjusted)
	o.text("AdjustmentReason", item.AdjustmentReason)
	if a.ID.Number == 0 {
		o.text("Uri", "")
		return
	}
	o.uri(string(appendActionID([]byte("/Actions/"), a.ID)), "/Items/"+escapeSKU(item.SKU))
}
