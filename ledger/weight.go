package ledger

import (
	"cmp"

	"github.com/trueup-ledger/trueup/money"
)

// splitByWeights splits a total of the whole action among the items that are not reversed, by
// their weights, and keeps the weights: amounts that follow each other don't add up their
// rounding (docs/rules.md, section 5).
func (a *Action) splitByWeights(total money.Amount) error {
	weights := make([]int64, len(a.Items))
	zero := true
	for i, item := range a.Items {
		w, err := item.weighedAmount()
		if err == nil {
			err = a.Currency.Check(w)
		}
		if err != nil {
			return err
		}
		weights[i] = int64(w)
		zero = zero && w == 0
	}
	if zero {
		for i, item := range a.Items {
			weights[i] = item.Quantity
		}
	}
	shares, err := total.Split(weights)
	if err != nil {
		return err
	}
	for i := range a.Items {
		if item := &a.Items[i]; item.Quantity > 0 {
			w := item.weight()
			item.setLine(shares[i], item.Quantity)
			item.setWeight(w)
		}
	}
	return nil
}

// weighByAmounts makes the present amounts the weights of the items that are not reversed. A
// weight that gives the present amount is kept.
func (a *Action) weighByAmounts() {
	for i := range a.Items {
		item := &a.Items[i]
		if w, err := item.weighedAmount(); err != nil || w != item.Amount {
			item.setWeight(Line{item.Amount, item.Quantity})
		}
	}
}

// weighedAmount returns the amount that the item's weight gives for its present quantity. It
// is 0 if the item is reversed.
func (s ItemState) weighedAmount() (money.Amount, error) {
	w := s.weight()
	return w.Amount.Scale(s.Quantity, w.Quantity)
}

func (s ItemState) weight() Line { return cmp.Or(s.Weight, s.Line) }

func (s *ItemState) setWeight(w Line) {
	if s.Weight = w; w == s.Line {
		s.Weight = Line{}
	}
}
