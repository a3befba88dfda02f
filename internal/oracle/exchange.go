package oracle

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// pair is an amount in the account's currency and in the original one, in minor units.
type pair struct {
	account, original int64
	// converted reports that the original amount was given.
	converted bool
}

// givenCurrency returns the currency of the submission's amounts.
func (a Action) givenCurrency() money.Currency {
	if a.inOriginal() {
		return a.OriginalCurrency
	}
	return a.Currency
}

func (a Action) inOriginal() bool { return a.asked != "" && a.asked == a.OriginalCurrency }

// inGiven returns the one of two amounts that is in the currency of the submission.
func (a Action) inGiven(account, original int64) int64 {
	if a.inOriginal() {
		return original
	}
	return account
}

// given returns the amounts that a submission's amount stands for.
func (a Action) given(d money.Decimal) (pair, bool) {
	n, ok := toMinor(d, a.givenCurrency())
	if !ok {
		return pair{}, false
	}
	return a.pairOf(n)
}

// pairOf is given for minor units.
func (a Action) pairOf(n int64) (p pair, ok bool) {
	if !fits(n, a.givenCurrency()) {
		return pair{}, false
	}
	switch {
	case a.OriginalCurrency == "":
		return pair{account: n}, true
	case a.inOriginal():
		p.original, p.converted = n, true
		p.account, ok = a.toAccount(n)
	default:
		p.account = n
		p.original, ok = a.toOriginal(n)
	}
	return p, ok
}

// rate returns the rate in minor units of the account's currency for one of the original.
func (a Action) rate() *big.Rat {
	return product(fraction(a.Rate), big.NewRat(minors[a.Currency], minors[a.OriginalCurrency]))
}

// fraction returns a rate as a fraction.
func fraction(r money.Rate) *big.Rat {
	exact, _ := new(big.Rat).SetString(string(r))
	return exact
}

func (a Action) toAccount(n int64) (int64, bool) {
	return roundMinor(product(integer(n), a.rate()), a.Currency)
}

func (a Action) toOriginal(n int64) (int64, bool) {
	return roundMinor(new(big.Rat).Quo(integer(n), a.rate()), a.OriginalCurrency)
}

// agree reports whether two amounts differ by no more than section 1 allows.
func (a Action) agree(account, original int64) bool {
	difference := difference(product(integer(original), a.rate()), integer(account))
	allowed := new(big.Rat).Add(product(half, a.rate()), integer(1))
	return difference.Abs(difference).Cmp(allowed) <= 0
}

// scaled returns the amounts of the item for a quantity.
func (a Action) scaled(s ItemState, quantity int64) (p pair, ok bool) {
	part := big.NewRat(quantity, s.LineQuantity)
	p.account, ok = roundMinor(product(integer(s.LineAmount), part), a.Currency)
	if a.OriginalCurrency == "" {
		return p, ok
	}
	exact := roundHalfAway(product(integer(s.LineOriginal), part))
	if !exact.IsInt64() {
		return p, false
	}
	p.original = exact.Int64()
	accountExact := roundHalfAway(product(integer(s.LineAmount), part))
	if !accountExact.IsInt64() {
		return p, false
	}
	p.account, ok = accountExact.Int64(), true
	switch {
	case a.agree(p.account, p.original):
	case s.Converted:
		p.account, ok = a.toAccount(p.original)
	default:
		p.original, ok = a.toOriginal(p.account)
	}
	return p, ok && fits(p.account, a.Currency) && fits(p.original, a.OriginalCurrency)
}

func fitsOriginal(n int64, a Action) bool {
	return a.OriginalCurrency == "" || fits(n, a.OriginalCurrency)
}

func (a Action) originalFits() bool { return fitsOriginal(a.OriginalAmount, a) }

// convertItems converts the items of an order that was reported in another currency.
func (a *Action) convertItems() bool {
	if a.OriginalCurrency == "" {
		return true
	}
	a.asked = a.OriginalCurrency
	defer func() { a.asked = "" }()
	for i := range a.Items {
		now := &a.Items[i].Now
		p, ok := a.pairOf(now.Amount)
		rebate, rebateOK := a.toAccount(now.Rebate)
		if !ok || !rebateOK {
			return false
		}
		now.report(p, now.Quantity)
		now.Rebate = rebate
	}
	return true
}

// rateOf returns the rate of the local day, or of the latest of the 7 days before.
func rateOf(tables []program.RateTable, from, to money.Currency, local time.Time) (money.Rate, bool) {
	return rateOfDays(tables, from, to, local, 0)
}

// rateOfDays returns the rate of the latest of the days that are from least to 7 days before.
func rateOfDays(tables []program.RateTable, from, to money.Currency, local time.Time, least int) (money.Rate, bool) {
	for back := least; back < 8; back++ {
		year, month, day := local.Date()
		date := time.Date(year, month, day-back, 12, 0, 0, 0, time.UTC).Format("2006-01-02")
		exact := rateOfDay(tables, from, to, date)
		if exact != nil && exact.Cmp(big.NewRat(1, 1_000_000_000)) >= 0 && exact.Cmp(big.NewRat(1_000_000_000, 1)) < 0 {
			return significant(exact), true
		}
	}
	return "", false
}

// rateOfDay returns the exact rate of a day, or nil.
func rateOfDay(tables []program.RateTable, from, to money.Currency, date string) *big.Rat {
	if direct := quoted(tables, from, to, date); direct != nil {
		return direct
	}
	for _, third := range []money.Currency{"CLF", "EUR", "JPY", "KWD", "USD"} { // those of the tests, by alphabet
		first, second := quoted(tables, from, third, date), quoted(tables, third, to, date)
		if third != from && third != to && first != nil && second != nil {
			return product(first, second)
		}
	}
	return nil
}

// quoted returns the rate that a table has of two currencies in either direction, or nil.
func quoted(tables []program.RateTable, from, to money.Currency, date string) (inverse *big.Rat) {
	for _, t := range tables {
		if string(t.Date) != date {
			continue
		}
		if rate, ok := new(big.Rat).SetString(string(t.Rates[to])); ok && t.Base == from {
			return rate
		}
		if rate, ok := new(big.Rat).SetString(string(t.Rates[from])); ok && t.Base == to {
			inverse = new(big.Rat).Inv(rate)
		}
	}
	return inverse
}

// significant rounds to 15 significant digits.
func significant(exact *big.Rat) money.Rate {
	shift, scaled := 0, new(big.Rat).Set(exact)
	for low := big.NewRat(100_000_000_000_000, 1); scaled.Cmp(low) < 0; shift++ {
		scaled.Mul(scaled, big.NewRat(10, 1))
	}
	for high := big.NewRat(1_000_000_000_000_000, 1); scaled.Cmp(high) >= 0; shift-- {
		scaled.Quo(scaled, big.NewRat(10, 1))
	}
	digits := strconv.FormatInt(roundHalfAway(scaled).Int64(), 10) + strings.Repeat("0", max(0, -shift))
	for len(digits) <= shift {
		digits = "0" + digits
	}
	point := len(digits) - max(0, shift)
	text := digits[:point] + "." + digits[point:]
	return money.Rate(strings.TrimRight(strings.TrimRight(text, "0"), "."))
}
