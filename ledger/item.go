package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Line is the last pair of amount and quantity that was reported for an item,
// not computed: from it, every other quantity is priced (docs/rules.md, section 4).
type Line struct {
	Amount   money.Amount
	Quantity int64
}

// ItemState is what submissions can change of an item.
type ItemState struct {
	Name, Category string
	// Quantity 0 means that the item is reversed.
	Quantity int64
	// Amount is the revenue of the line, not per unit.
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
	Tracked ItemState

	// Adjusted and AdjustmentReason tell of the latest change; zero when there was none.
	Adjusted         time.Time
	AdjustmentReason string
}

// reverse takes the item back; its line stays, for a quantity that brings it back.
func (s *ItemState) reverse() { s.Quantity, s.Amount = 0, 0 }

// changed answers the item's state after the change, in the currency of the
// amounts: the table of docs/rules.md, section 4.
func (s ItemState) changed(c ItemChange, currency money.Currency) (ItemState, error) {
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
			return ItemState{}, tooLarge(err)
		}
	}
	return s, nil
}

func (s *ItemState) setAmount(a money.Amount, c ItemChange) error {
	switch {
	case c.Quantity == nil && a == 0: // a free item stays as it is
		if s.Amount != 0 {
			s.reverse()
		}
	case c.Quantity == nil && s.Quantity == 0:
		return c.reversed("Amount")
	case c.Quantity == nil:
		s.report(a, s.Quantity)
	case *c.Quantity == 0:
		s.reverse()
	default:
		s.report(a, *c.Quantity)
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
		return c.reversed("ItemSubTotalDelta")
	case amount < 0:
		return reject(CodeAmountNegative, field("ItemSubTotalDelta", c.Number), "The item's amount would fall below zero; take off less.")
	case amount == 0 && s.Amount != 0:
		s.reverse()
	default:
		s.report(amount, quantity)
	}
	return nil
}

func (s *ItemState) addQuantity(delta int64, c ItemChange) error {
	quantity := s.Quantity + delta
	if quantity < 0 {
		return reject(CodeQuantityNegative, field("QuantityDelta", c.Number), "Only %d are left to take back.", s.Quantity)
	}
	if quantity > MaxQuantity {
		return reject(CodeAmountTooLarge, field("QuantityDelta", c.Number), "A quantity has at most 9 digits.")
	}
	return s.setQuantity(quantity)
}

// setQuantity prices the quantity from the line, so that 2 → 1 → 2 comes back to
// the very amount it started from.
func (s *ItemState) setQuantity(quantity int64) error {
	if quantity == 0 {
		s.reverse()
		return nil
	}
	amount, err := s.Line.Amount.Scale(quantity, s.Line.Quantity)
	if err != nil {
		return tooLarge(err)
	}
	s.Quantity, s.Amount = quantity, amount
	return nil
}

// report takes a pair that was told, not computed.
func (s *ItemState) report(amount money.Amount, quantity int64) {
	s.Quantity, s.Amount, s.Line = quantity, amount, Line{amount, quantity}
}

func (c ItemChange) reversed(name string) error {
	return reject(CodeItemReversed, field(name, c.Number), "The item is reversed; send a Quantity with it to bring it back.")
}
