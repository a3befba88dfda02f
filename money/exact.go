package money

import "math/big"

// Exact is an unrounded amount on its way to a line: prices, discounts and
// rates are applied to it without loss, and [Exact.Round] ends the way.
type Exact struct{ rat *big.Rat }

// Exactly answers the decimal as an unrounded amount.
func Exactly(d Decimal) Exact { return Exact{big.NewRat(int64(d), unit)} }

// Exactly answers the amount as one on which more is to be done.
func (c Currency) Exactly(a Amount) Exact { return Exact{big.NewRat(int64(a), pow10(c.Digits()))} }

// Minus answers e - f.
func (e Exact) Minus(f Exact) Exact { return Exact{new(big.Rat).Sub(e.rat, f.rat)} }

// Times answers e × n.
func (e Exact) Times(n int64) Exact { return Exact{new(big.Rat).Mul(e.rat, big.NewRat(n, 1))} }

// Discount answers e less the rate in percent.
func (e Exact) Discount(rate Decimal) Exact {
	return Exact{new(big.Rat).Mul(e.rat, big.NewRat(int64(Whole(100)-rate), int64(Whole(100))))}
}

// Negative reports whether e is below zero.
func (e Exact) Negative() bool { return e.rat.Sign() < 0 }

// Round answers e as an amount of the currency, half away from zero, or
// [ErrTooLarge].
func (e Exact) Round(c Currency) (Amount, error) {
	minor := new(big.Rat).Mul(e.rat, big.NewRat(pow10(c.Digits()), 1))
	n, ok := new(big.Int).SetString(minor.FloatString(0), 10) // FloatString rounds half away from zero
	if !ok || !n.IsInt64() {
		return 0, ErrTooLarge
	}
	a := Amount(n.Int64())
	return a, c.Check(a)
}
