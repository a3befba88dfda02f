package wire

import "github.com/trueup-ledger/trueup/ledger"

// AppendItem writes an item of an action.
func (e *Encoder) AppendItem(dst []byte, a ledger.Action, item ledger.Item) []byte {
	o := e.open(dst, "ActionItem")
	o.fieldsOfItem(a, item)
	return o.close("ActionItem")
}

func (o *object) fieldsOfItem(a ledger.Action, item ledger.Item) {
	digits, currency := a.Currency.Digits(), string(a.Currency)
	o.text("Sku", item.SKU)
	o.text("ItemName", item.Name)
	o.text("Category", item.Category)
	o.count("Quantity", item.Quantity)
	o.amountText("SaleAmount", item.Amount, digits)
	o.text("SaleAmountCurrency", currency)
	o.amount("Payout", item.Payout, digits)
	o.text("PayoutCurrency", currency)
	o.amount("Rebate", item.Rebate, digits)
	o.text("RebateCurrency", currency)
	o.instant("AdjustmentDate", item.Adjusted)
	o.text("AdjustmentReason", item.AdjustmentReason)
	if a.ID.Number == 0 {
		o.text("Uri", "")
		return
	}
	o.uri(string(appendActionID([]byte("/Actions/"), a.ID)), "/Items/"+escapeSKU(item.SKU))
}
