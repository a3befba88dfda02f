package order

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// SKUs of items that were sent without a SKU.
const (
	skuOfOrder = "ORDER"
	skuOfItem  = "ITEM-"
)

// Item is an item of an order, with the sums of its lines.
type Item struct {
	SKU, Name, Category, SubCategory, MPN, Brand, Promo string
	Quantity                                            int64
	Amount, Rebate                                      money.Amount
}

// Items returns the items of the order, with amounts in the currency. Its lines less their
// discounts are merged by SKU, then the order's discount and total are spread over them
// (docs/rules.md, section 2). If the order contradicts itself, Items returns a
// [*rejection.Rejection].
func (p Prices) Items(currency money.Currency) ([]Item, error) {
	if deref(p.DiscountRate) < 0 {
		return nil, rejection.New(rejection.CodeMalformed, "OrderDiscountRate", "Must not be negative.")
	}
	o := order{Prices: p, currency: currency, index: make(map[string]int)}
	add := o.addLines
	if len(p.Lines) == 0 {
		add = o.addWholeOrder
	}
	if err := add(); err != nil {
		return nil, err
	}
	if _, _, err := o.weights(); err != nil { // the sum has too many digits
		return nil, err
	}
	return o.items, nil
}

// order computes the items of an order.
type order struct {
	Prices
	currency money.Currency
	items    []Item
	// index finds items by SKU.
	index map[string]int
	// unpriced is each item's quantity from lines without a price. The order's total
	// determines the amount of these quantities.
	unpriced []int64
	// priced means that a line has a price.
	priced bool
}

// addWholeOrder adds the only item of an order without lines. Without an amount, as of a
// lead, it is worth 0.
func (o *order) addWholeOrder() error {
	line := Line{SKU: skuOfOrder, SubTotal: o.SubTotal}
	paid := cmp.Or(o.Amount, o.PostDiscount)
	if paid != nil { // the amount paid is net of discounts
		o.Discount, o.DiscountRate = nil, nil
		line.SubTotal, line.Amount = nil, paid
	}
	if err := o.add(line); err != nil {
		return err
	}
	return o.spreadDiscount()
}

// addLines adds the items of an order with lines.
func (o *order) addLines() error {
	if len(o.Lines) > MaxItems {
		return rejection.New(rejection.CodeMalformed, "ItemSku", "At most %d items can be sent.", MaxItems)
	}
	for _, line := range o.Lines {
		if err := o.add(line); err != nil {
			return err
		}
	}
	if err := o.spreadDiscount(); err != nil {
		return err
	}
	return o.spreadTotal()
}

// add appends the line's item, or merges it into the item with the same SKU.
func (o *order) add(line Line) error {
	amount, err := o.lineAmount(line)
	if err != nil {
		return err
	}
	o.priced = o.priced || line.HasPrice()
	item := Item{
		SKU: line.SKU, SubCategory: line.SubCategory, MPN: line.MPN, Brand: line.Brand, Promo: line.Promo,
		Name: line.Name, Category: line.Category, Quantity: line.quantity(), Amount: amount,
		Rebate: o.currency.Round(deref(line.Rebate)),
	}
	if item.SKU == "" && len(o.Lines) == 1 {
		item.SKU = skuOfOrder
	} else if item.SKU == "" {
		item.SKU = skuOfItem + strconv.Itoa(max(line.Number, 1))
	}
	if err := o.currency.Check(item.Rebate); err != nil {
		return line.rejectTooLarge("ItemTotalRebate", err)
	}
	i, known := o.index[item.SKU]
	if !known {
		i = len(o.items)
		o.index[item.SKU], o.items, o.unpriced = i, append(o.items, item), append(o.unpriced, line.unpriced())
		return nil
	}
	same := &o.items[i]
	if same.Category != item.Category {
		return rejection.New(rejection.CodeDuplicateSKU, rejection.Field("ItemSku", line.Number), "%q was sent twice with different categories.", item.SKU)
	}
	if same.Quantity += item.Quantity; same.Quantity > MaxQuantity {
		return rejection.New(rejection.CodeMalformed, rejection.Field("ItemQuantity", line.Number), "The quantities of %q add up to more than %d.", item.SKU, MaxQuantity)
	}
	o.unpriced[i] += line.unpriced()
	if same.Rebate, err = o.currency.Add(same.Rebate, item.Rebate); err != nil {
		return line.rejectTooLarge("ItemTotalRebate", err)
	}
	same.Amount, err = o.currency.Add(same.Amount, item.Amount)
	return line.rejectTooLarge("ItemSubTotal", err)
}

// lineAmount returns the line's amount after its own discounts and the order's discount
// rate. It is rounded once.
func (o *order) lineAmount(line Line) (money.Amount, error) {
	if err := line.validate(o.Prices); err != nil {
		return 0, err
	}
	rounded := func(d *money.Decimal) money.Exact { return o.currency.Exact(o.currency.Round(deref(d))) }
	unitDiscount, quantity := deref(line.UnitDiscount).Exact(), line.quantity()
	var e money.Exact
	switch {
	case line.Amount != nil:
		e = rounded(line.Amount)
	case line.Price != nil:
		e = line.Price.Exact().Minus(unitDiscount).Times(quantity)
	default:
		e = rounded(line.SubTotal).Minus(unitDiscount.Times(quantity))
	}
	afterRate := e.Discount(deref(line.DiscountRate))
	afterLine := afterRate.Minus(rounded(line.LineDiscount))
	total := afterLine.Discount(deref(o.DiscountRate))
	for _, discounted := range []struct { // two rates above 100 % would make it positive again
		by   string
		left money.Exact
	}{
		{rejection.Field("ItemDiscount", line.Number), e},
		{rejection.Field("ItemDiscountRate", line.Number), afterRate},
		{rejection.Field("ItemTotalDiscount", line.Number), afterLine},
		{"OrderDiscountRate", total},
	} {
		if discounted.left.Negative() {
			return 0, rejection.New(rejection.CodeMalformed, discounted.by, "The discounts exceed the price of the item.")
		}
	}
	amount, err := total.Round(o.currency)
	return amount, line.rejectTooLarge("ItemSubTotal", err)
}

// spreadDiscount deducts the order's discount from the items in proportion to their amounts.
// An order without a priced line has nothing to deduct from: its total is net of discounts.
func (o *order) spreadDiscount() error {
	if o.Discount == nil {
		return nil
	}
	discount := o.currency.Round(*o.Discount)
	if !o.priced {
		return nil
	}
	weights, sum, err := o.weights()
	if err != nil {
		return err
	}
	if discount > sum { // add checks that it is not negative
		return rejection.New(rejection.CodeMalformed, "OrderDiscount", "Must be from 0 to the sum of the items.")
	}
	shares, err := discount.Split(weights)
	for i := range shares {
		o.items[i].Amount -= shares[i]
	}
	return err
}

// spreadTotal divides the rest of the order's total among the quantities without a price.
// If all have a price, the items must add up to the total.
func (o *order) spreadTotal() error {
	if o.Amount == nil {
		return nil
	}
	_, sum, err := o.weights()
	if err != nil {
		return err
	}
	rest := o.currency.Round(*o.Amount) - sum
	allPriced := slices.Max(o.unpriced) == 0
	if rest < 0 || rest > 0 && allPriced {
		return rejection.New(rejection.CodeMalformed, "Amount", "The items add up to %s; send that amount or omit it.", o.currency.Format(sum))
	}
	if allPriced {
		return nil
	}
	shares, err := rest.Split(o.unpriced)
	for i := range shares {
		o.items[i].Amount += shares[i]
	}
	return err
}

// weights returns the amounts of the items and their sum.
func (o *order) weights() (weights []int64, sum money.Amount, err error) {
	weights = make([]int64, len(o.items))
	for i, item := range o.items {
		weights[i] = int64(item.Amount)
		if sum, err = o.currency.Add(sum, item.Amount); err != nil {
			return nil, 0, Line{}.rejectTooLarge("ItemSubTotal", err)
		}
	}
	return weights, sum, nil
}
