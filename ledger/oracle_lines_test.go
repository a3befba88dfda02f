package ledger_test

import (
	"math/big"
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// itemsOf draws the items from the lines, and all the faults that the request
// shows: their order is nowhere given.
func itemsOf(c ledger.Conversion, currency money.Currency) ([]oracleItem, []ledger.Code) {
	if len(c.Lines) == 0 {
		return itemOfOrder(c, currency)
	}
	items, open, faults := merged(c, currency)
	if len(faults) == 0 && c.Discount != nil {
		faults = discount(items, *c.Discount, currency)
	}
	if len(faults) == 0 && c.Amount != nil {
		faults = meet(items, open, *c.Amount, currency)
	}
	amounts := amountsOf(items)
	if !fits(total(amounts), currency) {
		faults = append(faults, ledger.CodeMalformed)
	}
	for i := range items {
		now := &items[i].Now
		now.LineAmount, now.LineQuantity = now.Amount, now.Quantity
	}
	return items, faults
}

func amountsOf(items []oracleItem) (amounts []int64) {
	for _, item := range items {
		amounts = append(amounts, item.Now.Amount)
	}
	return amounts
}

// merged makes one item of the lines with one SKU. Open are the quantities that
// came in lines without a price.
func merged(c ledger.Conversion, currency money.Currency) (items []oracleItem, open []int64, faults []ledger.Code) {
	for _, line := range c.Lines {
		amount, code := amountOf(c, line, currency)
		if code != "" {
			faults = append(faults, code)
		}
		sku := skuOf(c, line)
		at := slices.IndexFunc(items, func(item oracleItem) bool { return item.SKU == sku })
		if at < 0 {
			at = len(items)
			items, open = append(items, oracleItem{SKU: sku, SubCategory: line.SubCategory}), append(open, 0)
			items[at].Now.Name, items[at].Now.Category = line.Name, line.Category
		}
		now := &items[at].Now
		if now.Category != line.Category {
			faults = append(faults, ledger.CodeDuplicateSKU)
		}
		now.Quantity += quantityOf(line)
		now.Amount += amount
		rebate, code := rebateOf(line, currency)
		now.Rebate += rebate
		if code != "" || !fits(now.Rebate, currency) {
			faults = append(faults, ledger.CodeMalformed)
		}
		if line.Price == nil && line.SubTotal == nil && line.Amount == nil {
			open[at] += quantityOf(line)
		}
		if now.Quantity > 999_999_999 || !fits(total(amountsOf(items)), currency) {
			faults = append(faults, ledger.CodeMalformed)
		}
	}
	return items, open, faults
}

// rebateOf is the line's rebate in minor units.
func rebateOf(line ledger.ConversionLine, currency money.Currency) (int64, ledger.Code) {
	if line.Rebate == nil {
		return 0, ""
	}
	rebate, _ := rounded(*line.Rebate, currency)
	if *line.Rebate < 0 {
		return 0, ledger.CodeMalformed
	}
	return rebate, ""
}

func skuOf(c ledger.Conversion, line ledger.ConversionLine) string {
	switch {
	case line.SKU != "":
		return line.SKU
	case len(c.Lines) == 1:
		return "ORDER"
	}
	return "ITEM-" + strconv.Itoa(line.Number)
}

func quantityOf(line ledger.ConversionLine) int64 {
	if line.Quantity == nil {
		return 1
	}
	return *line.Quantity
}

// discount takes the order's discount off the items.
func discount(items []oracleItem, d money.Decimal, currency money.Currency) []ledger.Code {
	amounts := amountsOf(items)
	off, ok := rounded(d, currency)
	if !ok || off < 0 || off > total(amounts) {
		return []ledger.Code{ledger.CodeMalformed}
	}
	for i, share := range split(off, amounts) {
		items[i].Now.Amount -= share
	}
	return nil
}

// meet spreads what the order's total leaves over the quantities without a price;
// without any the items must add up to it.
func meet(items []oracleItem, open []int64, amount money.Decimal, currency money.Currency) []ledger.Code {
	sum, ok := rounded(amount, currency)
	left := sum - total(amountsOf(items))
	if !ok || sum < 0 || left < 0 || left > 0 && total(open) == 0 {
		return []ledger.Code{ledger.CodeMalformed}
	}
	for i, share := range split(left, open) {
		items[i].Now.Amount += share
	}
	return nil
}

// amountOf answers the revenue of a line, nothing if it has no price.
func amountOf(c ledger.Conversion, line ledger.ConversionLine, currency money.Currency) (int64, ledger.Code) {
	discounts := []*money.Decimal{line.UnitDiscount, line.DiscountRate, line.LineDiscount, c.DiscountRate, c.Discount}
	given, prices, below := false, 0, quantityOf(line) < 1
	for _, d := range discounts {
		given = given || d != nil
		below = below || d != nil && *d < 0
	}
	for _, p := range []*money.Decimal{line.Price, line.SubTotal, line.Amount} {
		if p != nil {
			prices++
			below = below || *p < 0
		}
	}
	if below || prices > 1 || given && line.Amount != nil {
		return 0, ledger.CodeMalformed
	}
	exact, bad := stages(c, line, currency)
	amount, ok := whole(exact, currency)
	switch {
	case bad:
		return 0, ledger.CodeMalformed
	case !ok:
		return 0, ledger.CodeMalformed
	}
	return amount, ""
}

// stages takes the discounts off in their order, exactly, and reports whether
// one of them went below zero.
func stages(c ledger.Conversion, line ledger.ConversionLine, currency money.Currency) (exact *big.Rat, bad bool) {
	take := func(next *big.Rat) {
		exact = next
		bad = bad || exact.Sign() < 0
	}
	coins := func(d money.Decimal) *big.Rat {
		n, _ := rounded(d, currency)
		return count(n)
	}
	quantity := count(quantityOf(line))
	switch {
	case line.Amount != nil:
		take(coins(*line.Amount))
	case line.SubTotal != nil:
		take(coins(*line.SubTotal))
	case line.Price != nil:
		take(product(inMinor(*line.Price, currency), quantity))
	default:
		take(count(0))
	}
	if line.UnitDiscount != nil {
		take(difference(exact, product(inMinor(*line.UnitDiscount, currency), quantity)))
	}
	if line.DiscountRate != nil {
		take(product(exact, remaining(*line.DiscountRate)))
	}
	if line.LineDiscount != nil {
		take(difference(exact, coins(*line.LineDiscount)))
	}
	if c.DiscountRate != nil {
		take(product(exact, remaining(*c.DiscountRate)))
	}
	return exact, bad
}
