package ledger

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// SKUs of items that were sent without a SKU.
const (
	skuOfOrder = "ORDER"
	skuOfItem  = "ITEM-"
)

// currency returns the currency of the conversion's amounts.
func (c Conversion) currency(account program.Account) money.Currency {
	return cmp.Or(c.Currency, account.Currency)
}

// items returns the items of the order. Its lines less their discounts are merged by SKU,
// then the order's discount and total are spread over them (docs/rules.md, section 2).
func (c Conversion) items(currency money.Currency) ([]Item, error) {
	if deref(c.DiscountRate) < 0 {
		return nil, rejection.New(rejection.CodeMalformed, "OrderDiscountRate", "Must not be negative.")
	}
	o := order{Conversion: c, currency: currency, index: make(map[string]int)}
	add := o.addLines
	if len(c.Lines) == 0 {
		add = o.addWholeOrder
	}
	if err := add(); err != nil {
		return nil, err
	}
	if _, _, err := o.weights(); err != nil { // the sum has too many digits
		return nil, err
	}
	for i := range o.items {
		item := &o.items[i]
		item.Line = Line{item.Amount, item.Quantity}
	}
	return o.items, nil
}

// order computes the items of a conversion.
type order struct {
	Conversion
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
	line := ConversionLine{SKU: skuOfOrder, SubTotal: o.SubTotal}
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
func (o *order) add(line ConversionLine) error {
	amount, err := o.lineAmount(line)
	if err != nil {
		return err
	}
	o.priced = o.priced || line.HasPrice()
	item := Item{
		SKU: line.SKU, SubCategory: line.SubCategory, MPN: line.MPN, Brand: line.Brand, Promo: line.Promo,
		ItemState: ItemState{
			Name: line.Name, Category: line.Category, Quantity: line.quantity(), Amount: amount,
			Rebate: o.currency.Round(deref(line.Rebate)),
		},
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
		return rejection.New(rejection.CodeDuplicateSKU, field("ItemSku", line.Number), "%q was sent twice with different categories.", item.SKU)
	}
	if same.Quantity += item.Quantity; same.Quantity > MaxQuantity {
		return rejection.New(rejection.CodeMalformed, field("ItemQuantity", line.Number), "The quantities of %q add up to more than %d.", item.SKU, MaxQuantity)
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
func (o *order) lineAmount(line ConversionLine) (money.Amount, error) {
	if err := line.validate(o.Conversion); err != nil {
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
		{field("ItemDiscount", line.Number), e},
		{field("ItemDiscountRate", line.Number), afterRate},
		{field("ItemTotalDiscount", line.Number), afterLine},
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
			return nil, 0, ConversionLine{}.rejectTooLarge("ItemSubTotal", err)
		}
	}
	return weights, sum, nil
}

// rejectTooLarge returns a rejection that names the line's field if err is
// [money.ErrTooLarge], else err.
func (l ConversionLine) rejectTooLarge(name string, err error) error {
	if !errors.Is(err, money.ErrTooLarge) {
		return err
	}
	return rejection.New(rejection.CodeMalformed, field(name, l.Number), "The result would exceed %d digits before the decimal point.", money.MaxIntegerDigits)
}

func (l ConversionLine) quantity() int64 { return *cmp.Or(l.Quantity, new(int64(1))) }

// unpriced returns the line's quantity if it has no price, else 0.
func (l ConversionLine) unpriced() int64 {
	if l.HasPrice() {
		return 0
	}
	return l.quantity()
}

// HasPrice reports whether the line was sent with a price or an amount.
func (l ConversionLine) HasPrice() bool {
	return l.Price != nil || l.SubTotal != nil || l.Amount != nil
}

// UnpricedLines returns the number of lines whose amount is 0 because neither they nor the
// order were sent with a price. An order without lines, such as a lead, has none.
func (c Conversion) UnpricedLines() (count int) {
	if c.Amount != nil {
		return 0
	}
	for _, line := range c.Lines {
		if !line.HasPrice() {
			count++
		}
	}
	return count
}

// validate rejects a line with fields that are out of bounds or contradict each other.
// The order's discount contradicts a final amount too.
func (l ConversionLine) validate(c Conversion) error {
	name := func(base string) string { return field(base, l.Number) }
	if q := l.quantity(); q < 1 || q > MaxQuantity {
		return rejection.New(rejection.CodeMalformed, name("ItemQuantity"), "Must be from 1 to %d.", MaxQuantity)
	}
	discount := "" // the first one
	for _, given := range []struct {
		name     string
		d        *money.Decimal
		discount bool
	}{
		{name("ItemPrice"), l.Price, false},
		{name("ItemSubTotal"), l.SubTotal, false},
		{name("Amount"), l.Amount, false},
		{name("ItemDiscount"), l.UnitDiscount, true},
		{name("ItemDiscountRate"), l.DiscountRate, true},
		{name("ItemTotalDiscount"), l.LineDiscount, true},
		{name("ItemTotalRebate"), l.Rebate, false},
		{"OrderDiscountRate", c.DiscountRate, true},
		{"OrderDiscount", c.Discount, true},
	} {
		if deref(given.d) < 0 {
			return rejection.New(rejection.CodeMalformed, given.name, "Must not be negative.")
		}
		if given.discount && given.d != nil {
			discount = cmp.Or(discount, given.name)
		}
	}
	if l.Price != nil && l.SubTotal != nil || l.Amount != nil && (l.Price != nil || l.SubTotal != nil) {
		return rejection.New(rejection.CodeMalformed, name("ItemSubTotal"), "Send only one of ItemPrice, ItemSubTotal and Amount.")
	}
	if l.Amount != nil && discount != "" {
		return rejection.New(rejection.CodeMalformed, discount, "The Amount of the line is final, so it cannot have a discount; send ItemSubTotal instead.")
	}
	return nil
}

// deref returns *p, or the zero value if p is nil.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
