package oracle

import (
	"math/big"
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// itemsOf returns the items of the conversion, and the codes of everything that is
// wrong with them. The rules give these codes no order.
func itemsOf(c ledger.Conversion, currency money.Currency) ([]Item, []rejection.Code) {
	if len(c.Lines) == 0 {
		return itemOfOrder(c, currency)
	}
	items, unpriced, codes := mergeLines(c, currency)
	priced := slices.ContainsFunc(c.Lines, ledger.ConversionLine.HasPrice)
	if off, _ := toMinor(deref(c.Discount), currency); len(codes) == 0 && (priced && c.Discount != nil || off < 0) {
		codes = spreadDiscount(items, *c.Discount, currency)
	}
	if len(codes) == 0 && c.Amount != nil {
		codes = spreadTotal(items, unpriced, *c.Amount, currency)
	}
	if !fits(total(amounts(items)), currency) {
		codes = append(codes, rejection.CodeMalformed)
	}
	for i := range items {
		now := &items[i].Now
		now.report(pair{account: now.Amount}, now.Quantity)
	}
	return items, codes
}

// OrderTotal returns the total of the conversion's items in minor units.
func OrderTotal(c ledger.Conversion, currency money.Currency) int64 {
	items, _ := itemsOf(c, currency)
	return total(amounts(items))
}

// itemOfOrder returns the only item of a conversion without lines.
func itemOfOrder(c ledger.Conversion, currency money.Currency) ([]Item, []rejection.Code) {
	given, discounted := c.Amount, false
	if given == nil {
		given = c.PostDiscount
	}
	if given == nil {
		given, discounted = c.SubTotal, true
	}
	if given == nil { // a lead has nothing to take a discount off
		given, discounted = new(money.Decimal), c.Discount != nil && *c.Discount < 0
	}
	first, _ := toMinor(*given, currency)
	exact := integer(first)
	if discounted && c.DiscountRate != nil {
		exact = product(exact, remaining(*c.DiscountRate))
	}
	amount, ok := roundMinor(exact, currency)
	negative := *given < 0 || c.DiscountRate != nil && *c.DiscountRate < 0
	if discounted && c.Discount != nil {
		off, _ := toMinor(*c.Discount, currency)
		amount -= off
		negative = negative || off < 0
	}
	if !ok || negative || amount < 0 {
		return nil, []rejection.Code{rejection.CodeMalformed}
	}
	now := ItemState{Quantity: 1}
	now.report(pair{account: amount}, 1)
	return []Item{{SKU: "ORDER", Now: now}}, nil
}

func deref(d *money.Decimal) (value money.Decimal) {
	if d != nil {
		value = *d
	}
	return value
}

func amounts(items []Item) (amounts []int64) {
	for _, item := range items {
		amounts = append(amounts, item.Now.Amount)
	}
	return amounts
}

// mergeLines makes one item of the lines with one SKU. It also returns each item's
// quantity from lines without a price.
func mergeLines(c ledger.Conversion, currency money.Currency) (items []Item, unpriced []int64, codes []rejection.Code) {
	for _, line := range c.Lines {
		amount, code := lineAmount(c, line, currency)
		if code != "" {
			codes = append(codes, code)
		}
		sku := lineSKU(c, line)
		at := slices.IndexFunc(items, func(item Item) bool { return item.SKU == sku })
		if at < 0 {
			at = len(items)
			items, unpriced = append(items, Item{SKU: sku, SubCategory: line.SubCategory}), append(unpriced, 0)
			items[at].Now.Name, items[at].Now.Category = line.Name, line.Category
		}
		now := &items[at].Now
		if now.Category != line.Category {
			codes = append(codes, rejection.CodeDuplicateSKU)
		}
		now.Quantity += lineQuantity(line)
		now.Amount += amount
		rebate, code := lineRebate(line, currency)
		now.Rebate += rebate
		if code != "" || !fits(now.Rebate, currency) {
			codes = append(codes, rejection.CodeMalformed)
		}
		if line.Price == nil && line.SubTotal == nil && line.Amount == nil {
			unpriced[at] += lineQuantity(line)
		}
		if now.Quantity > 999_999_999 || !fits(total(amounts(items)), currency) {
			codes = append(codes, rejection.CodeMalformed)
		}
	}
	return items, unpriced, codes
}

// lineRebate returns the line's rebate in minor units.
func lineRebate(line ledger.ConversionLine, currency money.Currency) (int64, rejection.Code) {
	if line.Rebate == nil {
		return 0, ""
	}
	rebate, ok := toMinor(*line.Rebate, currency)
	if *line.Rebate < 0 || !ok {
		return 0, rejection.CodeMalformed
	}
	return rebate, ""
}

func lineSKU(c ledger.Conversion, line ledger.ConversionLine) string {
	switch {
	case line.SKU != "":
		return line.SKU
	case len(c.Lines) == 1:
		return "ORDER"
	}
	return "ITEM-" + strconv.Itoa(max(1, line.Number))
}

func lineQuantity(line ledger.ConversionLine) int64 {
	if line.Quantity == nil {
		return 1
	}
	return *line.Quantity
}

// spreadDiscount takes the order's discount off the items, by their amounts.
func spreadDiscount(items []Item, d money.Decimal, currency money.Currency) []rejection.Code {
	weights := amounts(items)
	off, ok := toMinor(d, currency)
	if !ok || off < 0 || off > total(weights) {
		return []rejection.Code{rejection.CodeMalformed}
	}
	for i, share := range split(off, weights) {
		items[i].Now.Amount -= share
	}
	return nil
}

// spreadTotal divides the rest of the order's total by the quantities without a
// price. If there are none, the items must add up to the total.
func spreadTotal(items []Item, unpriced []int64, amount money.Decimal, currency money.Currency) []rejection.Code {
	sum, ok := toMinor(amount, currency)
	left := sum - total(amounts(items))
	if !ok || sum < 0 || left < 0 || left > 0 && total(unpriced) == 0 {
		return []rejection.Code{rejection.CodeMalformed}
	}
	for i, share := range split(left, unpriced) {
		items[i].Now.Amount += share
	}
	return nil
}

// lineAmount returns the revenue of the line, 0 if it has no price.
func lineAmount(c ledger.Conversion, line ledger.ConversionLine, currency money.Currency) (int64, rejection.Code) {
	discounts := []*money.Decimal{line.UnitDiscount, line.DiscountRate, line.LineDiscount, c.DiscountRate, c.Discount}
	discounted, prices, invalid := false, 0, lineQuantity(line) < 1
	for _, d := range discounts {
		discounted = discounted || d != nil
		invalid = invalid || d != nil && *d < 0
	}
	for _, p := range []*money.Decimal{line.Price, line.SubTotal, line.Amount} {
		if p != nil {
			prices++
			invalid = invalid || *p < 0
		}
	}
	if invalid || prices > 1 || discounted && line.Amount != nil {
		return 0, rejection.CodeMalformed
	}
	exact, negative := afterDiscounts(c, line, currency)
	amount, ok := roundMinor(exact, currency)
	if negative || !ok {
		return 0, rejection.CodeMalformed
	}
	return amount, ""
}

// afterDiscounts takes the discounts off the line in their order, and reports
// whether one of them went below zero.
func afterDiscounts(c ledger.Conversion, line ledger.ConversionLine, currency money.Currency) (exact *big.Rat, negative bool) {
	set := func(next *big.Rat) {
		exact = next
		negative = negative || exact.Sign() < 0
	}
	toRat := func(d money.Decimal) *big.Rat {
		n, _ := toMinor(d, currency)
		return integer(n)
	}
	quantity := integer(lineQuantity(line))
	switch {
	case line.Amount != nil:
		set(toRat(*line.Amount))
	case line.SubTotal != nil:
		set(toRat(*line.SubTotal))
	case line.Price != nil:
		set(product(minorUnits(*line.Price, currency), quantity))
	default:
		set(integer(0))
	}
	if line.UnitDiscount != nil {
		set(difference(exact, product(minorUnits(*line.UnitDiscount, currency), quantity)))
	}
	if line.DiscountRate != nil {
		set(product(exact, remaining(*line.DiscountRate)))
	}
	if line.LineDiscount != nil {
		set(difference(exact, toRat(*line.LineDiscount)))
	}
	if c.DiscountRate != nil {
		set(product(exact, remaining(*c.DiscountRate)))
	}
	return exact, negative
}
