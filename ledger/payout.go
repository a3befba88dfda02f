package ledger

import (
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// price sets the payouts of the items and updates the action's totals. For each item it
// returns the id of the group that priced it, 0 for the default. It modifies the items
// in place, so the caller must own them.
func (a *Action) price(t program.Terms, fee money.Decimal) (groups []int64, err error) {
	if err := a.sum(); err != nil { // rules of groups can compare the order's total
		return nil, err
	}
	groups = make([]int64, len(a.Items))
	if t.Level == program.LevelOrder {
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

func (a *Action) priceItems(t program.Terms, groups []int64) error {
	for i := range a.Items {
		item := &a.Items[i]
		payout, group := payoutFor(t, a, item)
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

func (a *Action) priceOrder(t program.Terms, groups []int64) error {
	payout, group := payoutFor(t, a, nil)
	for i := range groups {
		groups[i] = group
	}
	var total money.Amount
	var err error
	switch {
	case payout.Rate != nil:
		total, err = a.Amount.Percent(*payout.Rate)
	case a.Amount > 0, a.Intended.Amount == 0 && !a.allReversed(): // else a flat payout is 0
		total = a.Currency.Round(*payout.Flat)
	}
	if err != nil {
		return err
	}
	return a.split(total, func(item *Item, share money.Amount) { item.Payout = share })
}

// split divides total among the items in proportion to their amounts, or to their
// quantities if all amounts are 0, and calls set with each share.
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

// capPayouts reduces the payouts in proportion, so that their sum is at most the cap.
func (a *Action) capPayouts(t program.Terms) error {
	if t.PayoutCap == nil {
		return nil
	}
	limit := a.Currency.Round(*t.PayoutCap)
	weights := make([]int64, len(a.Items))
	var sum money.Amount
	for i, item := range a.Items {
		var err error
		if sum, err = a.Currency.Add(sum, item.Payout); err != nil {
			return err
		}
		weights[i] = int64(item.Payout)
	}
	if sum <= limit {
		return nil
	}
	shares, err := limit.Split(weights)
	if err != nil {
		return err
	}
	for i := range a.Items {
		a.Items[i].Payout = shares[i]
	}
	return nil
}

// sum updates the fields that derive from the items: Totals, Reversed and ClientCost.
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
