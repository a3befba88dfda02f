package scenario

import (
	"slices"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// currencies are those of orders, some of which have no minor digits and others many.
var currencies = []money.Currency{"USD", "JPY", "KWD", "CLF", "EUR"}

// currency returns a currency, often not the account's.
func (g *Generator) currency() money.Currency { return pick(g.Choices, currencies...) }

// rates returns tables of exchange rates for most of the days about the time of the orders, the
// newest one first.
func (s Scenario) rates(c Choices) (tables []program.RateTable) {
	today := program.DateOf(s.Start, s.Zone)
	for back := range 40 {
		day := today.AddDays(12 - back)
		for range pick(c, 1, 1, 0, 2, 0) {
			t := program.RateTable{Date: day, Base: pick(c, currencies...), Rates: make(map[money.Currency]money.Rate)}
			repeated := slices.ContainsFunc(tables, func(u program.RateTable) bool { return u.Key() == t.Key() })
			for range 4 {
				if quoted := pick(c, currencies...); quoted != t.Base {
					t.Rates[quoted] = rate(c)
				}
			}
			if !repeated {
				tables = append(tables, t)
			}
		}
	}
	return tables
}

// nextRates returns the tables after somebody changed some of them.
func (Scenario) nextRates(c Choices, before []program.RateTable) []program.RateTable {
	after := slices.Clone(before)
	for i, t := range after {
		if c.oneIn(3) {
			after[i].Rates = map[money.Currency]money.Rate{}
			for _, quoted := range currencies {
				if t.Rates[quoted] != "" {
					after[i].Rates[quoted] = rate(c)
				}
			}
		}
	}
	return after
}

func rate(c Choices) money.Rate {
	return pick[money.Rate](c, "1", "1.0956", "0.9127", "0.0067", "149.25", "3.2573", "0.30697", "0.333333333333333", "0.000061", "16393.4", "12345678.9")
}

// currencyOfChange returns the currency that a modification names, often none.
func (g *Generator) currencyOfChange() money.Currency {
	target, _ := g.target()
	if g.oneIn(40) {
		return g.currency()
	}
	return pick(g.Choices, "", "", target.Original.Currency, target.Original.Currency, target.Currency)
}

// whole returns an amount of the target, of which both forms are given, in a currency.
func (g *Generator) whole(currency money.Currency, target ledger.Action, amount, original money.Amount) money.Decimal {
	in := g.Currency
	if currency != "" && currency == target.Original.Currency {
		in, amount = currency, original
	}
	return money.Decimal(int64(amount) * (10_000 / oracle.MinorUnits(in)))
}
