package scenario

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// invalidate changes one thing of the conversion that is wrong, or at least rare.
func (g *Generator) invalidate(c *ledger.Conversion) {
	switch n := g.Choose(19); {
	case n < 6:
		g.invalidateAmounts(c)
	case n < 14:
		g.invalidateReferences(c)
	case n == 14:
		c.Order = ""
	case n == 15:
		c.EventDate = g.accepted.Add(pick(g.Choices, 4*time.Minute, 5*time.Minute, 5*time.Minute+1, time.Hour))
	case n == 16:
		c.EventDate = c.EventDate.Add(-g.days(25, 380))
	case n == 17:
		c.Disposition = pick(g.Choices, "HOLD", "OKAY", "NOBODYS")
	default:
		if len(c.Lines) > 0 {
			g.invalidateLine(&c.Lines[g.Choose(len(c.Lines))])
		}
	}
}

// invalidateAmounts changes an amount or the currency.
func (g *Generator) invalidateAmounts(c *ledger.Conversion) {
	switch g.Choose(6) {
	case 0:
		c.Lines, c.Amount, c.SubTotal, c.PostDiscount = nil, nil, nil, nil
	case 1:
		c.Amount, c.Lines = new(money.Decimal(-1_000_000)), nil
	case 2:
		c.Payout = new(money.Decimal(-1))
	case 3:
		c.Discount = new(money.Decimal(-10_000))
	case 4:
		c.DiscountRate = new(pick[money.Decimal](g.Choices, -10_000, 1_500_000))
	default:
		c.Currency = pick[money.Currency](g.Choices, "EUR", g.Currency)
	}
}

// invalidateReferences changes the campaign, the event type or the attribution.
func (g *Generator) invalidateReferences(c *ledger.Conversion) {
	switch g.Choose(8) {
	case 0:
		c.Partner, c.PromoCode, c.Click, c.Customer, c.OtherKey = 0, "", "", "", false
		c.CustomClick, c.UniqueURL, c.Profile, c.CallerID = "", "", "", ""
	case 1:
		c.Campaign = unknownCampaign
	case 2:
		c.EventType, c.EventTypeCode = unknownEventType, "SALE"
	case 3:
		c.EventType = Closed
	case 4:
		c.EventType, c.EventTypeCode = 0, pick(g.Choices, "CLOSED", "NONE", "ELSE", "sale")
	case 5:
		c.EventType = Elsewhere
	case 6:
		c.Campaign, c.EventType = OtherShop, Elsewhere
	default:
		c.Campaign, c.EventType, c.EventTypeCode = OtherShop, 0, pick(g.Choices, "SALE", "ELSE")
	}
}

// invalidateLine changes one thing of the line that is wrong, or at least rare.
func (g *Generator) invalidateLine(line *ledger.ConversionLine) {
	switch g.Choose(12) {
	case 0:
		line.Quantity = new(int64(-g.Choose(2)))
	case 1:
		line.Price, line.SubTotal = g.amount(), g.amount()
	case 2:
		line.Amount, line.LineDiscount = g.amount(), g.amount()
	case 3:
		line.Price, line.SubTotal, line.Amount = new(money.Decimal(-5)), nil, nil
	case 4:
		line.Quantity = new(pick[int64](g.Choices, 999_999_999, 1_000_000_000))
	case 5:
		line.UnitDiscount = new(money.Decimal(3_000_000))
	case 6:
		line.Amount, line.Price, line.SubTotal = g.amount(), pick(g.Choices, nil, g.amount()), pick(g.Choices, nil, g.amount())
		line.UnitDiscount, line.DiscountRate, line.LineDiscount = nil, nil, nil
	case 7:
		line.Rebate = new(pick[money.Decimal](g.Choices, -10_000, 9_999_999_999_999_999))
	case 8:
		line.DiscountRate = new(pick[money.Decimal](g.Choices, -10_000, 1_000_001, 1_500_000))
	case 9:
		line.LineDiscount = new(pick[money.Decimal](g.Choices, -10_000, 9_000_000))
	case 10:
		line.Price, line.SubTotal, line.Amount = nil, new(money.Decimal(-10_000)), nil
	default:
		line.UnitDiscount = new(money.Decimal(-10_000))
	}
}
