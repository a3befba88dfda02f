package scenario

import (
	"cmp"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Conversion returns a conversion that is valid most of the time.
func (g *Generator) Conversion() ledger.Conversion {
	c := ledger.Conversion{
		Campaign: Shop, EventType: int64(pick(g.Choices, Sale, Lead)), Order: pick(g.Choices, "order-1", "order-1", "order-2"),
		EventDate: g.accepted.Add(-g.minutes(3)),
		Partner:   int64(pick(g.Choices, PartnerOne, PartnerTwo)), CustomerStatus: pick(g.Choices, "NEW", "EXISTING", "", "VIP", "NEW", "NEW", "EXISTING", "unknown"),
		Country: pick(g.Choices, "DE", "US", ""), Region: pick(g.Choices, "Bavaria", ""), City: pick(g.Choices, "München", "Rome", ""),
		PostCode: pick(g.Choices, "80331", ""), PromoCode: pick(g.Choices, "", "", "Save10", "save10"),
		Customer: pick(g.Choices, "", fmt.Sprintf("customer-%d", g.Choose(4))),
	}
	if g.oneIn(6) {
		c.EventDate = g.accepted.Add(-g.minutes(30))
	}
	if !g.oneIn(8) {
		g.attributeToPartnerWithTerms(&c)
	}
	if g.oneIn(5) {
		c.EventType, c.EventTypeCode = 0, pick(g.Choices, "SALE", "LEAD")
	}
	if g.oneIn(8) {
		g.attributeByOtherKey(&c)
	}
	if g.oneIn(5) {
		c.Currency = g.currency()
	}
	g.addLines(&c)
	if g.oneIn(6) {
		c.Payout, c.Inquiry = g.amount(), 1
	}
	if g.oneIn(7) {
		g.invalidate(&c)
	}
	if g.oneIn(10) {
		g.erase(&c)
	}
	return c
}

// attributeToPartnerWithTerms chooses a partner who has terms, if there is one.
func (g *Generator) attributeToPartnerWithTerms(c *ledger.Conversion) {
	ref, first := g.History.At(g.accepted), g.Choose(4)
	for i := range 4 {
		partner, eventType := int64(PartnerOne+(first+i)/2%2), int64(Sale+(first+i)%2)
		if _, code := oracle.TermsOfConversion(ref, Shop, eventType, partner, c.EventDate); code == "" {
			c.Partner, c.EventType = partner, eventType
			return
		}
	}
}

// attributeByOtherKey replaces the partner by another attribution key, or by the key
// of nobody.
func (g *Generator) attributeByOtherKey(c *ledger.Conversion) {
	c.Partner, c.PromoCode = 0, ""
	switch g.Choose(10) {
	case 0, 1:
		c.Click = fmt.Sprintf("click-%d", g.Choose(7))
	case 8, 9:
		g.addKeys(c)
	case 2, 3:
		c.Customer = fmt.Sprintf("customer-%d", g.Choose(5))
	case 4:
		c.PromoCode = pick(g.Choices, "SAVE10", "gone", "THERE", "nobody's")
	case 5:
		c.PromoCode, c.Click = "sAVE10", "click-0"
	case 6:
		c.OtherKey, c.Customer = true, ""
	default:
		c.Partner = int64(pick(g.Choices, PartnerGone, unknownPartner))
	}
}

// addKeys sets several attribution keys, of which some find nobody.
func (g *Generator) addKeys(c *ledger.Conversion) {
	c.Customer = ""
	c.PromoCode = pick(g.Choices, "", "", "nobody's", "nobody's,sAVE10", "x GONE", "x, THERE\tsave10", ", ")
	c.Click = pick(g.Choices, "", "", "nobody's", "click-5")
	for _, key := range []*string{&c.CustomClick, &c.UniqueURL, &c.Profile, &c.CallerID} {
		if g.oneIn(3) {
			*key = fmt.Sprintf("key-%d", g.Choose(4))
		}
	}
	if g.oneIn(4) {
		c.Customer = fmt.Sprintf("customer-%d", g.Choose(6))
	}
	c.OtherKey = g.oneIn(4) || c.PromoCode+c.Click+c.CustomClick+c.UniqueURL+c.Profile+c.CallerID+c.Customer == ""
}

// addLines gives the order its lines and amounts.
func (g *Generator) addLines(c *ledger.Conversion) {
	if g.oneIn(8) {
		g.addAmounts(c)
		return
	}
	final := g.oneIn(3)
	for i := range g.between(1, 4) {
		line := ledger.ConversionLine{
			Number: i + 1, SKU: pick(g.Choices, "A", "sku-b", "3", "D"), Category: pick(g.Choices, "Shoes", "books", ""),
			SubCategory: pick(g.Choices, "Boots", ""), Name: pick(g.Choices, "", "a thing"),
		}
		if !g.oneIn(10) {
			line.SKU = []string{"A", "sku-b", "3", "D"}[i]
		}
		if g.oneIn(10) {
			line.SKU, line.Number = "", i*2+1
		}
		if !g.oneIn(3) {
			line.Quantity = new(int64(pick(g.Choices, g.between(1, 5), 1, 3, 2)))
		}
		if g.oneIn(8) {
			line.Rebate = g.amount()
		}
		g.priceLine(&line, final)
		c.Lines = append(c.Lines, line)
	}
	if !final && g.oneIn(5) {
		c.DiscountRate = new(pick[money.Decimal](g.Choices, 100_000, 333_333, 0, 1_000_000))
	}
	if !final && g.oneIn(5) {
		c.Discount = new(money.Decimal(g.Choose(60_000)))
	}
	if g.oneIn(6) {
		g.addTotal(c)
	}
	if g.oneIn(30) {
		g.removePrices(c)
	}
}

// removePrices leaves the order without a priced line.
func (g *Generator) removePrices(c *ledger.Conversion) {
	for i := range c.Lines {
		line := &c.Lines[i]
		line.Price, line.SubTotal, line.Amount, line.UnitDiscount, line.DiscountRate, line.LineDiscount = nil, nil, nil, nil, nil, nil
	}
	c.Amount, c.Discount = pick(g.Choices, nil, g.amount()), pick(g.Choices, nil, g.amount(), new(money.Decimal(-10_000)))
}

// priceLine gives a line its price and discounts.
func (g *Generator) priceLine(line *ledger.ConversionLine, final bool) {
	switch {
	case g.oneIn(12):
		return
	case g.oneIn(30):
		line.Price = new(money.Decimal(0))
	case final:
		line.Amount = g.amount()
		return
	case g.Choose(2) == 0:
		line.SubTotal = g.amount()
	default:
		line.Price = g.amount()
	}
	if g.oneIn(5) {
		line.UnitDiscount = new(money.Decimal(g.Choose(20_000)))
	}
	if g.oneIn(5) {
		line.DiscountRate = new(pick[money.Decimal](g.Choices, 100_000, 333_333, 125, 1_000_000))
	}
	if g.oneIn(5) {
		line.LineDiscount = new(money.Decimal(g.Choose(20_000)))
	}
}

// addTotal gives the order a total, and half of the time a line without a price.
func (g *Generator) addTotal(c *ledger.Conversion) {
	if !g.oneIn(3) {
		c.Discount = nil
	}
	currency := cmp.Or(c.Currency, g.Currency)
	sum := money.Decimal(oracle.OrderTotal(*c, currency) * (10_000 / oracle.MinorUnits(currency)))
	if g.Choose(2) == 1 {
		line := &c.Lines[g.Choose(len(c.Lines))]
		line.Price, line.SubTotal, line.Amount, line.UnitDiscount, line.DiscountRate, line.LineDiscount = nil, nil, nil, nil, nil, nil
		sum += money.Decimal(g.Choose(100_000))
	}
	if g.oneIn(8) {
		sum -= money.Decimal(g.Choose(20_000))
	}
	c.Amount = new(sum)
}

// addAmounts gives an order without lines its amounts.
func (g *Generator) addAmounts(c *ledger.Conversion) {
	switch g.Choose(5) {
	case 4: // a lead
		if g.oneIn(3) {
			c.Discount = new(money.Decimal(g.between(-1, 2) * 10_000))
		}
	case 0:
		c.Amount = g.amount()
	case 1:
		c.PostDiscount, c.SubTotal = g.amount(), g.amount()
	default:
		c.SubTotal = g.amount()
		if g.Choose(2) == 1 {
			c.DiscountRate = new(pick[money.Decimal](g.Choices, 100_000, 333_333, 1_000_000))
		}
		if g.Choose(2) == 1 {
			c.Discount = new(money.Decimal(g.Choose(30_000)))
		}
	}
}
