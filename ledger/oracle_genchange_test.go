package ledger_test

import (
	"fmt"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// command is any command that suits the world as it is, or does not.
func (a *author) command() ledger.Command {
	target, known := a.target()
	if over := target.ReversedWhole || !a.now.Before(target.Locking); known && over && !a.oneIn(3) {
		order := a.order()
		order.Order = fmt.Sprintf("order-%d", a.number)
		return order
	}
	if target.ReversedWhole && a.choose(2) == 1 {
		return ledger.Undo{Submission: int64(a.between(1, int(a.number)))}
	}
	switch n := a.choose(40); {
	case n < 20:
		return a.itemChanges()
	case n < 29:
		return a.actionChange()
	case n < 33:
		return ledger.Reversal{Address: a.address(), Reason: a.reasonOfDelete(), Expected: a.expected()}
	case n < 37:
		return ledger.Undo{Submission: max(1, a.number-int64(a.choose(4))), Expected: a.expected()}
	case n < 38:
		return ledger.Undo{Submission: int64(a.between(1, int(a.number)+1))}
	}
	return a.order()
}

func (a *author) address() ledger.Address {
	target, known := a.target()
	pair := ledger.Address{EventType: target.ID.EventType, Order: target.Order}
	if !known {
		pair = ledger.Address{EventType: sale, Order: "order-1"}
	}
	switch a.choose(12) {
	case 0, 1, 2, 3, 4, 5:
		return ledger.Address{Action: target.ID}
	case 6, 7, 8:
		return pair
	case 9:
		return ledger.Address{Action: target.ID, EventType: pair.EventType, Order: pair.Order}
	case 10:
		return pick(a.choices, ledger.Address{Action: target.ID}, ledger.Address{Action: target.ID}, ledger.Address{EventType: lead, Order: "order-2"})
	}
	if !a.oneIn(3) {
		return ledger.Address{Action: target.ID}
	}
	wrong := target.ID
	wrong.Campaign, wrong.Number = wrong.Campaign+1, max(1, wrong.Number)
	return pick(a.choices,
		ledger.Address{Action: target.ID, EventType: pair.EventType, Order: "no-such"},
		ledger.Address{Action: target.ID, EventType: unknownEvent, Order: pair.Order},
		ledger.Address{Action: target.ID, Order: pair.Order},
		ledger.Address{Action: wrong},
		ledger.Address{Action: ledger.ActionID{Campaign: shop, EventType: sale, Number: 900}, EventType: sale, Order: "order-1"},
		ledger.Address{EventType: sale, Order: "no-such"},
	)
}

// expected is mostly not given; given, it is the newest update or one before.
func (a *author) expected() ledger.UpdateID {
	target, known := a.target()
	if !known || !a.oneIn(8) {
		return ledger.UpdateID{}
	}
	return ledger.UpdateID{Action: target.ID, Number: max(1, target.Last.Number-int64(pick(a.choices, 0, 0, 1, 5)))}
}

func (a *author) reasonOfDelete() string {
	return pick(a.choices, "REJECTED", "OTHER", "Fraudulent", "CONS_FRAUD", "ITEM_RETURNED", "HOLD", "fraudulent", "RESET", "ORDER_UPDATE", "OKAY")
}

func (a *author) actionChange() ledger.Modification {
	m := ledger.Modification{Address: a.address(), Reason: pick(a.choices, "ORDER_UPDATE", "OTHER", "ITEM_RETURNED"), Expected: a.expected()}
	if a.oneIn(25) {
		m.Currency = pick[money.Currency](a.choices, a.currency, "EUR")
	}
	switch a.choose(12) {
	case 0, 1, 2:
		m.Reason = "RESET"
		if a.oneIn(20) {
			a.oneAmountOrStatus(&m)
		}
		return m
	case 3, 4:
		m.Reason = pick(a.choices, "HOLD", "CHECK", "OKAY", "Fraudulent", "hold", "NOBODYS", "REJECTED")
		if a.oneIn(3) {
			a.oneAmountOrStatus(&m)
		}
		return m
	}
	a.oneAmountOrStatus(&m)
	return m
}

func (a *author) oneAmountOrStatus(m *ledger.Modification) {
	if n := a.choose(5); n != 0 {
		m.Amount = a.money()
		if n == 1 {
			m.Amount = ptr(pick[money.Decimal](a.choices, 0, 4, 49))
		}
		if target, _ := a.target(); n == 2 {
			m.Amount = ptr(money.Decimal(int64(target.Amount) * (10_000 / minors[a.currency])))
		}
	}
	if m.Amount == nil || a.oneIn(4) {
		m.CustomerStatus = ptr(pick(a.choices, "NEW", "EXISTING", "VIP", "NEW", "new", ""))
	}
}

func (a *author) itemChanges() ledger.Modification {
	m := ledger.Modification{Address: a.address(), Reason: "ORDER_UPDATE", Expected: a.expected()}
	if a.oneIn(40) {
		m.Reason = pick(a.choices, "OTHER", "HOLD", "RESET")
	}
	if a.oneIn(12) {
		m.CustomerStatus = ptr(pick(a.choices, "NEW", "EXISTING", "VIP", "unknown"))
	}
	if a.oneIn(40) {
		m.Currency = pick[money.Currency](a.choices, a.currency, "EUR")
	}
	skus := []string{"A"}
	if target, known := a.target(); known {
		skus = nil
		for _, item := range target.Items {
			skus = append(skus, item.SKU)
		}
	}
	first := a.choose(len(skus))
	for i := range pick(a.choices, 1, 1, 2, 3) {
		if i < len(skus) {
			m.Items = append(m.Items, a.itemChange(i+1, skus[(first+i)%len(skus)]))
		}
	}
	if a.oneIn(30) {
		m.Items = append(m.Items, a.itemChange(len(m.Items)+1, pick(a.choices, "unknown", skus[first])))
	}
	if a.oneIn(40) {
		a.contradict(&m)
	}
	return m
}

func (a *author) itemChange(number int, sku string) ledger.ItemChange {
	c := ledger.ItemChange{Number: number, SKU: sku}
	switch a.choose(10) {
	case 0, 1, 2:
		c.Quantity = ptr(int64(a.choose(5)))
	case 3:
		c.Amount = a.money()
	case 4:
		c.Amount, c.Quantity = a.money(), ptr(int64(a.between(1, 4)))
		if a.oneIn(6) {
			c.Amount, c.Quantity = ptr[money.Decimal](0), ptr[int64](0)
		}
	case 5, 6:
		a.subTotalDelta(&c)
	case 7:
		c.QuantityDelta = ptr(int64(pick(a.choices, -1, 1, -2, 2, 0, 999_999_999)))
	default:
		a.words(&c)
		return c
	}
	if a.oneIn(6) {
		a.words(&c)
	}
	if a.huge && a.oneIn(3) && c.Quantity != nil && *c.Quantity > 0 {
		c.Quantity = ptr[int64](999_999_999)
	}
	return c
}

// contradict gives the first item something that is a 400 by itself or beside what
// it has.
func (a *author) contradict(m *ledger.Modification) {
	c := &m.Items[0]
	switch a.choose(8) {
	case 0:
		c.Quantity, c.Amount, c.AmountDelta = ptr[int64](0), ptr[money.Decimal](10_000), nil
	case 1:
		c.Quantity, c.AmountDelta = ptr[int64](0), ptr[money.Decimal](10_000)
	case 2:
		c.Amount, c.AmountDelta = a.money(), a.money()
	case 3:
		c.Quantity, c.QuantityDelta = ptr[int64](2), ptr[int64](1)
	case 4:
		c.QuantityDelta, c.Amount = ptr[int64](1), a.money()
	case 5:
		*c = ledger.ItemChange{Number: 1, SKU: c.SKU}
	case 6:
		m.Amount = a.money()
	default:
		*c = ledger.ItemChange{Number: 1, SKU: c.SKU, Amount: ptr[money.Decimal](-10_000), Quantity: ptr(int64(-a.choose(2)))}
	}
}

// subTotalDelta is signed, and now and then takes off just what there is.
func (a *author) subTotalDelta(c *ledger.ItemChange) {
	d := *a.money()
	if a.choose(2) == 0 {
		d = -d / money.Decimal(a.between(1, 20))
	}
	target, _ := a.target()
	for _, item := range target.Items {
		if item.SKU == c.SKU && a.oneIn(4) {
			d = -money.Decimal(int64(item.Amount) * (10_000 / minors[a.currency]))
		}
	}
	c.AmountDelta = &d
	if a.oneIn(4) {
		c.Quantity = ptr(int64(a.between(1, 4)))
	}
}

func (a *author) words(c *ledger.ItemChange) {
	switch a.choose(4) {
	case 0:
		c.Name = ptr(pick(a.choices, "", "a thing", "another thing"))
	case 1:
		c.Rebate = a.money()
	default:
		c.Category = ptr(pick(a.choices, "Shoes", "books", "BOOKS", ""))
	}
}
