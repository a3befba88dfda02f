package ledger

import (
	"errors"

	"github.com/trueup-ledger/trueup/ledger/item"
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
		err := item.SetLine(item.Amount, item.Quantity, in)
		if err == nil {
			item.Rebate, err = in.Account(item.Rebate)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// denomination returns the denomination of amounts that are in the currency. An empty
// currency is the account's.
func (a *Action) denomination(currency money.Currency) item.Denomination {
	return item.Denomination{
		Exchange: money.Exchange{From: a.Original.Currency, To: a.Currency, Rate: a.Original.Rate},
		Original: currency != "" && currency == a.Original.Currency,
	}
}

// totalIn returns the action's amount in the given currency.
func (a Action) totalIn(d item.Denomination) money.Amount {
	if d.Original {
		return a.Original.Amount
	}
	return a.Amount
}

// checkOriginal returns [money.ErrTooLarge] if the sum in the original currency has too many
// digits.
func (a *Action) checkOriginal(sum money.Amount) error { return a.Original.Currency.Check(sum) }
