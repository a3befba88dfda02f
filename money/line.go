package money

import "math/big"

// Exact is an unrounded amount on its way to a line: prices, discounts and
// rates are applied to it without loss, and [Exact.Round] ends the way.
type Exact struct{ rat *big.Rat }

// Exactly answers the decimal as an unrounded amount.
func Exactly(d Decimal) Exact { return Exact{big.NewRat(int64(d), unit)} }

// Minus answers e less the decimal.
func (e Exact) Minus(d Decimal) Exact {
	return Exact{new(big.Rat).Sub(e.rat, big.NewRat(int64(d), unit))}
}

// Times answers e × n.
func (e Exact) Times(n int64) Exact {
	return Exact{new(big.Rat).Mul(e.rat, big.NewRat(n, 1))}
}

// Discount answers e less the rate in percent.
func (e Exact) Discount(rate Decimal) Exact {
	return Exact{new(big.Rat).Mul(e.rat, big.NewRat(int64(Whole(100)-rate), int64(Whole(100))))}
}

// Negative reports whether e is below zero.
func (e Exact) Negative() bool { return e.rat.Sign() < 0 }

// Round answers e as an amount of the currency, half away from zero, or
// [ErrTooLarge].
func (e Exact) Round(c Currency) (Amount, error) {
	num := new(big.Int).Mul(e.rat.Num(), big.NewInt(2*pow10(c.Digits())))
	den := e.rat.Denom()
	// round(x) = floor(x + 1/2) on magnitudes; doubled to stay whole.
	sign := num.Sign()
	num.Abs(num).Add(num, den).Quo(num, new(big.Int).Mul(den, big.NewInt(2)))
	if !num.IsInt64() {
		return 0, ErrTooLarge
	}
	a := Amount(num.Int64() * int64(sign))
	return a, c.Check(a)
}
