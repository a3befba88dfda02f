// Package money implements exact arithmetic with amounts, rates and currencies. It holds
// the only code that rounds.
//
// An [Amount] is in minor units of a currency. A [Decimal] has four decimal places, for
// unit prices and rates. There are no floating-point numbers. Results are rounded half
// away from zero, once, at the end of a product or quotient.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// ErrTooLarge means that an amount has more than [MaxIntegerDigits] digits before the
// decimal point.
var ErrTooLarge = errors.New("amount has more than 12 integer digits")

// MaxIntegerDigits is how many digits an amount can have before the decimal point.
const MaxIntegerDigits = 12

// Amount is a sum of money in minor units (cents, yen, fils). The currency is stored
// separately: an action has one currency for all its amounts.
type Amount int64

// Scale returns round(a × n ÷ d). It requires a, n >= 0 and d > 0.
func (a Amount) Scale(n, d int64) (Amount, error) {
	q, r, err := mulDiv(int64(a), n, d)
	if err != nil {
		return 0, err
	}
	return Amount(q + roundUp(r, d)), nil
}

// Percent returns round(a × rate ÷ 100).
func (a Amount) Percent(rate Decimal) (Amount, error) {
	return a.Scale(int64(rate), 100*unit)
}

// Split divides a into shares in proportion to the weights. The shares add up to a: each
// is rounded down, and the remaining units go one each to the shares with the largest
// remainders, of equal ones to the first. Neither a nor a weight can be negative. If all
// weights are 0, they count as equal.
func (a Amount) Split(weights []int64) ([]Amount, error) {
	var sum uint64
	for _, w := range weights {
		sum += uint64(w) // at most 1,000 weights below 10^16: no overflow of 64 bits
	}
	if sum > math.MaxInt64 {
		return nil, ErrTooLarge
	}
	if sum == 0 {
		return a.Split(ones(len(weights)))
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

func ones(n int) []int64 {
	w := make([]int64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// mulDiv returns the quotient and remainder of a × b ÷ d, with a 128-bit product.
func mulDiv(a, b, d int64) (q, r int64, err error) {
	if a < 0 || b < 0 || d <= 0 {
		return 0, 0, fmt.Errorf("money: %d × %d ÷ %d: operands must not be negative", a, b, d)
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
