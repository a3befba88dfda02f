// Package item holds the rules that change one item of an action (docs/rules.md, section 4):
// quantities, amounts in two currencies, and the weights by which amounts of the whole action
// are split.
package item

import (
	"cmp"

	"github.com/trueup-ledger/trueup/ledger/order"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// State is the part of an item that submissions can change.
type State struct {
	Name, Category string
	// Quantity is 0 if the item is reversed.
	Quantity int64
	// Amount is the revenue of the whole line, not of a unit.
	Amount money.Amount
	Rebate money.Amount
	Line   Line
	Payout money.Amount
	// Original is the amount in the action's original currency, if it has one. Converted means
	// that Line was reported in it, so that the line's other amount was converted.
	Original  money.Amount `json:",omitzero"`
	Converted bool         `json:",omitzero"`
	// Weight is the amount and quantity by which an amount of the whole action is split, if
	// they differ from Line (docs/rules.md, section 5). A split changes only Line. That of a
	// tracked state is always zero.
	Weight Line
}

// Line is the latest reported amount of an item and the quantity that it is for. The amount
// for another quantity is computed from it (docs/rules.md, section 4).
type Line struct {
	Amount   money.Amount
	Quantity int64
	// Original is the amount in the action's original currency, if it has one.
	Original money.Amount `json:",omitzero"`
}

// Reverse reverses the item. It keeps the line, from which a quantity can restore it.
func (s *State) Reverse() { s.Quantity, s.Amount, s.Original = 0, 0, 0 }

// Apply returns the state after the change, whose amounts are in a denomination (see the table in
// docs/rules.md, section 4), or a [*rejection.Rejection].
func (s State) Apply(c Change, in Denomination) (State, error) {
	if c.Category != nil {
		s.Category = *c.Category
	}
	if c.Name != nil {
		s.Name = *c.Name
	}
	var err error
	switch {
	case c.Amount != nil:
		err = s.setAmount(in.Given().Round(*c.Amount), c, in)
	case c.AmountDelta != nil:
		err = s.addAmount(in.Given().Round(*c.AmountDelta), c, in)
	case c.Quantity != nil:
		err = s.setQuantity(*c.Quantity, in)
	case c.QuantityDelta != nil:
		err = s.addQuantity(*c.QuantityDelta, c, in)
	}
	if err == nil && c.Rebate != nil {
		s.Rebate, err = in.Account(in.Given().Round(*c.Rebate))
	}
	if err != nil {
		return State{}, rejection.TooLarge(err)
	}
	return s, in.Check(s)
}

func (s *State) setAmount(a money.Amount, c Change, in Denomination) error {
	switch {
	case c.Quantity == nil && a == 0: // an item that cost nothing stays as it is
		if in.Amount(*s) != 0 {
			s.Reverse()
		}
	case c.Quantity == nil && s.Quantity == 0:
		return c.itemReversed("Amount")
	case c.Quantity == nil:
		return s.SetLine(a, s.Quantity, in)
	case *c.Quantity == 0:
		s.Reverse()
	default:
		return s.SetLine(a, *c.Quantity, in)
	}
	return nil
}

func (s *State) addAmount(delta money.Amount, c Change, in Denomination) error {
	quantity := s.Quantity
	if c.Quantity != nil {
		quantity = *c.Quantity
	}
	present := in.Amount(*s)
	amount := present + delta
	switch {
	case quantity == 0:
		return c.itemReversed("ItemSubTotalDelta")
	case amount < 0:
		return rejection.New(rejection.CodeAmountNegative, rejection.Field("ItemSubTotalDelta", c.Number), "The item's amount would fall below zero; deduct less.")
	case amount == 0 && present != 0:
		s.Reverse()
	default:
		return s.SetLine(amount, quantity, in)
	}
	return nil
}

func (s *State) addQuantity(delta int64, c Change, in Denomination) error {
	quantity := s.Quantity + delta
	if quantity < 0 {
		return rejection.New(rejection.CodeQuantityNegative, rejection.Field("QuantityDelta", c.Number), "The item's quantity is only %d.", s.Quantity)
	}
	if quantity > order.MaxQuantity {
		return rejection.New(rejection.CodeAmountTooLarge, rejection.Field("QuantityDelta", c.Number), "A quantity has at most 9 digits.")
	}
	return s.setQuantity(quantity, in)
}

// setQuantity sets the quantity and derives the amount from the line, so that a
// quantity that returns to its old value restores the exact amount.
func (s *State) setQuantity(quantity int64, in Denomination) error {
	if quantity == 0 {
		s.Reverse()
		return nil
	}
	amount, original, err := in.scale(*s, quantity)
	if err != nil {
		return rejection.TooLarge(err)
	}
	s.Quantity, s.Amount, s.Original = quantity, amount, original
	return nil
}

// SetLine sets an amount and quantity that were reported. They are also the item's weight.
func (s *State) SetLine(given money.Amount, quantity int64, in Denomination) error {
	amount, original, err := in.Amounts(given)
	s.Quantity, s.Amount, s.Original, s.Weight = quantity, amount, original, Line{}
	s.Line, s.Converted = Line{amount, quantity, original}, in.Original
	return rejection.TooLarge(err)
}

// IsWeighed reports whether the weight gives the present amounts.
func (s State) IsWeighed() bool {
	amount, err := s.WeighedAmount(Denomination{})
	original, errOriginal := s.WeighedAmount(Denomination{Original: true})
	return cmp.Or(err, errOriginal) == nil && amount == s.Amount && original == s.Original
}

// WeighedAmount returns the amount, in the given currency, that the item's weight gives for its
// present quantity. It is 0 if the item is reversed.
func (s State) WeighedAmount(in Denomination) (money.Amount, error) {
	w := s.WeightOrLine()
	if in.Original {
		return w.Original.Scale(s.Quantity, w.Quantity)
	}
	return w.Amount.Scale(s.Quantity, w.Quantity)
}

// WeightOrLine returns the weight of the item, which is its line unless they differ.
func (s State) WeightOrLine() Line { return cmp.Or(s.Weight, s.Line) }

// SetWeight sets the weight of the item.
func (s *State) SetWeight(w Line) {
	if s.Weight = w; w == s.Line {
		s.Weight = Line{}
	}
}
