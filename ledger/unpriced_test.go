package ledger_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func TestUnpricedLines(t *testing.T) {
	price := new(money.Decimal(10_000))
	priced, unpriced := ledger.ConversionLine{SKU: "a", Price: price}, ledger.ConversionLine{SKU: "b"}
	for name, c := range map[string]struct {
		conversion ledger.Conversion
		want       int
	}{
		"lines with a price don't count":             {ledger.Conversion{Lines: []ledger.ConversionLine{priced}}, 0},
		"lines without a price count":                {ledger.Conversion{Lines: []ledger.ConversionLine{priced, unpriced, unpriced}}, 2},
		"they share the total of the order":          {ledger.Conversion{Amount: price, Lines: []ledger.ConversionLine{unpriced}}, 0},
		"an order with nothing, as a lead, has none": {ledger.Conversion{}, 0},
		"a total prices an order without lines":      {ledger.Conversion{Amount: price}, 0},
		"a sub-total prices an order without lines":  {ledger.Conversion{SubTotal: price}, 0},
		"a discounted sub-total does too":            {ledger.Conversion{PostDiscount: price}, 0},
		"sub-totals don't price lines":               {ledger.Conversion{SubTotal: price, PostDiscount: price, Lines: []ledger.ConversionLine{unpriced}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.conversion.UnpricedLines(); got != c.want {
				t.Errorf("%d lines are unpriced, want %d", got, c.want)
			}
		})
	}
}
