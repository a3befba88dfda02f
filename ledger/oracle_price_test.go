package ledger_test

import (
	"math/big"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// price gives every item its payout by section 3. It answers the groups that
// paid and whether all amounts fit.
func (a *oracleAction) price(t ledger.Terms, fee money.Decimal) (groups []int64, ok bool) {
	payouts, groups, ok := a.uncapped(t)
	for _, p := range payouts {
		ok = ok && fits(p, a.Currency)
	}
	if !ok || !fits(total(payouts), a.Currency) {
		return nil, false
	}
	if t.PayoutCap != nil {
		if most, _ := rounded(*t.PayoutCap, a.Currency); total(payouts) > most {
			payouts = split(most, payouts)
		}
	}
	for i, p := range payouts {
		a.Items[i].Now.Payout = p
	}
	a.Head.FeeRate = fee
	return groups, a.sum()
}

// priceTracked prices a new action: a payout that the conversion carries is split
// over the items as it is, whatever the terms say, unless nothing is there to pay for.
func (a *oracleAction) priceTracked(c ledger.Conversion, t ledger.Terms, fee money.Decimal) (groups []int64, ok bool) {
	if c.Payout == nil {
		return a.price(t, fee)
	}
	payout, ok := rounded(*c.Payout, a.Currency)
	for i, share := range split(payout, a.weights()) {
		a.Items[i].Now.Payout = share
	}
	a.Head.FeeRate = fee
	return make([]int64, len(a.Items)), a.sum() && ok
}

func (a *oracleAction) uncapped(t ledger.Terms) (payouts, groups []int64, ok bool) {
	if t.Level == ledger.LevelOrder {
		return a.orderPayout(t)
	}
	ok = true
	for i := range a.Items {
		item := &a.Items[i]
		by, group := a.choose(t, item)
		var exact *big.Rat
		if by.Flat != nil {
			exact = product(inMinor(*by.Flat, a.Currency), count(item.Now.Quantity))
		} else {
			exact = product(count(item.Now.Amount), part(*by.Rate))
		}
		payout, held := whole(exact, a.Currency)
		payouts, groups, ok = append(payouts, payout), append(groups, group), ok && held
	}
	return payouts, groups, ok
}

func (a *oracleAction) orderPayout(t ledger.Terms) (payouts, groups []int64, ok bool) {
	by, group := a.choose(t, nil)
	exact := new(big.Rat)
	switch {
	case by.Rate != nil:
		exact = product(count(a.Amount), part(*by.Rate))
	case a.Amount > 0, a.IntendedAmount == 0 && !a.everyItemReversed():
		exact = inMinor(*by.Flat, a.Currency)
	}
	payout, ok := whole(exact, a.Currency)
	weights := a.weights()
	for range a.Items {
		groups = append(groups, group)
	}
	return split(payout, weights), groups, ok
}

// weights are the items' amounts, or their quantities if all amounts are 0.
func (a *oracleAction) weights() []int64 {
	amounts, quantities := make([]int64, len(a.Items)), make([]int64, len(a.Items))
	for i, item := range a.Items {
		amounts[i], quantities[i] = item.Now.Amount, item.Now.Quantity
	}
	if total(amounts) == 0 {
		return quantities
	}
	return amounts
}

func (a *oracleAction) choose(t ledger.Terms, item *oracleItem) (ledger.Payout, int64) {
	for _, group := range t.Groups {
		all := true
		for _, rule := range group.Rules {
			all = all && a.holds(rule, item)
		}
		if all {
			return group.Payout, group.ID
		}
	}
	return t.Default, 0
}

func (a *oracleAction) holds(rule ledger.Rule, item *oracleItem) bool {
	if rule.Variable == ledger.OrderTotal {
		amount := new(big.Rat).Quo(count(a.Amount), count(minors[a.Currency]))
		return alternatives(rule, func(value string) int {
			v, _ := new(big.Rat).SetString(value)
			return amount.Cmp(v)
		})
	}
	text := a.text(rule.Variable, item)
	switch rule.Operator {
	case ledger.StartsWith:
		return slices.ContainsFunc(rule.Values, func(v string) bool {
			return strings.HasPrefix(strings.ToLower(text), strings.ToLower(v))
		})
	case ledger.Contains:
		return slices.ContainsFunc(rule.Values, func(v string) bool {
			return strings.Contains(strings.ToLower(text), strings.ToLower(v))
		})
	}
	return alternatives(rule, func(value string) int {
		if strings.EqualFold(text, value) {
			return 0
		}
		return 1
	})
}

// alternatives reports whether the operator holds for one of the values, IS_NOT
// whether no value equals.
func alternatives(rule ledger.Rule, compare func(value string) int) bool {
	for _, value := range rule.Values {
		c := compare(value)
		switch {
		case rule.Operator == ledger.IsNot && c == 0:
			return false
		case rule.Operator == ledger.Is && c == 0,
			rule.Operator == ledger.GreaterThan && c > 0,
			rule.Operator == ledger.LessThan && c < 0:
			return true
		}
	}
	return rule.Operator == ledger.IsNot
}

func (a *oracleAction) text(v ledger.Variable, item *oracleItem) string {
	switch v {
	case ledger.ItemSKU:
		return item.SKU
	case ledger.ItemCategory:
		return item.Now.Category
	case ledger.ItemSubCategory:
		return item.SubCategory
	case ledger.PromoCodeUsed:
		return a.Promo
	case ledger.CustomerStatus:
		return a.Head.CustomerStatus
	case ledger.CustomerCountry:
		return a.Customer.Country
	case ledger.CustomerRegion:
		return a.Customer.Region
	case ledger.CustomerCity:
		return a.Customer.City
	case ledger.CustomerPostCode:
		return a.Customer.PostCode
	case ledger.OrderCurrency:
		return string(a.Currency)
	}
	panic("no such variable: " + v)
}
