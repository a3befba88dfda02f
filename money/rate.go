package money

import (
	"errors"
	"math/big"
	"strings"
)

// Rate is an exchange rate: the units of one currency that one unit of another is worth, such
// as "1.0956". It is a decimal number above 0 with at most [MaxRateDigits] significant digits,
// without zeros that don't count. The empty rate stands for none.
type Rate string

// MaxRateDigits is the maximum number of significant digits of a rate.
const MaxRateDigits = 15

// maxRatePlaces is the maximum number of digits of a rate before the decimal point and the
// maximum number of zeros after it.
const maxRatePlaces = 9

// Errors of [ParseRate]. Their texts are shown to operators.
var (
	ErrRate       = errors.New("Not a decimal number above 0")
	ErrRateDigits = errors.New("More than 15 significant digits")
	ErrRateRange  = errors.New("Not between 0.000000001 and 999999999")
)

// ParseRate parses a rate, as in "1.0956". The error is [ErrRate], [ErrRateDigits] or
// [ErrRateRange].
func ParseRate(s string) (Rate, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	if !isDigits(whole) || !isDigits(fraction) {
		return "", ErrRate
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	significant := strings.TrimLeft(whole+fraction, "0")
	switch {
	case significant == "":
		return "", ErrRate
	case len(whole) > maxRatePlaces, len(whole) == 0 && len(fraction)-len(significant) >= maxRatePlaces:
		return "", ErrRateRange
	case len(strings.TrimRight(significant, "0")) > MaxRateDigits:
		return "", ErrRateDigits
	}
	if whole == "" {
		whole = "0"
	}
	return Rate(strings.TrimSuffix(whole+"."+fraction, ".")), nil
}

// rat returns the rate as a fraction, or 1 if it is not a rate.
func (r Rate) rat() *big.Rat {
	exact, ok := new(big.Rat).SetString(string(r))
	if !ok || exact.Sign() <= 0 {
		return big.NewRat(1, 1)
	}
	return exact
}

// Cross returns the product of the factors divided by the divisors, rounded to [MaxRateDigits]
// significant digits. If the result is out of the bounds of rates, Cross returns [ErrRateRange].
func Cross(factors, divisors []Rate) (Rate, error) {
	exact := big.NewRat(1, 1)
	for _, r := range factors {
		exact.Mul(exact, r.rat())
	}
	for _, r := range divisors {
		exact.Quo(exact, r.rat())
	}
	places := MaxRateDigits
	for limit := big.NewRat(1, 1); places > 0 && exact.Cmp(limit) >= 0; places-- { // digits before the point
		limit.Mul(limit, big.NewRat(10, 1))
	}
	for limit := big.NewRat(1, 10); places < MaxRateDigits+maxRatePlaces && exact.Cmp(limit) < 0; places++ { // zeros after it
		limit.Quo(limit, big.NewRat(10, 1))
	}
	return ParseRate(exact.FloatString(places)) // FloatString rounds half away from zero
}

// Exchange converts amounts between two currencies at a rate.
type Exchange struct {
	From, To Currency
	// Rate is the units of To that one unit of From is worth.
	Rate Rate
}

// Convert returns the amount of To that an amount of From is worth, rounded. If it has too many
// digits, Convert returns [ErrTooLarge].
func (x Exchange) Convert(a Amount) (Amount, error) {
	return Exact{new(big.Rat).Mul(x.From.Exact(a).rat, x.Rate.rat())}.Round(x.To)
}

// Revert returns the amount of From that is worth an amount of To, rounded. Its errors are
// those of [Exchange.Convert].
func (x Exchange) Revert(a Amount) (Amount, error) {
	return Exact{new(big.Rat).Quo(x.To.Exact(a).rat, x.Rate.rat())}.Round(x.From)
}

// Agree reports whether an amount of From and one of To differ, after conversion, by at most
// half a minor unit of From times the rate, plus one minor unit of To (docs/rules.md,
// section 1).
func (x Exchange) Agree(from, to Amount) bool {
	rate := x.Rate.rat()
	difference := new(big.Rat).Mul(x.From.Exact(from).rat, rate)
	difference.Sub(difference, x.To.Exact(to).rat)
	tolerance := new(big.Rat).Mul(big.NewRat(1, 2*pow10(x.From.Digits())), rate)
	tolerance.Add(tolerance, x.To.Exact(1).rat)
	return difference.Abs(difference).Cmp(tolerance) <= 0
}
