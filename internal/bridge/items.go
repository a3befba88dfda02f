package bridge

import (
	"github.com/trueup-ledger/trueup/money"
)

// skuOfOrder is the SKU that the ledger gives the only item of an order without lines.
const skuOfOrder = "ORDER"

// placedItems returns the items of the order before refunds, and their indexes by the ids of
// lines. Lines with the same SKU are one item.
func (p *Placed) placedItems() (items []Item, index map[string]int) {
	if len(p.Lines) == 0 {
		return []Item{{skuOfOrder, 1, p.Currency.Round(p.Amount)}}, nil
	}
	index = make(map[string]int)
	bySKU := make(map[string]int)
	for _, line := range p.Lines {
		i, known := bySKU[line.SKU]
		if !known {
			i = len(items)
			items, bySKU[line.SKU] = append(items, Item{SKU: line.SKU}), i
		}
		items[i].Quantity += line.Quantity
		items[i].Amount += p.Currency.Round(line.Amount)
		index[line.ID] = i
	}
	return items, index
}

// Items returns the items that the action should have: those of the order less its refunds. A
// refund of lines reduces their items. Any other refund reduces all items in proportion to what
// is left of them.
func (o *Order) Items() ([]Item, error) {
	p := o.Placed
	items, index := p.placedItems()
	placed := sum(items)
	if p.Cancelled || p.Unpaid {
		return reversed(items), nil
	}
	var gross, all money.Amount
	for _, r := range o.refunds() {
		gross += p.Currency.Round(r.Gross)
		all += p.Currency.Round(r.Gross) + p.Currency.Round(r.Other)
		for _, line := range r.Lines {
			i, known := index[line.Line]
			if !known { // the line was left out, or was added to the order later
				continue
			}
			amount, paid := line.Amount, line.Amount
			if p.TaxIncluded {
				amount -= line.Tax
			} else {
				paid += line.Tax
			}
			all += p.Currency.Round(paid)
			items[i].Quantity = max(items[i].Quantity-line.Quantity, 0)
			items[i].Amount = max(items[i].Amount-p.Currency.Round(amount), 0)
		}
	}
	if len(o.Refunds) == 0 { // the sum never falls, also if a refund fails
		gross = p.Currency.Round(o.Refunded)
	}
	if total := p.Currency.Round(p.Total); all > 0 && all >= total { // lines and amounts need not add up to the items
		return reversed(items), nil
	}
	share, err := p.shareOf(gross, placed)
	if err != nil {
		return nil, err
	}
	for i, before := range o.placedAmounts() {
		if items[i].Quantity == 0 || items[i].Amount == 0 && before > 0 {
			items[i] = Item{SKU: items[i].SKU}
		}
	}
	return spread(items, share)
}

// placedAmounts returns the amounts of the items before refunds.
func (o *Order) placedAmounts() (amounts []money.Amount) {
	items, _ := o.Placed.placedItems()
	for _, item := range items {
		amounts = append(amounts, item.Amount)
	}
	return amounts
}

// shareOf returns the part of the items' amount that a refund with shipping and tax takes off:
// all of it, if everything that the customer paid was refunded.
func (p *Placed) shareOf(refunded, items money.Amount) (money.Amount, error) {
	total := p.Currency.Round(p.Total)
	if refunded <= 0 {
		return 0, nil
	}
	if refunded >= total {
		return items, nil
	}
	return items.Scale(int64(refunded), int64(total))
}

// spread takes an amount off the items in proportion to their amounts. If nothing is left, all
// are reversed.
func spread(items []Item, off money.Amount) ([]Item, error) {
	if off <= 0 {
		return items, nil
	}
	left := sum(items) - off
	if left <= 0 {
		return reversed(items), nil
	}
	weights := make([]int64, len(items))
	for i, item := range items {
		weights[i] = int64(item.Amount)
	}
	shares, err := left.Split(weights)
	if err != nil {
		return nil, err
	}
	for i, share := range shares {
		if share == 0 && items[i].Amount > 0 {
			items[i].Quantity = 0
		}
		items[i].Amount = share
	}
	return items, nil
}

func sum(items []Item) (total money.Amount) {
	for _, item := range items {
		total += item.Amount
	}
	return total
}

// reversed returns the items without quantity and amount.
func reversed(items []Item) []Item {
	for i := range items {
		items[i] = Item{SKU: items[i].SKU}
	}
	return items
}
