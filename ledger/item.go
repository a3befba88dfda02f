package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Line is the latest reported amount of an item and the quantity that it is for. The amount
// for another quantity is computed from it (docs/rules.md, section 4).
type Line struct {
	Amount   money.Amount
	Quantity int64
}

// ItemState is the part of an item that submissions can change.
type ItemState struct {
	Name, Category string
	// Quantity is 0 if the item is reversed.
	Quantity int64
	// Amount is the revenue of the whole line, not of a unit.
	Amount money.Amount
	Rebate money.Amount
	Line   Line
	Payout money.Amount
}

// Item is one line of an order.
type Item struct {
	SKU                            string
	SubCategory, MPN, Brand, Promo string

	ItemState
	// Tracked is the state as of the conversion.
	Tracked ItemState

	// Adjusted and AdjustmentReason describe the latest change. They are zero if the item
	// never changed.
	Adjusted         time.Time
	AdjustmentReason string
}

// reverse reverses the item. It keeps the line, from which setQuantity can restore it.
func (s *ItemState) reverse() { s.Quantity, s.Amount = 0, 0 }

// apply returns the state after the change (see the table in docs/rules.md, section 4).
func (s ItemState) apply(c ItemChange, currency money.Currency) (ItemState, error) {
	if c.Category != nil {
		s.Category = *c.Category
	}
	if c.Name != nil {
		s.Name = *c.Name
	}
	if c.Rebate != nil {
		s.Rebate = currency.Round(*c.Rebate)
	}
	var err error
	switch {
	case c.Amount != nil:
		err = s.setAmount(currency.Round(*c.Amount), c)
	case c.AmountDelta != nil:
		err = s.addAmount(currency.Round(*c.AmountDelta), c)
	case c.Quantity != nil:
		err = s.setQuantity(*c.Quantity)
	case c.QuantityDelta != nil:
		err = s.addQuantity(*c.QuantityDelta, c)
	}
	if err != nil {
		return ItemState{}, err
	}
	for _, amount := range []money.Amount{s.Amount, s.Rebate} {
		if err := currency.Check(amount); err != nil {
			return ItemState{}, rejectTooLarge(err)
		}
	}
	return s, nil
}

func (s *ItemState) setAmount(a money.Amount, c ItemChange) error {
	switch {
	case c.Quantity == nil && a == 0: // an item that cost nothing stays as it is
		if s.Amount != 0 {
			s.reverse()
		}
	case c.Quantity == nil && s.Quantity == 0:
		return c.itemReversed("Amount")
	case c.Quantity == nil:
		s.setLine(a, s.Quantity)
	case *c.Quantity == 0:
		s.reverse()
	default:
		s.setLine(a, *c.Quantity)
	}
	return nil
}

func (s *ItemState) addAmount(delta money.Amount, c ItemChange) error {
	quantity := s.Quantity
	if c.Quantity != nil {
		quantity = *c.Quantity
	}
	amount := s.Amount + delta
	switch {
	case quantity == 0:
		return c.itemReversed("ItemSubTotalDelta")
	case amount < 0:
		return reject(CodeAmountNegative, field("ItemSubTotalDelta", c.Number), "The item's amount would fall below zero; deduct less.")
	case amount == 0 && s.Amount != 0:
		s.reverse()
	default:
		s.setLine(amount, quantity)
	}
	return nil
}

func (s *ItemState) addQuantity(delta int64, c ItemChange) error {
	quantity := s.Quantity + delta
	if quantity < 0 {
		return reject(CodeQuantityNegative, field("QuantityDelta", c.Number), "The item's quantity is only %d.", s.Quantity)
	}
	if quantity > MaxQuantity {
		return reject(CodeAmountTooLarge, field("QuantityDelta", c.Number), "A quantity has at most 9 digits.")
	}
	return s.setQuantity(quantity)
}

// setQuantity sets the quantity and derives the amount from the line, so that a
// quantity that returns to its old value restores the exact amount.
func (s *ItemState) setQuantity(quantity int64) error {
	if quantity == 0 {
		s.reverse()
		return nil
	}
	amount, err := s.Line.Amount.Scale(quantity, s.Line.Quantity)
	if err != nil {
		return rejectTooLarge(err)
	}
	s.Quantity, s.Amount = quantity, amount
	return nil
}

// setLine sets an amount and quantity that were reported.
func (s *ItemState) setLine(amount money.Amount, quantity int64) {
	s.Quantity, s.Amount, s.Line = quantity, amount, Line{amount, quantity}
}

// itemReversed returns a rejection of a change that a reversed item doesn't allow.
func (c ItemChange) itemReversed(name string) error {
	return reject(CodeItemReversed, field(name, c.Number), "The item is reversed; send a Quantity as well to restore it.")
}
