package oracle

import (
	"math/big"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// price sets the payout of each item (section 3). It returns the id of the group
// that priced each item, and reports whether all amounts fit.
func (a *Action) price(t program.Terms, fee money.Decimal) (groups []int64, ok bool) {
	payouts, groups, ok := a.uncappedPayouts(t)
	for _, p := range payouts {
		ok = ok && fits(p, a.Currency)
	}
	if !ok || !fits(total(payouts), a.Currency) {
		return nil, false
	}
	if t.PayoutCap != nil {
		if limit, _ := toMinor(*t.PayoutCap, a.Currency); total(payouts) > limit {
			payouts = split(limit, payouts)
		}
	}
	for i, p := range payouts {
		a.Items[i].Now.Payout = p
	}
	a.State.FeeRate = fee
	return groups, a.sum()
}

// priceAgain prices a changed action. A payout that the conversion fixed follows the amount.
func (a *Action) priceAgain(ref *program.Reference, s ledger.Submission) (terms program.Terms, groups []int64, ok bool) {
	if a.late != nil {
		return a.priceLate(ref)
	}
	fee := ref.Campaigns[a.ID.Campaign].FeeRate
	if !a.Fixed {
		terms = termsOfModification(ref, *a, s.Accepted)
		groups, ok = a.price(terms, fee)
		return terms, groups, ok
	}
	return a.priceFixed(fee)
}

// priceFixed prices an action whose payout the conversion fixed.
func (a *Action) priceFixed(fee money.Decimal) (terms program.Terms, groups []int64, ok bool) {
	payout, ok := a.IntendedPayout, true
	if a.IntendedAmount != 0 {
		payout, ok = roundMinor(product(integer(payout), big.NewRat(a.Amount, a.IntendedAmount)), a.Currency)
	} else if a.everyItemReversed() {
		payout = 0
	}
	if !ok {
		return program.Terms{}, nil, false
	}
	for i, share := range split(payout, a.weights()) {
		a.Items[i].Now.Payout = share
	}
	a.State.FeeRate = fee
	return program.Terms{TermsKey: a.Terms}, make([]int64, len(a.Items)), a.sum()
}

// priceTracked prices a new action. A payout in the conversion takes the place of
// the terms.
func (a *Action) priceTracked(c ledger.Conversion, t program.Terms, fee money.Decimal) (groups []int64, ok bool) {
	if c.Payout == nil {
		return a.price(t, fee)
	}
	payout, ok := toMinor(*c.Payout, a.Currency)
	for i, share := range split(payout, a.weights()) {
		a.Items[i].Now.Payout = share
	}
	a.State.FeeRate = fee
	return make([]int64, len(a.Items)), a.sum() && ok
}

func (a *Action) uncappedPayouts(t program.Terms) (payouts, groups []int64, ok bool) {
	if t.Level == program.LevelOrder {
		return a.orderPayout(t)
	}
	ok = true
	for i := range a.Items {
		item := &a.Items[i]
		by, group := a.matchGroup(t, item)
		var exact *big.Rat
		if by.Flat != nil {
			exact = product(minorUnits(*by.Flat, a.Currency), integer(item.Now.Quantity))
		} else {
			exact = product(integer(item.Now.Amount), percent(*by.Rate))
		}
		payout, fits := roundMinor(exact, a.Currency)
		payouts, groups, ok = append(payouts, payout), append(groups, group), ok && fits
	}
	return payouts, groups, ok
}

func (a *Action) orderPayout(t program.Terms) (payouts, groups []int64, ok bool) {
	by, group := a.matchGroup(t, nil)
	exact := new(big.Rat)
	switch {
	case by.Rate != nil:
		exact = product(integer(a.Amount), percent(*by.Rate))
	case a.Amount > 0, a.IntendedAmount == 0 && !a.everyItemReversed():
		exact = minorUnits(*by.Flat, a.Currency)
	}
	payout, ok := roundMinor(exact, a.Currency)
	weights := a.weights()
	for range a.Items {
		groups = append(groups, group)
	}
	return split(payout, weights), groups, ok
}

// weights returns the items' amounts, or their quantities if all amounts are 0.
func (a *Action) weights() []int64 {
	amounts, quantities := make([]int64, len(a.Items)), make([]int64, len(a.Items))
	for i, item := range a.Items {
		amounts[i], quantities[i] = item.Now.Amount, item.Now.Quantity
	}
	if total(amounts) == 0 {
		return quantities
	}
	return amounts
}

// matchGroup returns the payout of the first group that matches, and its id.
func (a *Action) matchGroup(t program.Terms, item *Item) (program.Payout, int64) {
	for _, group := range t.Groups {
		all := true
		for _, rule := range group.Rules {
			met, known := a.metBeforeErasure(t, group, rule)
			if !known {
				met = a.matches(rule, item)
			}
			all = all && met
		}
		if all {
			return group.Payout, group.ID
		}
	}
	return t.Default, 0
}

// metBeforeErasure reports whether a customer whose data were erased met the rules about the
// customer of a group, and whether that was recorded for the rule.
func (a *Action) metBeforeErasure(t program.Terms, group program.Group, rule program.Rule) (met, known bool) {
	if a.Erased == nil || !strings.HasPrefix(string(rule.Variable), "CUSTOMER_") || rule.Variable == program.CustomerStatus {
		return false, false
	}
	groups, known := a.Erased.Groups[t.String()]
	return slices.Contains(groups, group.ID), known
}

func (a *Action) matches(rule program.Rule, item *Item) bool {
	if rule.Variable == program.OrderTotal {
		amount := new(big.Rat).Quo(integer(a.Amount), integer(minors[a.Currency]))
		return anyValue(rule, func(value string) int {
			v, _ := new(big.Rat).SetString(value)
			return amount.Cmp(v)
		})
	}
	text := a.text(rule.Variable, item)
	switch rule.Operator {
	case program.StartsWith:
		return slices.ContainsFunc(rule.Values, func(v string) bool {
			return strings.HasPrefix(strings.ToLower(text), strings.ToLower(v))
		})
	case program.Contains:
		return slices.ContainsFunc(rule.Values, func(v string) bool {
			return strings.Contains(strings.ToLower(text), strings.ToLower(v))
		})
	}
	return anyValue(rule, func(value string) int {
		if strings.EqualFold(text, value) {
			return 0
		}
		return 1
	})
}

// anyValue reports whether the operator holds for one of the values, for IS_NOT
// whether no value is equal.
func anyValue(rule program.Rule, compare func(value string) int) bool {
	for _, value := range rule.Values {
		c := compare(value)
		switch {
		case rule.Operator == program.IsNot && c == 0:
			return false
		case rule.Operator == program.Is && c == 0,
			rule.Operator == program.GreaterThan && c > 0,
			rule.Operator == program.LessThan && c < 0:
			return true
		}
	}
	return rule.Operator == program.IsNot
}

func (a *Action) text(v program.Variable, item *Item) string {
	switch v {
	case program.ItemSKU:
		return item.SKU
	case program.ItemCategory:
		return item.Now.Category
	case program.ItemSubCategory:
		return item.SubCategory
	case program.PromoCodeUsed:
		return a.Promo
	case program.CustomerStatus:
		return a.State.CustomerStatus
	case program.CustomerCountry:
		return a.Customer.Country
	case program.CustomerRegion:
		return a.Customer.Region
	case program.CustomerCity:
		return a.Customer.City
	case program.CustomerPostCode:
		return a.Customer.PostCode
	case program.OrderCurrency:
		if a.OriginalCurrency != "" {
			return string(a.OriginalCurrency)
		}
		return string(a.Currency)
	}
	panic("no such variable: " + v)
}
