package ledger_test

import (
	"math/big"
	"slices"

	"github.com/trueup-ledger/trueup/money"
)

// minors are the minor units of one unit of each currency in the tests, typed
// from ISO 4217.
var minors = map[money.Currency]int64{"JPY": 1, "USD": 100, "EUR": 100, "KWD": 1000, "CLF": 10000}

var half = big.NewRat(1, 2)

// number answers a decimal as it is written.
func number(d money.Decimal) *big.Rat { return big.NewRat(int64(d), 10000) }

// count answers n as a fraction.
func count(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func product(a, b *big.Rat) *big.Rat    { return new(big.Rat).Mul(a, b) }
func difference(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

// part answers rate ÷ 100.
func part(rate money.Decimal) *big.Rat { return big.NewRat(int64(rate), 100*10000) }

// remaining answers 1 − rate ÷ 100.
func remaining(rate money.Decimal) *big.Rat { return difference(count(1), part(rate)) }

// inMinor answers a decimal amount in minor units, not rounded.
func inMinor(d money.Decimal, c money.Currency) *big.Rat {
	return product(number(d), count(minors[c]))
}

// nearest rounds half away from zero.
func nearest(r *big.Rat) *big.Int {
	up := new(big.Rat).Abs(r)
	up.Add(up, half)
	n := new(big.Int).Quo(up.Num(), up.Denom())
	if r.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

// whole rounds minor units, and reports whether at most 12 digits are before the
// decimal point.
func whole(r *big.Rat, c money.Currency) (int64, bool) {
	n := nearest(r)
	return n.Int64(), n.IsInt64() && fits(n.Int64(), c)
}

func fits(n int64, c money.Currency) bool {
	const trillion = 1_000_000_000_000
	return n < trillion*minors[c] && n > -trillion*minors[c]
}

// rounded answers an amount as it came, in minor units.
func rounded(d money.Decimal, c money.Currency) (int64, bool) { return whole(inMinor(d, c), c) }

// split is section 1's: the floor of total × weight ÷ Σ weights each, and what is
// left over one each to the largest remainders, ties to the earlier.
func split(total int64, weights []int64) []int64 {
	sum := new(big.Rat)
	for _, w := range weights {
		sum.Add(sum, count(w))
	}
	shares := make([]int64, len(weights))
	if sum.Sign() == 0 {
		return shares
	}
	left, remainders, order := total, make([]*big.Rat, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		exact := product(count(total), count(w))
		exact.Quo(exact, sum)
		shares[i] = new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		remainders[i], order[i] = difference(exact, count(shares[i])), i
		left -= shares[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

func total(of []int64) (sum int64) {
	for _, n := range of {
		sum += n
	}
	return sum
}
