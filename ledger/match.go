package ledger

import (
	"strings"

	"github.com/trueup-ledger/trueup/money"
)

// payoutFor answers what the terms pay for an item, or for the order if item is nil.
func (t Terms) payoutFor(a *Action, item *Item) (Payout, int64) {
	for _, group := range t.Groups {
		if group.holds(a, item) {
			return group.Payout, group.ID
		}
	}
	return t.Default, 0
}

func (g Group) holds(a *Action, item *Item) bool {
	for _, rule := range g.Rules {
		if !rule.holds(a, item) {
			return false
		}
	}
	return true
}

func (r Rule) holds(a *Action, item *Item) bool {
	equal := r.equal(a, item)
	switch r.Operator {
	case Is:
		return r.any(equal)
	case IsNot:
		return !r.any(equal)
	case GreaterThan:
		return r.Variable == OrderTotal && r.any(func(value string) bool { return a.compareTotal(value) == 1 })
	case LessThan:
		return r.Variable == OrderTotal && r.any(func(value string) bool { return a.compareTotal(value) == -1 })
	case StartsWith:
		text := strings.ToLower(r.text(a, item))
		return r.any(func(value string) bool { return strings.HasPrefix(text, strings.ToLower(value)) })
	case Contains:
		text := strings.ToLower(r.text(a, item))
		return r.any(func(value string) bool { return strings.Contains(text, strings.ToLower(value)) })
	}
	return false
}

func (r Rule) any(holds func(value string) bool) bool {
	for _, value := range r.Values {
		if holds(value) {
			return true
		}
	}
	return false
}

func (r Rule) equal(a *Action, item *Item) func(value string) bool {
	if r.Variable == OrderTotal {
		return func(value string) bool { return a.compareTotal(value) == 0 }
	}
	text := r.text(a, item)
	return func(value string) bool { return strings.EqualFold(text, value) }
}

// notComparable is no sign of a comparison.
const notComparable = 2

// compareTotal answers the sign of the order's total less the value.
func (a *Action) compareTotal(value string) int {
	d, err := money.ParseDecimal(value)
	if err != nil {
		return notComparable
	}
	return a.Currency.Compare(a.Amount, d)
}

// text answers the variable's value; those of items are "" at order level.
func (r Rule) text(a *Action, item *Item) string {
	if item == nil {
		item = &Item{}
	}
	switch r.Variable {
	case ItemSKU:
		return item.SKU
	case ItemCategory:
		return item.Category
	case ItemSubCategory:
		return item.SubCategory
	case PromoCodeUsed:
		return a.Referral.PromoCode
	case CustomerStatus:
		return a.CustomerStatus
	case CustomerCountry:
		return a.Customer.Country
	case CustomerRegion:
		return a.Customer.Region
	case CustomerCity:
		return a.Customer.City
	case CustomerPostCode:
		return a.Customer.PostCode
	case OrderCurrency:
		return string(a.Currency)
	}
	return ""
}
