package order_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger/order"
	"github.com/trueup-ledger/trueup/money"
)

func TestUnpricedLines(t *testing.T) {
	price := new(money.Decimal(10_000))
	priced, unpriced := order.Line{SKU: "a", Price: price}, order.Line{SKU: "b"}
	for name, c := range map[string]struct {
		prices order.Prices
		want   int
	}{
		"lines with a price don't count":             {order.Prices{Lines: []order.Line{priced}}, 0},
		"lines without a price count":                {order.Prices{Lines: []order.Line{priced, unpriced, unpriced}}, 2},
		"they share the total of the order":          {order.Prices{Amount: price, Lines: []order.Line{unpriced}}, 0},
		"an order with nothing, as a lead, has none": {order.Prices{}, 0},
		"a total prices an order without lines":      {order.Prices{Amount: price}, 0},
		"a sub-total prices an order without lines":  {order.Prices{SubTotal: price}, 0},
		"a discounted sub-total does too":            {order.Prices{PostDiscount: price}, 0},
		"sub-totals don't price lines":               {order.Prices{SubTotal: price, PostDiscount: price, Lines: []order.Line{unpriced}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.prices.UnpricedLines(); got != c.want {
				t.Errorf("%d lines are unpriced, want %d", got, c.want)
			}
		})
	}
}
