package scenario

import (
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// typesWithTerms are the event types for which a contract may have terms.
var typesWithTerms = []int64{Sale, Lead, Closed, Elsewhere, SaleElsewhere}

func (s Scenario) addContract(c Choices, ref *program.Reference, id int64) {
	contract := program.Contract{
		ID: id, Campaign: int64(pick(c, Shop, Shop, Shop, Shop, OtherShop)), Partner: int64(pick(c, PartnerOne, PartnerOne, PartnerTwo)),
		Start: s.Start.Add(-c.days(0, 40)),
	}
	if c.Choose(2) == 1 {
		contract.End = s.Start.Add(c.days(-2, 15))
	}
	ref.Contracts[id] = contract
	for _, eventType := range typesWithTerms {
		if c.oneIn(6) {
			continue
		}
		key := program.TermsOf{Contract: id, EventType: eventType}
		for range c.between(1, 3) {
			s.addTerms(c, ref, key, s.Start.Add(c.days(-40, 5)))
		}
	}
}

// changeContracts ends contracts and adds versions of terms at or after an instant.
func (s Scenario) changeContracts(c Choices, ref *program.Reference, at time.Time) {
	for _, id := range slices.Sorted(maps.Keys(ref.Contracts)) {
		contract := ref.Contracts[id]
		if contract.End.IsZero() && c.oneIn(3) {
			contract.End = at.Add(c.days(0, 4))
		}
		ref.Contracts[id] = contract
		for _, eventType := range typesWithTerms {
			key := program.TermsOf{Contract: id, EventType: eventType}
			if c.oneIn(3) {
				ref.Terms[key] = slices.Clone(ref.Terms[key])
				s.addTerms(c, ref, key, at.Add(c.days(0, 3)))
			}
		}
	}
}

// addTerms appends a version. Now and then it is in force earlier than the version
// recorded before it.
func (s Scenario) addTerms(c Choices, ref *program.Reference, key program.TermsOf, from time.Time) {
	versions := ref.Terms[key]
	if n := len(versions); n > 0 && from.Before(versions[n-1].From) && !c.oneIn(8) {
		from = versions[n-1].From
	}
	t := program.Terms{
		TermsKey: program.TermsKey{TermsOf: key, Version: len(versions) + 1}, From: from,
		Level: pick(c, program.LevelItem, program.LevelItem, program.LevelOrder), Default: payout(c), Locking: locking(c),
		Clearing: clearing(c), LateReturns: pick(c, 0, 0, 1, 3, 30, 60),
	}
	for i := range c.Choose(4) {
		group := program.Group{ID: int64(i + 1), Payout: payout(c)}
		for range c.between(1, 2) {
			group.Rules = append(group.Rules, rule(c, t.Level))
		}
		if c.oneIn(40) {
			group.Rules = nil
		}
		t.Groups = append(t.Groups, group)
	}
	if c.oneIn(3) {
		t.PayoutCap = new(pick[money.Decimal](c, 50_000, 12_300, 0, 200_000, 4, 1_000_050))
	}
	ref.Terms[key] = append(versions, t)
}

func payout(c Choices) program.Payout {
	if c.Choose(5) < 2 {
		return program.Payout{Flat: new(pick[money.Decimal](c, 2500, 50_000, 0, 33_333, 125, 5, 5_000_000_000_000_000, 12_345))}
	}
	return program.Payout{Rate: new(pick[money.Decimal](c, 40_000, 75_000, 0, 33_333, 1, 1_000_000, 123_456, 1_500_000))}
}

func locking(c Choices) program.Locking {
	switch c.Choose(4) {
	case 0, 1:
		return program.Locking{Days: pick(c, c.between(4, 25), c.between(10, 25), c.Choose(4))}
	case 2:
		return program.Locking{Day: pick(c, 1, 8, 15, 26, 27, 29, 30, 31), Months: c.Choose(4)}
	}
	return program.Locking{OpenEnded: true}
}

func clearing(c Choices) program.Clearing {
	switch c.Choose(4) {
	case 0:
		return program.Clearing{Days: new(pick(c, 0, 1, 2, 10))}
	case 1:
		return program.Clearing{Day: pick(c, 1, 15, 29, 31), Months: c.Choose(3)}
	}
	return program.Clearing{}
}

func rule(c Choices, level program.Level) program.Rule {
	variables := []program.Variable{
		program.OrderTotal, program.CustomerStatus, program.PromoCodeUsed, program.CustomerCountry,
		program.CustomerRegion, program.CustomerCity, program.CustomerPostCode, program.OrderCurrency,
	}
	if level == program.LevelItem {
		variables = append(variables, program.ItemSKU, program.ItemCategory, program.ItemCategory, program.ItemSubCategory)
	}
	r := program.Rule{Variable: pick(c, variables...)}
	if r.Variable == program.OrderTotal {
		r.Operator = pick(c, program.GreaterThan, program.LessThan, program.Is, program.IsNot)
	} else {
		r.Operator = pick(c, program.Is, program.IsNot, program.StartsWith, program.Contains)
	}
	for range c.between(1, 2) {
		r.Values = append(r.Values, pick(c, ruleValues[r.Variable]...))
	}
	return r
}

// ruleValues are the values that rules compare with. Some differ from the values in
// orders by their case, some are a part of them, and some match nothing.
var ruleValues = map[program.Variable][]string{
	program.OrderTotal:       {"10", "100", "0", "21.99", "50.5", "999.9999"},
	program.CustomerStatus:   {"NEW", "existing", "v", ""},
	program.PromoCodeUsed:    {"SAVE10", "save", "ten", ""},
	program.CustomerCountry:  {"DE", "us", "d"},
	program.CustomerRegion:   {"Bavaria", "BAV", "ria"},
	program.CustomerCity:     {"münchen", "MÜN", "rome"},
	program.CustomerPostCode: {"80331", "803", "31"},
	program.OrderCurrency:    {"usd", "JPY", "K"},
	program.ItemSKU:          {"a", "SKU-B", "sku", "3"},
	program.ItemCategory:     {"shoes", "SHO", "oe", "Books"},
	program.ItemSubCategory:  {"boots", "Bo", ""},
}
