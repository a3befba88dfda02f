package ledger

import "github.com/trueup-ledger/trueup/money"

// price sets the payouts of the action's items, and with them its sums, by the
// terms and the fee rate. It answers for each item the id of the group that
// priced it, 0 for the default. The items are changed in place: they are the
// caller's own copy.
func (a *Action) price(t Terms, fee money.Decimal) (groups []int64, err error) {
	if err := a.sum(); err != nil { // terms may look at the order's total
		return nil, err
	}
	groups = make([]int64, len(a.Items))
	if t.Level == LevelOrder {
		err = a.priceOrder(t, groups)
	} else {
		err = a.priceItems(t, groups)
	}
	if err != nil {
		return nil, err
	}
	if err := a.capPayouts(t); err != nil {
		return nil, err
	}
	a.FeeRate = fee
	return groups, a.sum()
}

func (a *Action) priceItems(t Terms, groups []int64) error {
	for i := range a.Items {
		item := &a.Items[i]
		payout, group := t.payoutFor(a, item)
		groups[i] = group
		var err error
		if payout.Rate != nil {
			item.Payout, err = item.Amount.Percent(*payout.Rate)
		} else {
			item.Payout, err = a.Currency.Times(*payout.Flat, item.Quantity)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Action) priceOrder(t Terms, groups []int64) error {
	payout, group := t.payoutFor(a, nil)
	for i := range groups {
		groups[i] = group
	}
	var total money.Amount
	var err error
	switch {
	case payout.Rate != nil:
		total, err = a.Amount.Percent(*payout.Rate)
	case a.Amount > 0, a.Intended.Amount == 0 && !a.allReversed():
		total = a.Currency.Round(*payout.Flat)
	}
	if err != nil {
		return err
	}
	return a.split(total, func(item *Item, share money.Amount) { item.Payout = share })
}

// split divides a total over the items by their amounts, or by their quantities
// if all amounts are 0.
func (a *Action) split(total money.Amount, set func(*Item, money.Amount)) error {
	weights := make([]int64, len(a.Items))
	for i, item := range a.Items {
		weights[i] = int64(item.Amount)
		if a.Amount == 0 {
			weights[i] = item.Quantity
		}
	}
	shares, err := total.Split(weights)
	if err != nil {
		return err
	}
	for i := range a.Items {
		set(&a.Items[i], shares[i])
	}
	return nil
}

// capPayouts cuts the payouts down to the terms' cap.
func (a *Action) capPayouts(t Terms) error {
	if t.PayoutCap == nil {
		return nil
	}
	most := a.Currency.Round(*t.PayoutCap)
	weights := make([]int64, len(a.Items))
	var sum money.Amount
	for i, item := range a.Items {
		var err error
		if sum, err = a.Currency.Add(sum, item.Payout); err != nil {
			return err
		}
		weights[i] = int64(item.Payout)
	}
	if sum <= most {
		return nil
	}
	shares, err := most.Split(weights)
	if err != nil {
		return err
	}
	for i := range a.Items {
		a.Items[i].Payout = shares[i]
	}
	return nil
}

// sum draws the totals, the reversed mark and the client cost from the items.
func (a *Action) sum() error {
	var total Totals
	var err error
	for _, item := range a.Items {
		if total.Amount, err = a.Currency.Add(total.Amount, item.Amount); err != nil {
			return err
		}
		if total.Payout, err = a.Currency.Add(total.Payout, item.Payout); err != nil {
			return err
		}
	}
	fee, err := total.Payout.Percent(a.FeeRate)
	if err != nil {
		return err
	}
	a.Totals, a.Reversed = total, a.allReversed()
	a.ClientCost, err = a.Currency.Add(total.Payout, fee)
	return err
}
