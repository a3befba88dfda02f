package ledger_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

func TestRulesCompareNumericallyOnlyTheOrderTotal(t *testing.T) {
	for name, c := range map[string]struct {
		rule    program.Rule
		matches bool
	}{
		"a total above the value":   {program.Rule{Variable: program.OrderTotal, Operator: program.GreaterThan, Values: []string{"19.99"}}, true},
		"a total below the value":   {program.Rule{Variable: program.OrderTotal, Operator: program.LessThan, Values: []string{"20.01"}}, true},
		"text is never greater":     {program.Rule{Variable: program.OrderCurrency, Operator: program.GreaterThan, Values: []string{"19.99"}}, false},
		"text is never less":        {program.Rule{Variable: program.OrderCurrency, Operator: program.LessThan, Values: []string{"20.01"}}, false},
		"a value that is no number": {program.Rule{Variable: program.OrderTotal, Operator: program.GreaterThan, Values: []string{"x"}}, false},
		"an unknown operator":       {program.Rule{Variable: program.OrderTotal, Operator: "NEAR", Values: []string{"20"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := exampleAccount("USD", program.LevelItem, rate("4"))
			reference, err := m.Reference(ordered)
			if err != nil {
				t.Fatal(err)
			}
			terms := reference.Terms[program.TermsOf{Contract: 1, EventType: sale}]
			terms[0].Groups = []program.Group{{ID: 7, Rules: []program.Rule{c.rule}, Payout: rate("50")}}
			want := int64(0)
			if c.matches {
				want = 7
			}
			if got := applied(t, m, 1, report("1 × 2 = 20.00")).Updates[0].Group; got != want {
				t.Errorf("priced by group %d, want %d", got, want)
			}
		})
	}
}

func TestRepricedKeepsAFixedPayout(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	reference, err := m.Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	terms := reference.Terms[program.TermsOf{Contract: 1, EventType: sale}][0]
	terms.Default = rate("10")
	for want, fixed := range map[money.Amount]bool{200: false, 80: true} {
		a := applied(t, exampleAccount("USD", program.LevelItem, rate("4")), 1, report("1 × 2 = 20.00")).Action
		a.PayoutFixed = fixed
		got, err := a.Repriced(terms)
		if err != nil || got.Payout != want || got.Items[0].Tracked.Payout != want || got.Intended.Payout != want {
			t.Errorf("fixed %t: the payout is %d and was tracked as %d, want %d (%v)", fixed, got.Payout, got.Items[0].Tracked.Payout, want, err)
		}
	}
}
