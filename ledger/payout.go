package ledger

import (
	"cmp"
	"time"

	"github.com/trueup-ledger/trueup/ledger/item"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
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

// Repriced returns the action, as its conversion left it ([Action.AsTracked]), with the payouts
// by other terms. A payout that the conversion fixed stays.
func (a Action) Repriced(t program.Terms) (Action, error) {
	if a.PayoutFixed {
		return a, nil
	}
	a = a.clone()
	if _, err := a.price(t, a.FeeRate); err != nil {
		return Action{}, err
	}
	for i := range a.Items {
		a.Items[i].Tracked = a.Items[i].ItemState
	}
	a.Intended, a.Delta = a.Totals, a.Totals
	return a, nil
}

// priceFixed is price for an action whose conversion fixed its payout. The payout changes in
// proportion to the amount.
func (a *Action) priceFixed(fee money.Decimal) (groups []int64, err error) {
	if err := a.sum(); err != nil {
		return nil, err
	}
	total := a.Intended.Payout
	switch {
	case a.Intended.Amount > 0:
		total, err = total.Scale(int64(a.Amount), int64(a.Intended.Amount))
	case a.allReversed():
		total = 0
	}
	if err == nil {
		err = a.split(total, func(item *Item, share money.Amount) { item.Payout = share })
	}
	if err != nil {
		return nil, err
	}
	a.FeeRate = fee
	return make([]int64, len(a.Items)), a.sum()
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
	return a.reducePayouts(a.Currency.Round(*t.PayoutCap))
}

// limitPayouts reduces the payouts in proportion, so that the action's payout is at most the
// limit, and updates the totals.
func (a *Action) limitPayouts(limit money.Amount) error {
	if a.Payout <= limit {
		return nil
	}
	if err := a.reducePayouts(limit); err != nil {
		return err
	}
	return a.sum()
}

func (a *Action) reducePayouts(limit money.Amount) error {
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
	var original money.Amount
	var err error
	for _, item := range a.Items {
		original += item.Original // each below 10^16, at most 1,000: no overflow
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
	if err := a.checkOriginal(original); err != nil {
		return err
	}
	a.Totals, a.Original.Amount, a.Reversed = total, original, a.allReversed()
	a.ClientCost, err = a.Currency.Add(total.Payout, fee)
	return err
}

// payoutFor returns the payout for an item and the id of its group, 0 for the default.
// A nil item means the order.
func payoutFor(t program.Terms, a *Action, item *Item) (program.Payout, int64) {
	return t.PayoutFor(
		func(v program.Variable) string { return variableText(v, a, item) },
		func(total money.Decimal) int { return a.Currency.Compare(a.Amount, total) },
		a.Erased,
	)
}

// variableText returns the value of a variable other than [program.OrderTotal]. Without an item,
// the variables of items are empty.
func variableText(v program.Variable, a *Action, item *Item) string {
	if item == nil {
		item = &Item{}
	}
	switch v {
	case program.ItemSKU:
		return item.SKU
	case program.ItemCategory:
		return item.Category
	case program.ItemSubCategory:
		return item.SubCategory
	case program.PromoCodeUsed:
		return a.Referral.PromoCode
	case program.CustomerStatus:
		return a.CustomerStatus
	case program.OrderCurrency:
		return string(cmp.Or(a.Original.Currency, a.Currency))
	}
	return a.Customer.Value(v)
}

// Value returns the value of a variable that is a field of the customer, or "".
func (c Customer) Value(v program.Variable) string {
	switch v {
	case program.CustomerCountry:
		return c.Country
	case program.CustomerRegion:
		return c.Region
	case program.CustomerCity:
		return c.City
	case program.CustomerPostCode:
		return c.PostCode
	}
	return ""
}

// trackingTerms returns the terms that price a conversion with the EventDate at.
func trackingTerms(r *program.Reference, p program.Partner, e program.EventType, at time.Time) (program.Terms, error) {
	switch t, underContract, found := r.TermsInForce(e, p.ID, at); {
	case found:
		return t, nil
	case underContract:
		return t, rejection.New(rejection.CodeTermsNotFound, "EventDate",
			"The contract of partner %d has no terms for event type %d at that date.", p.ID, e.ID)
	default:
		return t, rejection.New(rejection.CodeContractNotFound, "EventDate", "Partner %d had no contract at that date.", p.ID)
	}
}

// splitByAmounts splits a total of the whole action by version 1 of the rules.
func (a *Action) splitByAmounts(total money.Amount, in item.Denomination) error {
	var failed error
	err := a.split(total, func(item *Item, share money.Amount) {
		if item.Quantity > 0 {
			failed = cmp.Or(failed, item.SetLine(share, item.Quantity, in))
		}
	})
	return cmp.Or(err, failed)
}

// splitByWeights splits a total of the whole action among the items that are not reversed, by
// their weights, and keeps the weights: amounts that follow each other don't add up their
// rounding (docs/rules.md, section 5).
func (a *Action) splitByWeights(total money.Amount, in item.Denomination) error {
	weights := make([]int64, len(a.Items))
	zero := true
	for i, item := range a.Items {
		w, err := item.WeighedAmount(in)
		if err == nil {
			err = in.Given().Check(w)
		}
		if err != nil {
			return err
		}
		weights[i] = int64(w)
		zero = zero && w == 0
	}
	if zero {
		for i, item := range a.Items {
			weights[i] = item.Quantity
		}
	}
	shares, err := total.Split(weights)
	if err != nil {
		return err
	}
	for i := range a.Items {
		if item := &a.Items[i]; item.Quantity > 0 {
			w := item.WeightOrLine()
			if err := item.SetLine(shares[i], item.Quantity, in); err != nil {
				return err
			}
			item.SetWeight(w)
		}
	}
	return nil
}

// weighByAmounts makes the present amounts the weights of the items that are not reversed. A
// weight that gives the present amount is kept.
func (a *Action) weighByAmounts() {
	for i := range a.Items {
		item := &a.Items[i]
		if !item.IsWeighed() {
			item.SetWeight(Line{Amount: item.Amount, Quantity: item.Quantity, Original: item.Original})
		}
	}
}
