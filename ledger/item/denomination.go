package item

import (
	"cmp"

	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Denomination is the currency of the amounts of a command, and the currencies of the
// action.
type Denomination struct {
	money.Exchange
	// Original means that the amounts are in the original currency.
	Original bool
}

// Given returns the currency of the amounts.
func (d Denomination) Given() money.Currency {
	if d.Original {
		return d.From
	}
	return d.To
}

// Account converts a given amount to the account's currency.
func (d Denomination) Account(a money.Amount) (money.Amount, error) {
	if d.Original {
		converted, err := d.Convert(a)
		return converted, cmp.Or(d.From.Check(a), err)
	}
	return a, d.To.Check(a)
}

// Amount returns the item's amount in the given currency.
func (d Denomination) Amount(s State) money.Amount {
	if d.Original {
		return s.Original
	}
	return s.Amount
}

// Check returns a rejection if an amount of the item has too many digits.
func (d Denomination) Check(s State) error {
	return rejection.TooLarge(cmp.Or(d.To.Check(s.Amount), d.To.Check(s.Rebate), d.From.Check(s.Original)))
}

// Amounts returns an amount in the account's currency and in the original one, if there is one.
func (d Denomination) Amounts(given money.Amount) (amount, original money.Amount, err error) {
	switch {
	case d.Original:
		amount, err = d.Convert(given)
		return amount, given, cmp.Or(d.From.Check(given), err)
	case d.Rate != "":
		original, err = d.Revert(given)
	}
	return given, original, cmp.Or(d.To.Check(given), err)
}

// scale returns the amounts of an item's line for another quantity. Each amount is scaled. If they
// no longer agree, as a large quantity multiplies what was rounded, the one that was converted
// is converted again (docs/rules.md, section 1).
func (d Denomination) scale(s State, quantity int64) (amount, original money.Amount, err error) {
	amount, err = s.Line.Amount.Scale(quantity, s.Line.Quantity)
	if err != nil || d.Rate == "" {
		return amount, 0, err
	}
	original, err = s.Line.Original.Scale(quantity, s.Line.Quantity)
	if err != nil || d.Agree(original, amount) {
		return amount, original, err
	}
	if s.Converted {
		amount, err = d.Convert(original)
	} else {
		original, err = d.Revert(amount)
	}
	return amount, original, err
}
