package ledger

import (
	"strings"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// payoutFor returns the payout for an item and the id of its group, 0 for the default.
// A nil item means the order.
func payoutFor(t program.Terms, a *Action, item *Item) (program.Payout, int64) {
	for _, group := range t.Groups {
		if groupMatches(group, a, item) {
			return group.Payout, group.ID
		}
	}
	return t.Default, 0
}

func groupMatches(g program.Group, a *Action, item *Item) bool {
	for _, rule := range g.Rules {
		if !ruleMatches(rule, a, item) {
			return false
		}
	}
	return true
}

func ruleMatches(r program.Rule, a *Action, item *Item) bool {
	operator, matched := r.Operator, true
	if operator == program.IsNot {
		operator, matched = program.Is, false
	}
	for _, value := range r.Values {
		if valueMatches(r.Variable, operator, value, a, item) {
			return matched
		}
	}
	return !matched
}

// valueMatches reports whether the operator holds between the variable and the value.
func valueMatches(v program.Variable, operator program.Operator, value string, a *Action, item *Item) bool {
	text := variableText(v, a, item)
	switch operator {
	case program.Is:
		if v == program.OrderTotal {
			return totalCompares(a, value, 0)
		}
		return strings.EqualFold(text, value)
	case program.GreaterThan:
		return v == program.OrderTotal && totalCompares(a, value, 1)
	case program.LessThan:
		return v == program.OrderTotal && totalCompares(a, value, -1)
	case program.StartsWith:
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(value))
	case program.Contains:
		return strings.Contains(strings.ToLower(text), strings.ToLower(value))
	}
	return false
}

// totalCompares reports whether the order's total is less than the value (sign is -1),
// equal to it (0) or greater (+1).
func totalCompares(a *Action, value string, sign int) bool {
	d, err := money.ParseDecimal(value)
	return err == nil && a.Currency.Compare(a.Amount, d) == sign
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
	case program.CustomerCountry:
		return a.Customer.Country
	case program.CustomerRegion:
		return a.Customer.Region
	case program.CustomerCity:
		return a.Customer.City
	case program.CustomerPostCode:
		return a.Customer.PostCode
	case program.OrderCurrency:
		return string(a.Currency)
	}
	return ""
}
