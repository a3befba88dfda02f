package ledger_test

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// addTerms appends a version; now and then it is in force before the one that
// was recorded before it.
func (s setting) addTerms(c choices, ref *ledger.Reference, of ledger.TermsOf, from time.Time) {
	versions := ref.Terms[of]
	if n := len(versions); n > 0 && from.Before(versions[n-1].From) && !c.oneIn(8) {
		from = versions[n-1].From
	}
	t := ledger.Terms{
		TermsKey: ledger.TermsKey{TermsOf: of, Version: len(versions) + 1}, From: from,
		Level: pick(c, ledger.LevelItem, ledger.LevelItem, ledger.LevelOrder), Default: s.payout(c), Locking: locking(c),
	}
	for i := range c.choose(4) {
		group := ledger.Group{ID: int64(i + 1), Payout: s.payout(c)}
		for range c.between(1, 2) {
			group.Rules = append(group.Rules, s.rule(c, t.Level))
		}
		if c.oneIn(40) {
			group.Rules = nil
		}
		t.Groups = append(t.Groups, group)
	}
	if c.oneIn(3) {
		t.PayoutCap = ptr(pick[money.Decimal](c, 50_000, 12_300, 0, 200_000, 4, 1_000_050))
	}
	ref.Terms[of] = append(versions, t)
}

func (s setting) payout(c choices) ledger.Payout {
	if c.choose(5) < 2 {
		return ledger.Payout{Flat: ptr(pick[money.Decimal](c, 2500, 50_000, 0, 33_333, 125, 5, 5_000_000_000_000_000, 12_345))}
	}
	return ledger.Payout{Rate: ptr(pick[money.Decimal](c, 40_000, 75_000, 0, 33_333, 1, 1_000_000, 123_456, 1_500_000))}
}

func locking(c choices) ledger.Locking {
	switch c.choose(4) {
	case 0, 1:
		return ledger.Locking{Days: pick(c, c.between(4, 25), c.between(10, 25), c.choose(4))}
	case 2:
		return ledger.Locking{Day: pick(c, 1, 8, 15, 26, 27, 29, 30, 31), Months: c.choose(4)}
	}
	return ledger.Locking{OpenEnded: true}
}

func (s setting) rule(c choices, level ledger.Level) ledger.Rule {
	variables := []ledger.Variable{
		ledger.OrderTotal, ledger.CustomerStatus, ledger.PromoCodeUsed, ledger.CustomerCountry,
		ledger.CustomerRegion, ledger.CustomerCity, ledger.CustomerPostCode, ledger.OrderCurrency,
	}
	if level == ledger.LevelItem {
		variables = append(variables, ledger.ItemSKU, ledger.ItemCategory, ledger.ItemCategory, ledger.ItemSubCategory)
	}
	rule := ledger.Rule{Variable: pick(c, variables...)}
	if rule.Variable == ledger.OrderTotal {
		rule.Operator = pick(c, ledger.GreaterThan, ledger.LessThan, ledger.Is, ledger.IsNot)
	} else {
		rule.Operator = pick(c, ledger.Is, ledger.IsNot, ledger.StartsWith, ledger.Contains)
	}
	for range c.between(1, 2) {
		rule.Values = append(rule.Values, pick(c, valuesOf[rule.Variable]...))
	}
	return rule
}

// valuesOf are what rules compare with; some differ from what orders carry in
// case, some are a part of it, some nothing.
var valuesOf = map[ledger.Variable][]string{
	ledger.OrderTotal:       {"10", "100", "0", "21.99", "50.5", "999.9999"},
	ledger.CustomerStatus:   {"NEW", "existing", "v", ""},
	ledger.PromoCodeUsed:    {"SAVE10", "save", "ten", ""},
	ledger.CustomerCountry:  {"DE", "us", "d"},
	ledger.CustomerRegion:   {"Bavaria", "BAV", "ria"},
	ledger.CustomerCity:     {"münchen", "MÜN", "rome"},
	ledger.CustomerPostCode: {"80331", "803", "31"},
	ledger.OrderCurrency:    {"usd", "JPY", "K"},
	ledger.ItemSKU:          {"a", "SKU-B", "sku", "3"},
	ledger.ItemCategory:     {"shoes", "SHO", "oe", "Books"},
	ledger.ItemSubCategory:  {"boots", "Bo", ""},
}
