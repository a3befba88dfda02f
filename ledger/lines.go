package ledger

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/money"
)

// SKUs of items that were sent without one.
const (
	skuOfOrder = "ORDER"
	skuOfItem  = "ITEM-"
)

// currency answers that of the conversion's amounts.
func (c Conversion) currency(account Account) money.Currency {
	return cmp.Or(c.Currency, account.Currency)
}

// items answers the items of the order: its lines with their discounts taken
// off, lines of one SKU put together, and what is given for the whole order
// spread over them (docs/rules.md, section 2).
func (c Conversion) items(currency money.Currency) ([]Item, error) {
	if value(c.DiscountRate) < 0 {
		return nil, reject(CodeMalformed, "OrderDiscountRate", "Must not be negative.")
	}
	o := order{Conversion: c, currency: currency, of: make(map[string]int)}
	if len(c.Lines) == 0 {
		if err := o.whole(); err != nil {
			return nil, err
		}
	} else if err := o.lines(); err != nil {
		return nil, err
	}
	if _, _, err := o.weights(); err != nil {
		return nil, err
	}
	for i := range o.items {
		item := &o.items[i]
		item.Line = Line{item.Amount, item.Quantity}
	}
	return o.items, nil
}

// order is a conversion on its way to items.
type order struct {
	Conversion
	currency money.Currency
	items    []Item
	// of finds the items by SKU; unpriced are their quantities that came without a
	// price, whose amount the order's total decides.
	of       map[string]int
	unpriced []int64
}

// whole makes the one item of an order that was sent without lines.
func (o *order) whole() error {
	line := ConversionLine{SKU: skuOfOrder, SubTotal: o.SubTotal}
	paid := cmp.Or(o.Amount, o.PostDiscount)
	if paid == nil && o.SubTotal == nil {
		return reject(CodeNoItem, "ItemSku", "Send the order's items, or its Amount.")
	}
	if paid != nil { // what was paid has its discounts taken off
		o.Discount, o.DiscountRate = nil, nil
		line.SubTotal, line.Amount = nil, paid
	}
	if err := o.add(line); err != nil {
		return err
	}
	return o.spreadDiscount()
}

func (o *order) lines() error {
	if len(o.Lines) > MaxItems {
		return reject(CodeMalformed, "ItemSku", "At most %d items can be sent.", MaxItems)
	}
	for _, line := range o.Lines {
		if err := o.add(line); err != nil {
			return err
		}
	}
	if err := o.spreadDiscount(); err != nil {
		return err
	}
	return o.meetTotal()
}

// add appends the line's item, or adds the line to the item with its SKU.
func (o *order) add(line ConversionLine) error {
	amount, err := o.revenue(line)
	if err != nil {
		return err
	}
	item := Item{
		SKU: line.SKU, SubCategory: line.SubCategory, MPN: line.MPN, Brand: line.Brand, Promo: line.Promo,
		ItemState: ItemState{
			Name: line.Name, Category: line.Category, Quantity: line.quantity(), Amount: amount,
			Rebate: o.currency.Round(value(line.Rebate)),
		},
	}
	if item.SKU == "" && len(o.Lines) == 1 {
		item.SKU = skuOfOrder
	} else if item.SKU == "" {
		item.SKU = skuOfItem + strconv.Itoa(max(line.Number, 1))
	}
	if err := o.currency.Check(item.Rebate); err != nil {
		return line.unfit("ItemTotalRebate", err)
	}
	i, known := o.of[item.SKU]
	if !known {
		i = len(o.items)
		o.of[item.SKU], o.items, o.unpriced = i, append(o.items, item), append(o.unpriced, line.unpriced())
		return nil
	}
	same := &o.items[i]
	if same.Category != item.Category {
		return reject(CodeDuplicateSKU, field("ItemSku", line.Number), "%q is there twice with different categories.", item.SKU)
	}
	if same.Quantity += item.Quantity; same.Quantity > MaxQuantity {
		return reject(CodeMalformed, field("ItemQuantity", line.Number), "The quantities of %q add up to more than %d.", item.SKU, MaxQuantity)
	}
	o.unpriced[i] += line.unpriced()
	if same.Rebate, err = o.currency.Add(same.Rebate, item.Rebate); err != nil {
		return line.unfit("ItemTotalRebate", err)
	}
	same.Amount, err = o.currency.Add(same.Amount, item.Amount)
	return line.unfit("ItemSubTotal", err)
}

// revenue answers the line's amount, rounded once, after its own discounts and
// the order's rate.
func (o *order) revenue(line ConversionLine) (money.Amount, error) {
	if err := line.check(o.Discount != nil || o.DiscountRate != nil); err != nil {
		return 0, err
	}
	paid := func(d *money.Decimal) money.Exact { return o.currency.Exactly(o.currency.Round(value(d))) }
	unitDiscount, quantity := money.Exactly(value(line.UnitDiscount)), line.quantity()
	var e money.Exact
	switch {
	case line.Amount != nil:
		e = paid(line.Amount)
	case line.Price != nil:
		e = money.Exactly(*line.Price).Minus(unitDiscount).Times(quantity)
	default:
		e = paid(line.SubTotal).Minus(unitDiscount.Times(quantity))
	}
	before := e.Negative()
	e = e.Discount(value(line.DiscountRate)).Minus(paid(line.LineDiscount))
	between := e.Negative()
	e = e.Discount(value(o.DiscountRate))
	if before || between || e.Negative() {
		return 0, reject(CodeMalformed, field("ItemSubTotal", line.Number), "The discounts are more than the item costs.")
	}
	amount, err := e.Round(o.currency)
	return amount, line.unfit("ItemSubTotal", err)
}

// spreadDiscount takes the order's discount off the items, by their amounts.
func (o *order) spreadDiscount() error {
	discount := o.currency.Round(value(o.Discount))
	if discount == 0 {
		return nil
	}
	weights, sum, err := o.weights()
	if err != nil {
		return err
	}
	if discount < 0 || discount > sum {
		return reject(CodeMalformed, "OrderDiscount", "Must be from 0 to what the items cost.")
	}
	shares, err := discount.Split(weights)
	for i := range shares {
		o.items[i].Amount -= shares[i]
	}
	return err
}

// meetTotal spreads what the order's total leaves over the quantities without a
// price; without any the items must add up to it.
func (o *order) meetTotal() error {
	if o.Amount == nil {
		return nil
	}
	_, sum, err := o.weights()
	if err != nil {
		return err
	}
	rest := o.currency.Round(*o.Amount) - sum
	open := slices.Max(o.unpriced) > 0
	if rest < 0 || rest > 0 && !open {
		return reject(CodeMalformed, "Amount", "The items add up to %s; send that, or leave Amount out.", o.currency.Format(sum))
	}
	if !open {
		return nil
	}
	shares, err := rest.Split(o.unpriced)
	for i := range shares {
		o.items[i].Amount += shares[i]
	}
	return err
}

func (o *order) weights() (weights []int64, sum money.Amount, err error) {
	weights = make([]int64, len(o.items))
	for i, item := range o.items {
		weights[i] = int64(item.Amount)
		if sum, err = o.currency.Add(sum, item.Amount); err != nil {
			return nil, 0, ConversionLine{}.unfit("ItemSubTotal", err)
		}
	}
	return weights, sum, nil
}

// unfit turns an amount that does not fit into a refusal, which names the line's field.
func (l ConversionLine) unfit(name string, err error) error {
	if !errors.Is(err, money.ErrTooLarge) {
		return err
	}
	return reject(CodeMalformed, field(name, l.Number), "Comes to more than %d digits before the decimal point.", money.MaxIntegerDigits)
}

func (l ConversionLine) quantity() int64 { return value(cmp.Or(l.Quantity, new(int64(1)))) }

// unpriced answers the line's quantity if it came without a price, else 0.
func (l ConversionLine) unpriced() int64 {
	if l.Price == nil && l.SubTotal == nil && l.Amount == nil {
		return l.quantity()
	}
	return 0
}

// check refuses a line whose parts are out of bounds or contradict each other.
func (l ConversionLine) check(orderDiscount bool) error {
	name := func(base string) string { return field(base, l.Number) }
	if q := l.quantity(); q < 1 || q > MaxQuantity {
		return reject(CodeMalformed, name("ItemQuantity"), "Must be from 1 to %d.", MaxQuantity)
	}
	for _, given := range []struct {
		name string
		d    *money.Decimal
	}{
		{"ItemPrice", l.Price},
		{"ItemSubTotal", l.SubTotal},
		{"Amount", l.Amount},
		{"ItemDiscount", l.UnitDiscount},
		{"ItemDiscountRate", l.DiscountRate},
		{"ItemTotalDiscount", l.LineDiscount},
		{"ItemTotalRebate", l.Rebate},
	} {
		if value(given.d) < 0 {
			return reject(CodeMalformed, name(given.name), "Must not be negative.")
		}
	}
	if l.Price != nil && l.SubTotal != nil || l.Amount != nil && (l.Price != nil || l.SubTotal != nil) {
		return reject(CodeMalformed, name("ItemSubTotal"), "Send one of ItemPrice, ItemSubTotal and Amount.")
	}
	discounted := l.UnitDiscount != nil || l.DiscountRate != nil || l.LineDiscount != nil || orderDiscount
	if l.Amount != nil && discounted {
		return reject(CodeMalformed, name("Amount"), "Is final and takes no discount; send ItemSubTotal instead.")
	}
	return nil
}

// value answers what p points to, or zero.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
