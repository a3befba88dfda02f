package ledger_test

import (
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// author writes submissions for a world, one after the other.
type author struct {
	choices
	setting
	world *memWorld
	// now is when the newest submission was accepted, turn when it was applied.
	now, turn time.Time
	number    int64
	// huge says that this sequence has amounts near the limit.
	huge bool
}

func newAuthor(c choices, s setting) *author {
	a := &author{choices: c, setting: s, world: newWorld(s.history, s.clicks)}
	a.now = s.start.Add(time.Duration(a.choose(6*24*60)) * time.Minute)
	a.turn, a.huge = a.now, a.oneIn(12)
	return a
}

// submit numbers and dates a command.
func (a *author) submit(command ledger.Command) (ledger.Submission, time.Time) {
	a.number++
	if at := a.now.Add(time.Duration(a.choose(90)) * time.Minute); at.After(a.turn) {
		a.turn = at
	}
	return ledger.Submission{Number: a.number, Accepted: a.now, Command: command}, a.turn
}

// wait lets time pass: not at all, some minutes, days, or to an action's locking.
func (a *author) wait() {
	switch a.choose(12) {
	case 0, 1, 2, 3:
	case 4, 5, 6:
		a.now = a.now.Add(time.Duration(a.choose(600)) * time.Second)
	case 7, 8, 9:
		a.now = a.now.Add(a.days(0, 1) + time.Duration(a.choose(24*60))*time.Minute)
	case 10:
		a.now = a.now.Add(a.days(1, 4))
	case 11:
		if target, known := a.target(); known {
			at := target.Locking.Add(pick(a.choices, -time.Nanosecond, 0, -time.Second))
			if at.After(a.now) && at.Before(a.now.AddDate(0, 2, 0)) {
				a.now = at
			}
		}
	}
}

// target answers the action that submissions mostly go to: the newest.
func (a *author) target() (ledger.Action, bool) { return a.world.newest() }

// money answers an amount that is not negative.
func (a *author) money() *money.Decimal {
	minor := 10_000 / minors[a.currency]
	switch n := a.choose(24); {
	case n == 23:
		return ptr[money.Decimal](0)
	case n == 22:
		return ptr(money.Decimal(a.choose(120)))
	case n > 17 && a.huge:
		return ptr(pick[money.Decimal](a.choices, 9_999_999_999_999_999, 9_999_999_999_990_000, 5_000_000_000_000_000, 333_333_333_333_333))
	case n > 14:
		return ptr(money.Decimal(a.choose(2_000_000)))
	default:
		return ptr(money.Decimal(int64(a.choose(20_000)) * minor))
	}
}

// order is a conversion that is mostly right.
func (a *author) order() ledger.Conversion {
	c := ledger.Conversion{
		Campaign: shop, EventType: int64(pick(a.choices, sale, lead)), Order: pick(a.choices, "order-1", "order-1", "order-2"),
		EventDate: a.now.Add(-time.Duration(a.choose(3*24*60)) * time.Minute),
		Partner:   int64(pick(a.choices, partnerOne, partnerTwo)), CustomerStatus: pick(a.choices, "NEW", "EXISTING", "", "VIP"),
		Country: pick(a.choices, "DE", "US", ""), Region: pick(a.choices, "Bavaria", ""), City: pick(a.choices, "München", "Rome", ""),
		PostCode: pick(a.choices, "80331", ""), PromoCode: pick(a.choices, "", "", "Save10", "save10"),
		Customer: pick(a.choices, "", fmt.Sprintf("customer-%d", a.choose(4))),
	}
	if a.oneIn(6) {
		c.EventDate = a.now.Add(-time.Duration(a.choose(30*24*60)) * time.Minute)
	}
	if !a.oneIn(8) {
		a.creditInForce(&c)
	}
	if a.oneIn(5) {
		c.EventType, c.EventTypeCode = 0, pick(a.choices, "SALE", "LEAD")
	}
	if a.oneIn(8) {
		a.creditOtherwise(&c)
	}
	a.fill(&c)
	if a.oneIn(6) {
		c.Payout, c.Inquiry = a.money(), 1
	}
	if a.oneIn(7) {
		a.spoil(&c)
	}
	return c
}

// creditInForce credits a partner who has terms, if there is one.
func (a *author) creditInForce(c *ledger.Conversion) {
	ref, first := a.history.at(a.now), a.choose(4)
	for i := range 4 {
		partner, eventType := int64(partnerOne+(first+i)/2%2), int64(sale+(first+i)%2)
		if _, code := termsOfConversion(ref, shop, eventType, partner, c.EventDate); code == "" {
			c.Partner, c.EventType = partner, eventType
			return
		}
	}
}

// creditOtherwise credits by one of the later keys, or by nobody's.
func (a *author) creditOtherwise(c *ledger.Conversion) {
	c.Partner, c.PromoCode = 0, ""
	switch a.choose(8) {
	case 0, 1:
		c.Click = fmt.Sprintf("click-%d", a.choose(7))
	case 2, 3:
		c.Customer = fmt.Sprintf("customer-%d", a.choose(5))
	case 4:
		c.PromoCode = pick(a.choices, "SAVE10", "gone", "THERE", "nobody's")
	case 5:
		c.PromoCode, c.Click = "sAVE10", "click-0"
	case 6:
		c.OtherKey, c.Customer = true, ""
	default:
		c.Partner = int64(pick(a.choices, partnerGone, unknownMedia))
	}
}

// fill gives the order its lines and amounts.
func (a *author) fill(c *ledger.Conversion) {
	if a.oneIn(8) {
		a.fillWithoutLines(c)
		return
	}
	final := a.oneIn(3)
	for i := range a.between(1, 4) {
		line := ledger.ConversionLine{
			Number: i + 1, SKU: pick(a.choices, "A", "sku-b", "3", "D"), Category: pick(a.choices, "Shoes", "books", ""),
			SubCategory: pick(a.choices, "Boots", ""), Name: pick(a.choices, "", "a thing"),
		}
		if !a.oneIn(10) {
			line.SKU = []string{"A", "sku-b", "3", "D"}[i]
		}
		if a.oneIn(10) {
			line.SKU, line.Number = "", i*2+1
		}
		if !a.oneIn(3) {
			line.Quantity = ptr(int64(pick(a.choices, a.between(1, 5), 1, 3, 2)))
		}
		if a.oneIn(8) {
			line.Rebate = a.money()
		}
		a.value(&line, final)
		c.Lines = append(c.Lines, line)
	}
	if !final && a.oneIn(5) {
		c.DiscountRate = ptr(pick[money.Decimal](a.choices, 100_000, 333_333, 0, 1_000_000))
	}
	if !final && a.oneIn(5) {
		c.Discount = ptr(money.Decimal(a.choose(60_000)))
	}
	if a.oneIn(6) {
		a.addTotal(c)
	}
}

// value gives a line its price and discounts.
func (a *author) value(line *ledger.ConversionLine, final bool) {
	switch {
	case a.oneIn(12):
		return
	case final:
		line.Amount = a.money()
		return
	case a.choose(2) == 0:
		line.SubTotal = a.money()
	default:
		line.Price = a.money()
	}
	if a.oneIn(5) {
		line.UnitDiscount = ptr(money.Decimal(a.choose(20_000)))
	}
	if a.oneIn(5) {
		line.DiscountRate = ptr(pick[money.Decimal](a.choices, 100_000, 333_333, 125, 1_000_000))
	}
	if a.oneIn(5) {
		line.LineDiscount = ptr(money.Decimal(a.choose(20_000)))
	}
}

// addTotal gives the order a total, now and then with lines that leave it open.
func (a *author) addTotal(c *ledger.Conversion) {
	if !a.oneIn(3) {
		c.Discount = nil
	}
	items, _ := itemsOf(*c, a.currency)
	sum := money.Decimal(total(amountsOf(items)) * (10_000 / minors[a.currency]))
	if a.choose(2) == 1 {
		line := &c.Lines[a.choose(len(c.Lines))]
		line.Price, line.SubTotal, line.Amount, line.UnitDiscount, line.DiscountRate, line.LineDiscount = nil, nil, nil, nil, nil, nil
		sum += money.Decimal(a.choose(100_000))
	}
	if a.oneIn(8) {
		sum -= money.Decimal(a.choose(20_000))
	}
	c.Amount = ptr(sum)
}

func (a *author) fillWithoutLines(c *ledger.Conversion) {
	switch a.choose(4) {
	case 0:
		c.Amount = a.money()
	case 1:
		c.PostDiscount, c.SubTotal = a.money(), a.money()
	default:
		c.SubTotal = a.money()
		if a.choose(2) == 1 {
			c.DiscountRate = ptr(pick[money.Decimal](a.choices, 100_000, 333_333, 1_000_000))
		}
		if a.choose(2) == 1 {
			c.Discount = ptr(money.Decimal(a.choose(30_000)))
		}
	}
}

// spoil makes one thing wrong, or at least strange.
func (a *author) spoil(c *ledger.Conversion) {
	switch a.choose(16) {
	case 14:
		c.Payout = ptr[money.Decimal](-1)
	case 0:
		c.Order = ""
	case 1:
		c.EventDate = a.now.Add(pick(a.choices, 4*time.Minute, 5*time.Minute, 5*time.Minute+1, time.Hour))
	case 2:
		c.Partner, c.PromoCode, c.Click, c.Customer, c.OtherKey = 0, "", "", "", false
	case 3:
		c.Lines, c.Amount, c.SubTotal, c.PostDiscount = nil, nil, nil, nil
	case 4:
		c.Campaign = unknownCampaign
	case 5:
		c.EventType, c.EventTypeCode = unknownEvent, "SALE"
	case 6:
		c.EventType = closed
	case 7:
		c.EventType, c.EventTypeCode = 0, pick(a.choices, "CLOSED", "NONE", "ELSE", "sale")
	case 8:
		c.EventType = elsewhere
	case 9:
		c.Currency = pick[money.Currency](a.choices, "EUR", a.currency)
	case 10:
		c.Campaign, c.EventType = otherShop, elsewhere
	case 11:
		c.Amount, c.Lines = ptr[money.Decimal](-1_000_000), nil
	case 12:
		c.Disposition = pick(a.choices, "HOLD", "OKAY", "NOBODYS")
	case 13:
		c.EventDate = c.EventDate.Add(-a.days(25, 380))
	default:
		if len(c.Lines) > 0 {
			a.spoilLine(&c.Lines[a.choose(len(c.Lines))])
		}
	}
}

func (a *author) spoilLine(line *ledger.ConversionLine) {
	switch a.choose(6) {
	case 0:
		line.Quantity = ptr(int64(-a.choose(2)))
	case 1:
		line.Price, line.SubTotal = a.money(), a.money()
	case 2:
		line.Amount, line.LineDiscount = a.money(), a.money()
	case 3:
		line.Price, line.SubTotal, line.Amount = ptr[money.Decimal](-5), nil, nil
	case 4:
		line.Quantity = ptr[int64](999_999_999)
	default:
		line.UnitDiscount = ptr[money.Decimal](3_000_000)
	}
}
