package ledger

import "github.com/trueup-ledger/trueup/money"

// rejectDiscount returns a rejection of discounts that exceed the price of a line. It names
// the first discount that makes the amount negative.
func (o *order) rejectDiscount(line ConversionLine, afterUnit, afterRate, afterLine money.Exact) *Rejection {
	name := "OrderDiscountRate"
	switch {
	case afterUnit.Negative():
		name = field("ItemDiscount", line.Number)
	case afterRate.Negative():
		name = field("ItemDiscountRate", line.Number)
	case afterLine.Negative():
		name = field("ItemTotalDiscount", line.Number)
	}
	return reject(CodeMalformed, name, "The discounts exceed the price of the item.")
}

// discountField returns the name of a discount of the line, or of the order if it has none.
func (o *order) discountField(line ConversionLine) string {
	switch {
	case line.UnitDiscount != nil:
		return field("ItemDiscount", line.Number)
	case line.DiscountRate != nil:
		return field("ItemDiscountRate", line.Number)
	case line.LineDiscount != nil:
		return field("ItemTotalDiscount", line.Number)
	case o.DiscountRate != nil:
		return "OrderDiscountRate"
	default:
		return "OrderDiscount"
	}
}
