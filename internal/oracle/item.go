package oracle

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// changeItem changes the item's state by the table of section 4.
func (a *Action) changeItem(now *ItemState, c ledger.ItemChange) rejection.Code {
	if c.Category != nil {
		now.Category = *c.Category
	}
	if c.Name != nil {
		now.Name = *c.Name
	}
	rebateFits := true
	if c.Rebate != nil {
		now.Rebate, rebateFits = toMinor(*c.Rebate, a.givenCurrency())
		if rebateFits && a.inOriginal() {
			now.Rebate, rebateFits = a.toAccount(now.Rebate)
		}
	}
	code := a.changeRevenue(now, c)
	if code == "" && (!rebateFits || !fits(now.Amount, a.Currency) || !fitsOriginal(now.Original, *a)) {
		return rejection.CodeAmountTooLarge
	}
	return code
}

func (a *Action) changeRevenue(now *ItemState, c ledger.ItemChange) rejection.Code {
	quantity := now.Quantity
	if c.Quantity != nil {
		quantity = *c.Quantity
	}
	if c.QuantityDelta != nil {
		quantity += *c.QuantityDelta
	}
	switch {
	case quantity < 0:
		return rejection.CodeQuantityNegative
	case quantity > 999_999_999:
		return rejection.CodeAmountTooLarge
	case c.Amount != nil:
		return a.changeAmount(now, c, quantity)
	case c.AmountDelta != nil:
		return a.changeAmountBy(now, c, quantity)
	case c.Quantity == nil && c.QuantityDelta == nil:
		return ""
	case quantity == 0:
		now.reverse()
		return ""
	}
	scaled, ok := a.scaled(*now, quantity)
	if !ok {
		return rejection.CodeAmountTooLarge
	}
	now.Quantity, now.Amount, now.Original = quantity, scaled.account, scaled.original
	return ""
}

func (a *Action) changeAmount(now *ItemState, c ledger.ItemChange, quantity int64) rejection.Code {
	amount, _ := toMinor(*c.Amount, a.givenCurrency())
	p, ok := a.given(*c.Amount)
	switch {
	case c.Quantity != nil && quantity == 0:
		now.reverse()
	case c.Quantity == nil && amount == 0:
		if a.inGiven(now.Amount, now.Original) != 0 {
			now.reverse()
		}
	case quantity == 0:
		return rejection.CodeItemReversed
	case !ok:
		return rejection.CodeAmountTooLarge
	default:
		now.report(p, quantity)
		a.reported = true
	}
	return ""
}

func (a *Action) changeAmountBy(now *ItemState, c ledger.ItemChange, quantity int64) rejection.Code {
	delta, _ := toMinor(*c.AmountDelta, a.givenCurrency())
	present := a.inGiven(now.Amount, now.Original)
	amount := present + delta
	p, fitting := a.pairOf(amount)
	switch {
	case quantity == 0:
		return rejection.CodeItemReversed
	case amount < 0:
		return rejection.CodeAmountNegative
	case amount == 0 && present != 0:
		now.reverse()
	case !fitting:
		return rejection.CodeAmountTooLarge
	default:
		now.report(p, quantity)
		a.reported = true
	}
	return ""
}
