package program

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/money"
)

// order holds the values that rules compare.
type order struct {
	text func(Variable) string
	// compareTotal returns -1, 0 or +1 if the order's total is less than the amount, equal to
	// it or greater.
	compareTotal func(money.Decimal) int
}

// PayoutFor returns the payout of the first group whose rules match, and the group's id, or the
// default payout and 0. The function text returns the value of a variable other than
// [OrderTotal], and compareTotal compares the order's total with an amount. Erased is nil unless
// the customer's personal data were erased.
func (t Terms) PayoutFor(text func(Variable) string, compareTotal func(money.Decimal) int, erased *Erased) (Payout, int64) {
	o := order{text, compareTotal}
	met, known := erased.groupsOf(t)
	for _, group := range t.Groups {
		matches := o.matchesAll
		if known {
			matches = func(rules []Rule) bool { return o.matchesErased(rules, slices.Contains(met, group.ID)) }
		}
		if matches(group.Rules) {
			return group.Payout, group.ID
		}
	}
	return t.Default, 0
}

func (o order) matchesAll(rules []Rule) bool {
	for _, rule := range rules {
		if !o.matches(rule) {
			return false
		}
	}
	return true
}

// matchesErased is matchesAll for an order whose customer was erased. Met reports whether the
// customer met all rules about the customer.
func (o order) matchesErased(rules []Rule, met bool) bool {
	for _, rule := range rules {
		if rule.Variable.isPersonal() && !met || !rule.Variable.isPersonal() && !o.matches(rule) {
			return false
		}
	}
	return true
}

func (o order) matches(r Rule) bool {
	operator, matched := r.Operator, true
	if operator == IsNot {
		operator, matched = Is, false
	}
	for _, value := range r.Values {
		if o.matchesValue(r.Variable, operator, value) {
			return matched
		}
	}
	return !matched
}

// matchesValue reports whether the operator holds between the variable and the value.
func (o order) matchesValue(v Variable, operator Operator, value string) bool {
	if v == OrderTotal {
		return o.matchesTotal(operator, value)
	}
	text := o.text(v)
	switch operator {
	case Is:
		return strings.EqualFold(text, value)
	case StartsWith:
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(value))
	case Contains:
		return strings.Contains(strings.ToLower(text), strings.ToLower(value))
	}
	return false
}

func (o order) matchesTotal(operator Operator, value string) bool {
	d, err := money.ParseDecimal(value)
	if err != nil {
		return false
	}
	switch operator {
	case Is:
		return o.compareTotal(d) == 0
	case GreaterThan:
		return o.compareTotal(d) > 0
	case LessThan:
		return o.compareTotal(d) < 0
	}
	return false
}
