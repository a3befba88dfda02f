package ledger

import (
	"cmp"
	"errors"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Original is the currency that an order was reported in, if it isn't the account's.
type Original struct {
	// Currency is empty if the order was reported in the account's currency. Then the other
	// fields, and Original of its items, are zero.
	Currency money.Currency
	// Rate is the units of the account's currency that one unit of Currency is worth. It is
	// that of the day of the order and never changes.
	Rate money.Rate
	// Amount is the sum over the items.
	Amount money.Amount
}

// findOriginal returns the original currency of the conversion, with its rate.
func (c Conversion) findOriginal(d decision) (Original, error) {
	account := d.reference.Account.Currency
	currency := c.currency(d.reference.Account)
	if currency == account {
		return Original{}, nil
	}
	date := program.DateOf(c.EventDate, d.reference.Zone())
	rate, err := program.FindRate(d.lookup, currency, account, date)
	if errors.Is(err, ErrNotFound) {
		err = rejection.New(rejection.CodeRateNotFound, "CurrencyCode",
			"The account has no rate from %s to %s of %s or the %d days before; record one, or send %s.", currency, account, date, program.RateDays, account)
	}
	return Original{Currency: currency, Rate: rate}, err
}

// convert converts the tracked items, whose amounts are in the original currency.
func (a *Action) convert() error {
	if a.Original.Currency == "" {
		return nil
	}
	in := a.denomination(a.Original.Currency)
	for i := range a.Items {
		item := &a.Items[i]
		err := item.setLine(item.Amount, item.Quantity, in)
		if err == nil {
			item.Rebate, err = in.account(item.Rebate)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// denomination is the currency of the amounts of a command, and the currencies of the
// action.
type denomination struct {
	money.Exchange
	// original means that the amounts are in the original currency.
	original bool
}

// denomination returns the denomination of amounts that are in the currency. An empty
// currency is the account's.
func (a *Action) denomination(currency money.Currency) denomination {
	return denomination{
		Exchange: money.Exchange{From: a.Original.Currency, To: a.Currency, Rate: a.Original.Rate},
		original: currency != "" && currency == a.Original.Currency,
	}
}

// given returns the currency of the amounts.
func (d denomination) given() money.Currency {
	if d.original {
		return d.From
	}
	return d.To
}

// account converts a given amount to the account's currency.
func (d denomination) account(a money.Amount) (money.Amount, error) {
	if d.original {
		converted, err := d.Convert(a)
		return converted, cmp.Or(d.From.Check(a), err)
	}
	return a, d.To.Check(a)
}

// total returns the action's amount in the given currency.
func (d denomination) total(a Action) money.Amount {
	if d.original {
		return a.Original.Amount
	}
	return a.Amount
}

// amount returns the item's amount in the given currency.
func (d denomination) amount(s ItemState) money.Amount {
	if d.original {
		return s.Original
	}
	return s.Amount
}

// check returns a rejection if an amount of the item has too many digits.
func (d denomination) check(s ItemState) error {
	return rejection.TooLarge(cmp.Or(d.To.Check(s.Amount), d.To.Check(s.Rebate), d.From.Check(s.Original)))
}

// amounts returns an amount in the account's currency and in the original one, if there is one.
func (d denomination) amounts(given money.Amount) (amount, original money.Amount, err error) {
	switch {
	case d.original:
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
func (d denomination) scale(s ItemState, quantity int64) (amount, original money.Amount, err error) {
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

// checkOriginal returns [money.ErrTooLarge] if the sum in the original currency has too many
// digits.
func (a *Action) checkOriginal(sum money.Amount) error { return a.Original.Currency.Check(sum) }
