package scenario

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func (g *Generator) itemChanges() ledger.Modification {
	m := ledger.Modification{Address: g.address(), Reason: "ORDER_UPDATE", Expected: g.expected()}
	if g.oneIn(40) {
		m.Reason = pick(g.Choices, "OTHER", "HOLD", "RESET")
	}
	if g.oneIn(12) {
		m.CustomerStatus = new(pick(g.Choices, "NEW", "EXISTING", "VIP", "unknown"))
	}
	m.Currency = g.currencyOfChange()
	skus := []string{"A"}
	if target, known := g.target(); known {
		skus = nil
		for _, item := range target.Items {
			skus = append(skus, item.SKU)
		}
	}
	first := g.Choose(len(skus))
	for i := range pick(g.Choices, 1, 1, 2, 3) {
		if i < len(skus) {
			m.Items = append(m.Items, g.itemChange(i+1, skus[(first+i)%len(skus)], m.Currency))
		}
	}
	if g.oneIn(30) {
		m.Items = append(m.Items, g.itemChange(len(m.Items)+1, pick(g.Choices, "unknown", skus[first]), m.Currency))
	}
	if g.oneIn(40) {
		g.contradict(&m)
	}
	return m
}

func (g *Generator) itemChange(number int, sku string, currency money.Currency) ledger.ItemChange {
	c := ledger.ItemChange{Number: number, SKU: sku}
	switch g.Choose(10) {
	case 0, 1, 2:
		c.Quantity = new(int64(g.Choose(5)))
	case 3:
		c.Amount = g.amount()
	case 4:
		c.Amount, c.Quantity = g.amount(), new(int64(g.between(1, 4)))
		if g.oneIn(6) {
			c.Amount, c.Quantity = new(money.Decimal(0)), new(int64(0))
		}
	case 5, 6:
		g.setAmountDelta(&c, currency)
	case 7:
		c.QuantityDelta = new(int64(pick(g.Choices, -1, 1, -2, 2, 0, 999_999_999)))
	default:
		g.setTexts(&c)
		return c
	}
	if g.oneIn(6) {
		g.setTexts(&c)
	}
	if g.large && g.oneIn(3) && c.Quantity != nil && *c.Quantity > 0 {
		c.Quantity = new(int64(999_999_999))
	}
	return c
}

// contradict makes the first item's change invalid by itself or beside the rest of
// the modification.
func (g *Generator) contradict(m *ledger.Modification) {
	c := &m.Items[0]
	alone := ledger.ItemChange{Number: 1, SKU: c.SKU}
	switch g.Choose(11) {
	case 0:
		c.Quantity, c.Amount, c.AmountDelta = new(int64(0)), new(money.Decimal(10_000)), nil
	case 1:
		c.Quantity, c.AmountDelta = new(int64(0)), new(money.Decimal(10_000))
	case 2:
		c.Amount, c.AmountDelta = g.amount(), g.amount()
	case 3:
		c.Quantity, c.QuantityDelta = new(int64(2)), new(int64(1))
	case 4:
		c.QuantityDelta, c.Amount = new(int64(1)), g.amount()
	case 5:
		*c = alone
	case 6:
		m.Amount = g.amount()
	case 7:
		*c = alone
		c.QuantityDelta, c.AmountDelta = new(int64(1)), g.amount()
	case 8:
		*c = alone
		c.Quantity = new(pick[int64](g.Choices, 1_000_000_000, -1))
	case 9:
		*c = alone
		c.QuantityDelta = new(pick[int64](g.Choices, 1_000_000_000, -1_000_000_000))
	default:
		*c = alone
		c.Amount, c.Rebate = pick(g.Choices, new(money.Decimal(-10_000)), nil), new(pick[money.Decimal](g.Choices, -10_000, 0))
	}
}

// setAmountDelta sets a signed change, now and then of the item's whole amount.
func (g *Generator) setAmountDelta(c *ledger.ItemChange, currency money.Currency) {
	d := *g.amount()
	if g.Choose(2) == 0 {
		d = -d / money.Decimal(g.between(1, 20))
	}
	target, _ := g.target()
	for _, item := range target.Items {
		if item.SKU == c.SKU && g.oneIn(4) {
			d = -g.whole(currency, target, item.Amount, item.Original)
		}
	}
	c.AmountDelta = &d
	if g.oneIn(4) {
		c.Quantity = new(int64(g.between(1, 4)))
	}
}

func (g *Generator) setTexts(c *ledger.ItemChange) {
	switch g.Choose(4) {
	case 0:
		c.Name = new(pick(g.Choices, "", "a thing", "another thing"))
	case 1:
		c.Rebate = g.amount()
	default:
		c.Category = new(pick(g.Choices, "Shoes", "books", "BOOKS", ""))
	}
}
