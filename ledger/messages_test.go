package ledger_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestADiscountThatIsTooHighIsNamed(t *testing.T) {
	account := program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	line := func(change func(l *ledger.ConversionLine)) ledger.ConversionLine {
		l := ledger.ConversionLine{Number: 2, SKU: "B", SubTotal: decimal("10")}
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		line        ledger.ConversionLine
		order, rate string
		want        string
	}{
		"per unit":                   {line: line(func(l *ledger.ConversionLine) { l.UnitDiscount = decimal("10.01") }), want: "ItemDiscount2"},
		"a rate":                     {line: line(func(l *ledger.ConversionLine) { l.DiscountRate = decimal("101") }), want: "ItemDiscountRate2"},
		"of the line":                {line: line(func(l *ledger.ConversionLine) { l.LineDiscount = decimal("11") }), want: "ItemTotalDiscount2"},
		"a rate and one of the line": {line: line(func(l *ledger.ConversionLine) { l.DiscountRate, l.LineDiscount = decimal("50"), decimal("6") }), want: "ItemTotalDiscount2"},
		"per unit and a rate":        {line: line(func(l *ledger.ConversionLine) { l.UnitDiscount, l.DiscountRate = decimal("11"), decimal("150") }), want: "ItemDiscount2"},
		"the rate of the order":      {line: line(func(*ledger.ConversionLine) {}), rate: "101", want: "OrderDiscountRate"},
		"of the order":               {line: line(func(*ledger.ConversionLine) {}), order: "99", want: "OrderDiscount"},
		"of a final amount":          {line: ledger.ConversionLine{Number: 2, SKU: "B", Amount: decimal("5"), DiscountRate: decimal("1")}, want: "ItemDiscountRate2"},
		"of the order with a final amount": {
			line: ledger.ConversionLine{Number: 2, SKU: "B", Amount: decimal("5")}, order: "1", want: "OrderDiscount",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := report()
			r.Lines = []ledger.ConversionLine{c.line}
			if c.order != "" {
				r.Discount = decimal(c.order)
			}
			if c.rate != "" {
				r.DiscountRate = decimal(c.rate)
			}
			if got := rejectedFields(r.Validate(ordered, account)); len(got) != 1 || got[0] != c.want {
				t.Errorf("rejected for %v, want %s", got, c.want)
			}
		})
	}
}
