package money

import "math/big"

// Exact is an unrounded amount. Arithmetic with it is exact. [Exact.Round] converts the
// result to an [Amount].
type Exact struct{ rat *big.Rat }

// Exact returns d as an unrounded amount.
func (d Decimal) Exact() Exact { return Exact{big.NewRat(int64(d), unit)} }

// Exact returns a, in minor units of the currency, as an unrounded amount.
func (c Currency) Exact(a Amount) Exact { return Exact{big.NewRat(int64(a), pow10(c.Digits()))} }

// Minus returns e - f.
func (e Exact) Minus(f Exact) Exact { return Exact{new(big.Rat).Sub(e.rat, f.rat)} }

// Times returns e × n.
func (e Exact) Times(n int64) Exact { return Exact{new(big.Rat).Mul(e.rat, big.NewRat(n, 1))} }

// Discount returns e × (1 − rate ÷ 100).
func (e Exact) Discount(rate Decimal) Exact {
	return Exact{new(big.Rat).Mul(e.rat, big.NewRat(int64(Whole(100)-rate), int64(Whole(100))))}
}

// Negative reports whether e < 0.
func (e Exact) Negative() bool { return e.rat.Sign() < 0 }

// Round rounds e to an amount of the currency, half away from zero. If the amount has more
// than [MaxIntegerDigits] integer digits, Round returns [ErrTooLarge].
func (e Exact) Round(c Currency) (Amount, error) {
	minor := new(big.Rat).Mul(e.rat, big.NewRat(pow10(c.Digits()), 1))
	n, ok := new(big.Int).SetString(minor.FloatString(0), 10) // FloatString rounds half away from zero
	if !ok || !n.IsInt64() {
		return 0, ErrTooLarge
	}
	a := Amount(n.Int64())
	return a, c.Check(a)
}
