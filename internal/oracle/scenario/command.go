package scenario

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// Command returns a command that suits the account most of the time.
func (g *Generator) Command() ledger.Command {
	target, known := g.target()
	if known && g.done(target) && !g.oneIn(3) {
		conversion := g.Conversion()
		conversion.Order = fmt.Sprintf("order-%d", g.number)
		return conversion
	}
	if known && !g.accepted.Before(target.LockingDate) && g.oneIn(4) {
		return g.lateReturn(target)
	}
	if target.ReversedWhole && g.Choose(2) == 1 {
		return ledger.Undo{Submission: int64(g.between(1, int(g.number)))}
	}
	switch n := g.Choose(40); {
	case n < 20:
		return g.itemChanges()
	case n < 29:
		return g.actionChange()
	case n < 33:
		return ledger.Reversal{Address: g.address(), Reason: g.reversalReason(), Expected: g.expected()}
	case n < 37:
		return ledger.Undo{Submission: max(1, g.number-int64(g.Choose(4))), Expected: g.expected()}
	case n < 38:
		return ledger.Undo{Submission: int64(g.between(1, int(g.number)+1))}
	}
	return g.Conversion()
}

// done reports whether hardly any command can change the action.
func (g *Generator) done(a ledger.Action) bool {
	return a.ReversedWhole || !g.accepted.Before(a.LockingDate) && !g.adjustable(a)
}

// adjustable reports whether a locked action may still accept adjustments.
func (g *Generator) adjustable(a ledger.Action) bool {
	ref := g.History.At(g.accepted)
	terms := ref.TermsVersion(a.Terms)
	return terms.LateReturns > 0 && g.accepted.Before(terms.AdjustableUntil(a.LockingDate, ref.Zone()).AddDate(0, 0, 1))
}

// lateReturn reduces the amount of an action.
func (g *Generator) lateReturn(a ledger.Action) ledger.Command {
	m := ledger.Modification{Address: g.address(), Reason: pick(g.Choices, "HOLD", "OTHER", "Fraudulent"), Expected: g.expected()}
	if m.Reason != "Fraudulent" {
		part := int64(a.Amount) * int64(g.Choose(101)) / 100
		m.Amount = new(money.Decimal(part * (10_000 / oracle.MinorUnits(g.Currency))))
	}
	return m
}

func (g *Generator) address() ledger.Address {
	target, known := g.target()
	pair := ledger.Address{EventType: target.ID.EventType, Order: target.Order}
	if !known {
		pair = ledger.Address{EventType: Sale, Order: "order-1"}
	}
	switch g.Choose(12) {
	case 0, 1, 2, 3, 4, 5:
		return ledger.Address{Action: target.ID}
	case 6, 7, 8:
		return pair
	case 9:
		return ledger.Address{Action: target.ID, EventType: pair.EventType, Order: pair.Order}
	case 10:
		return pick(g.Choices, ledger.Address{Action: target.ID}, ledger.Address{Action: target.ID}, ledger.Address{EventType: Lead, Order: "order-2"})
	}
	if !g.oneIn(3) {
		return ledger.Address{Action: target.ID}
	}
	wrong := target.ID
	wrong.Campaign, wrong.EventType, wrong.Number = wrong.Campaign+1, max(1, wrong.EventType), max(1, wrong.Number)
	return pick(g.Choices,
		ledger.Address{Action: target.ID, EventType: pair.EventType, Order: "no-such"},
		ledger.Address{Action: target.ID, EventType: unknownEventType, Order: pair.Order},
		ledger.Address{Action: target.ID, Order: pair.Order},
		ledger.Address{Action: wrong},
		ledger.Address{Action: ids.ActionID{Campaign: Shop, EventType: Sale, Number: 900}, EventType: Sale, Order: "order-1"},
		ledger.Address{EventType: Sale, Order: "no-such"},
	)
}

// expected returns the zero id most of the time, else the newest update of an action
// or an older one.
func (g *Generator) expected() ids.UpdateID {
	target, known := g.target()
	if !known || !g.oneIn(8) {
		return ids.UpdateID{}
	}
	if g.oneIn(10) {
		target = pick(g.Choices, g.Memory.Actions...)
	}
	return ids.UpdateID{Action: target.ID, Number: max(1, target.Last.Number-int64(pick(g.Choices, 0, 0, 1, 5)))}
}

func (g *Generator) reversalReason() string {
	return pick(g.Choices, "REJECTED", "OTHER", "Fraudulent", "CONS_FRAUD", "ITEM_RETURNED", "HOLD", "fraudulent", "RESET", "ORDER_UPDATE", "OKAY")
}

func (g *Generator) actionChange() ledger.Modification {
	m := ledger.Modification{Address: g.address(), Reason: pick(g.Choices, "ORDER_UPDATE", "OTHER", "ITEM_RETURNED"), Expected: g.expected()}
	m.Currency = g.currencyOfChange()
	switch g.Choose(12) {
	case 0, 1, 2:
		m.Reason = "RESET"
		if g.oneIn(20) {
			g.setAmountOrStatus(&m)
		}
		return m
	case 3, 4:
		m.Reason = pick(g.Choices, "HOLD", "CHECK", "OKAY", "Fraudulent", "hold", "NOBODYS", "REJECTED", "")
		switch {
		case m.Reason == "Fraudulent" && g.oneIn(3): // as shops send it
			m.Amount = new(money.Decimal(0))
		case g.oneIn(3):
			g.setAmountOrStatus(&m)
		}
		return m
	}
	g.setAmountOrStatus(&m)
	return m
}

func (g *Generator) setAmountOrStatus(m *ledger.Modification) {
	if n := g.Choose(5); n != 0 {
		m.Amount = g.amount()
		if n == 1 {
			m.Amount = new(pick[money.Decimal](g.Choices, 0, 4, 49, -1))
		}
		if target, _ := g.target(); n == 2 {
			m.Amount = new(g.whole(m.Currency, target, target.Amount, target.Original.Amount))
		}
	}
	if m.Amount == nil || g.oneIn(4) {
		m.CustomerStatus = new(pick(g.Choices, "NEW", "EXISTING", "VIP", "NEW", "new", ""))
	}
}
