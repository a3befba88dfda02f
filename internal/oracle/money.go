package oracle

import (
	"math/big"
	"slices"

	"github.com/trueup-ledger/trueup/money"
)

// minors are the minor units in one unit of the currencies of the tests, copied
// from ISO 4217.
var minors = map[money.Currency]int64{"JPY": 1, "USD": 100, "EUR": 100, "KWD": 1000, "CLF": 10000}

// MinorUnits returns how many minor units make one unit of the currency.
func MinorUnits(c money.Currency) int64 { return minors[c] }

var half = big.NewRat(1, 2)

// decimal returns d as a fraction.
func decimal(d money.Decimal) *big.Rat { return big.NewRat(int64(d), 10000) }

// integer returns n as a fraction.
func integer(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func product(a, b *big.Rat) *big.Rat    { return new(big.Rat).Mul(a, b) }
func difference(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

// percent returns rate ÷ 100.
func percent(rate money.Decimal) *big.Rat { return big.NewRat(int64(rate), 100*10000) }

// remaining returns 1 − rate ÷ 100.
func remaining(rate money.Decimal) *big.Rat { return difference(integer(1), percent(rate)) }

// minorUnits returns the amount d in minor units, not rounded.
func minorUnits(d money.Decimal, c money.Currency) *big.Rat {
	return product(decimal(d), integer(minors[c]))
}

// roundHalfAway rounds to the nearest integer, half away from zero.
func roundHalfAway(r *big.Rat) *big.Int {
	up := new(big.Rat).Abs(r)
	up.Add(up, half)
	n := new(big.Int).Quo(up.Num(), up.Denom())
	if r.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

// roundMinor rounds minor units, and reports whether the result fits.
func roundMinor(r *big.Rat, c money.Currency) (int64, bool) {
	n := roundHalfAway(r)
	return n.Int64(), n.IsInt64() && fits(n.Int64(), c)
}

// fits reports whether n minor units have at most 12 digits before the decimal point.
func fits(n int64, c money.Currency) bool {
	const trillion = 1_000_000_000_000
	return n < trillion*minors[c] && n > -trillion*minors[c]
}

// toMinor returns the amount d in minor units, rounded, and reports whether it fits.
func toMinor(d money.Decimal, c money.Currency) (int64, bool) { return roundMinor(minorUnits(d, c), c) }

// split divides the total by the weights (section 1). Each share is the floor of
// total × weight ÷ Σ weights. The units left over go one each to the largest
// remainders, ties to the earlier share.
func split(total int64, weights []int64) []int64 {
	sum := new(big.Rat)
	for _, w := range weights {
		sum.Add(sum, integer(w))
	}
	shares := make([]int64, len(weights))
	if sum.Sign() == 0 {
		return shares
	}
	left, remainders, order := total, make([]*big.Rat, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		exact := product(integer(total), integer(w))
		exact.Quo(exact, sum)
		shares[i] = new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		remainders[i], order[i] = difference(exact, integer(shares[i])), i
		left -= shares[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

func total(amounts []int64) (sum int64) {
	for _, n := range amounts {
		sum += n
	}
	return sum
}
