package oracle

import (
	"math/big"

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
		now.Rebate, rebateFits = toMinor(*c.Rebate, a.Currency)
	}
	code := a.changeRevenue(now, c)
	if code == "" && (!rebateFits || !fits(now.Amount, a.Currency)) {
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
		now.Quantity, now.Amount = 0, 0
		return ""
	}
	amount, ok := roundMinor(product(integer(now.LineAmount), big.NewRat(quantity, now.LineQuantity)), a.Currency)
	if !ok {
		return rejection.CodeAmountTooLarge
	}
	now.Quantity, now.Amount = quantity, amount
	return ""
}

func (a *Action) changeAmount(now *ItemState, c ledger.ItemChange, quantity int64) rejection.Code {
	amount, ok := toMinor(*c.Amount, a.Currency)
	switch {
	case c.Quantity != nil && quantity == 0:
		now.Quantity, now.Amount = 0, 0
	case c.Quantity == nil && amount == 0:
		if now.Amount != 0 {
			now.Quantity, now.Amount = 0, 0
		}
	case quantity == 0:
		return rejection.CodeItemReversed
	case !ok:
		return rejection.CodeAmountTooLarge
	default:
		now.report(amount, quantity)
		a.reported = true
	}
	return ""
}

func (a *Action) changeAmountBy(now *ItemState, c ledger.ItemChange, quantity int64) rejection.Code {
	delta, ok := toMinor(*c.AmountDelta, a.Currency)
	amount := now.Amount + delta
	switch {
	case quantity == 0:
		return rejection.CodeItemReversed
	case amount < 0:
		return rejection.CodeAmountNegative
	case amount == 0 && now.Amount != 0:
		now.Quantity, now.Amount = 0, 0
	case !ok && !fits(amount, a.Currency):
		return rejection.CodeAmountTooLarge
	default:
		now.report(amount, quantity)
		a.reported = true
	}
	return ""
}
