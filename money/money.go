// Package money implements exact arithmetic with amounts, rates and currencies. No other
// package rounds.
//
// An [Amount] is a whole number of minor units of a currency. A [Decimal] has four decimal
// places, for unit prices and rates. An [Exact] is an intermediate result. There are no
// floating-point numbers. Results are rounded half away from zero, once, at the end of a
// product or quotient.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// ErrTooLarge means that an amount has more than [MaxIntegerDigits] digits before the
// decimal point.
var ErrTooLarge = errors.New("amount has more than 12 integer digits")

// MaxIntegerDigits is the maximum number of digits of an amount before the decimal point.
const MaxIntegerDigits = 12

// Amount is a sum of money in minor units (cents, yen, fils). The currency is stored
// separately: an action has one currency for all its amounts.
type Amount int64

// Plus returns a + b, or [ErrTooLarge] if the sum overflows an Amount. Sums over many records
// have no other limit.
func (a Amount) Plus(b Amount) (Amount, error) {
	sum := a + b
	if (sum > a) != (b > 0) && b != 0 {
		return 0, ErrTooLarge
	}
	return sum, nil
}

// Scale returns round(a × n ÷ d). It returns an error if a or n is negative or d is not
// positive, and [ErrTooLarge] if the result overflows an Amount.
func (a Amount) Scale(n, d int64) (Amount, error) {
	q, r, err := mulDiv(int64(a), n, d)
	if err != nil {
		return 0, err
	}
	return Amount(q + roundUp(r, d)), nil
}

// Percent returns round(a × rate ÷ 100). The amount can be negative, and the rate can't. Other
// errors are those of [Amount.Scale].
func (a Amount) Percent(rate Decimal) (Amount, error) {
	if a < 0 {
		p, err := (-a).Percent(rate)
		return -p, err
	}
	return a.Scale(int64(rate), 100*unit)
}

// Split divides a into shares in proportion to the weights. The shares add up to a: each
// is rounded down, and the remaining units go one each to the shares with the largest
// remainders. The earlier share wins a tie. If all weights are 0, they count as equal.
// Neither a nor a weight can be negative, and there must be a weight.
func (a Amount) Split(weights []int64) ([]Amount, error) {
	var sum uint64
	for _, w := range weights {
		sum += uint64(w) // at most 1,000 weights below 10^16: no overflow of 64 bits
	}
	if sum > math.MaxInt64 {
		return nil, ErrTooLarge
	}
	if sum == 0 {
		return a.Split(slices.Repeat([]int64{1}, len(weights)))
	}
	shares, remainders := make([]Amount, len(weights)), make([]int64, len(weights))
	rest := a
	for i, w := range weights {
		q, r, err := mulDiv(int64(a), w, int64(sum))
		if err != nil {
			return nil, err
		}
		shares[i], remainders[i] = Amount(q), r
		rest -= Amount(q)
	}
	for ; rest > 0; rest-- {
		largest := 0
		for i, r := range remainders {
			if r > remainders[largest] {
				largest = i
			}
		}
		shares[largest]++
		remainders[largest] = -1
	}
	return shares, nil
}

// mulDiv returns the quotient and remainder of a × b ÷ d. The product has 128 bits.
func mulDiv(a, b, d int64) (q, r int64, err error) {
	if a < 0 || b < 0 || d <= 0 {
		return 0, 0, fmt.Errorf("money: %d × %d ÷ %d: operand out of range", a, b, d)
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(d) {
		return 0, 0, ErrTooLarge
	}
	uq, ur := bits.Div64(hi, lo, uint64(d))
	if uq > math.MaxInt64-1 {
		return 0, 0, ErrTooLarge
	}
	return int64(uq), int64(ur), nil
}

// roundUp returns 1 if the remainder r of a division by d is at least half of d, else 0.
func roundUp(r, d int64) int64 {
	if r >= d-r {
		return 1
	}
	return 0
}
