package ledger

import (
	"strings"
	"time"

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

// trackingTerms returns the terms that price a conversion with the EventDate at. They are
// those of the newest contract in force that has terms for the event type.
func trackingTerms(r *program.Reference, p program.Partner, e program.EventType, at time.Time) (program.Terms, error) {
	underContract := false
	for _, c := range r.ContractsOf(e.Campaign, p.ID) {
		if !c.InForce(at) {
			continue
		}
		underContract = true
		if t, found := r.TermsAt(program.TermsOf{Contract: c.ID, EventType: e.ID}, at); found {
			return t, nil
		}
	}
	if !underContract {
		return program.Terms{}, reject(CodeContractNotFound, "EventDate", "Partner %d had no contract at that date.", p.ID)
	}
	return program.Terms{}, reject(CodeTermsNotFound, "EventDate", "The contract of partner %d has no terms for event type %d at that date.",
		p.ID, e.ID)
}

// amendmentTerms returns the terms that price an amendment of the action. They are the
// terms in force at the instant of acceptance, or else the last that were. In a campaign
// with [program.PricingTracked] they are those that priced the conversion.
func amendmentTerms(r *program.Reference, a Action, at time.Time) program.Terms {
	tracked := r.TermsVersion(a.Terms)
	if r.Campaigns[a.ID.Campaign].Pricing == program.PricingTracked {
		return tracked
	}
	contracts := r.ContractsOf(a.ID.Campaign, a.Partner)
	for _, c := range contracts {
		if t, found := r.TermsAt(program.TermsOf{Contract: c.ID, EventType: a.ID.EventType}, at); found && c.InForce(at) {
			return t
		}
	}
	if last, found := r.LastTermsBefore(contracts, a.ID.EventType, at); found {
		return last
	}
	return tracked
}
