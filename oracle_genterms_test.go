package trueup_test

import (
	"time"

	"github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/money"
)

// addTerms appends a version; now and then it is in force before the one that
// was recorded before it.
func (s setting) addTerms(c choices, ref *trueup.Reference, of trueup.TermsOf, from time.Time) {
	versions := ref.Terms[of]
	if n := len(versions); n > 0 && from.Before(versions[n-1].From) && !c.oneIn(8) {
		from = versions[n-1].From
	}
	t := trueup.Terms{
		TermsKey: trueup.TermsKey{TermsOf: of, Version: len(versions) + 1}, From: from,
		Level: pick(c, trueup.LevelItem, trueup.LevelItem, trueup.LevelOrder), Default: s.payout(c), Locking: locking(c),
	}
	for i := range c.choose(4) {
		group := trueup.Group{ID: int64(i + 1), Payout: s.payout(c)}
		for range c.between(1, 2) {
			group.Rules = append(group.Rules, s.rule(c, t.Level))
		}
		if c.oneIn(40) {
			group.Rules = nil
		}
		t.Groups = append(t.Groups, group)
	}
	if c.oneIn(3) {
		t.Cap = ptr(pick[money.Decimal](c, 50_000, 12_300, 0, 200_000, 4, 1_000_050))
	}
	ref.Terms[of] = append(versions, t)
}

func (s setting) payout(c choices) trueup.Payout {
	if c.choose(5) < 2 {
		return trueup.Payout{Flat: ptr(pick[money.Decimal](c, 2500, 50_000, 0, 33_333, 125, 5, 5_000_000_000_000_000, 12_345))}
	}
	return trueup.Payout{Rate: ptr(pick[money.Decimal](c, 40_000, 75_000, 0, 33_333, 1, 1_000_000, 123_456, 1_500_000))}
}

func locking(c choices) trueup.Locking {
	switch c.choose(4) {
	case 0, 1:
		return trueup.Locking{Days: pick(c, c.between(4, 25), c.between(10, 25), c.choose(4))}
	case 2:
		return trueup.Locking{Day: pick(c, 1, 8, 15, 26, 27, 29, 30, 31), Months: c.choose(4)}
	}
	return trueup.Locking{OpenEnded: true}
}

func (s setting) rule(c choices, level trueup.Level) trueup.Rule {
	variables := []trueup.Variable{
		trueup.OrderTotal, trueup.CustomerStatus, trueup.PromoCodeUsed, trueup.CustomerCountry,
		trueup.CustomerRegion, trueup.CustomerCity, trueup.CustomerPostCode, trueup.OrderCurrency,
	}
	if level == trueup.LevelItem {
		variables = append(variables, trueup.ItemSKU, trueup.ItemCategory, trueup.ItemCategory, trueup.ItemSubCategory)
	}
	rule := trueup.Rule{Variable: pick(c, variables...)}
	if rule.Variable == trueup.OrderTotal {
		rule.Operator = pick(c, trueup.GreaterThan, trueup.LessThan, trueup.Is, trueup.IsNot)
	} else {
		rule.Operator = pick(c, trueup.Is, trueup.IsNot, trueup.StartsWith, trueup.Contains)
	}
	for range c.between(1, 2) {
		rule.Values = append(rule.Values, pick(c, valuesOf[rule.Variable]...))
	}
	return rule
}

// valuesOf are what rules compare with; some differ from what orders carry in
// case, some are a part of it, some nothing.
var valuesOf = map[trueup.Variable][]string{
	trueup.OrderTotal:       {"10", "100", "0", "21.99", "50.5", "999.9999"},
	trueup.CustomerStatus:   {"NEW", "existing", "v", ""},
	trueup.PromoCodeUsed:    {"SAVE10", "save", "ten", ""},
	trueup.CustomerCountry:  {"DE", "us", "d"},
	trueup.CustomerRegion:   {"Bavaria", "BAV", "ria"},
	trueup.CustomerCity:     {"münchen", "MÜN", "rome"},
	trueup.CustomerPostCode: {"80331", "803", "31"},
	trueup.OrderCurrency:    {"usd", "JPY", "K"},
	trueup.ItemSKU:          {"a", "SKU-B", "sku", "3"},
	trueup.ItemCategory:     {"shoes", "SHO", "oe", "Books"},
	trueup.ItemSubCategory:  {"boots", "Bo", ""},
}
