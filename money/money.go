// Package money holds exact amounts and rates, and the only code that rounds.
//
// An [Amount] counts the minor units of one currency; a [Decimal] keeps four
// places, as unit prices and rates do. Floats appear nowhere. Rounding is half
// away from zero, once, at the end of a product or quotient.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// ErrTooLarge says that an amount does not fit: it would have more than
// [MaxIntegerDigits] digits before the decimal point.
var ErrTooLarge = errors.New("amount has more than 12 integer digits")

// MaxIntegerDigits is the limit of digits before the decimal point, for every
// amount that comes in or is computed.
const MaxIntegerDigits = 12

// Amount is a sum of money in minor units (cents, yen, fils) of a currency that
// stands beside it: an action has one currency for all its amounts.
type Amount int64

// Scale answers round(a × n ÷ d) for a, n >= 0 and d > 0.
func (a Amount) Scale(n, d int64) (Amount, error) {
	q, r, err := mulDiv(int64(a), n, d)
	if err != nil {
		return 0, err
	}
	return Amount(q + roundUp(r, d)), nil
}

// Percent answers round(a × rate ÷ 100), the rate in percent.
func (a Amount) Percent(rate Decimal) (Amount, error) {
	return a.Scale(int64(rate), 100*unit)
}

// Split divides the total over the weights so that the shares add up to it:
// each share is the floor of total × weight ÷ Σ weights, and the units left
// over go one each to the largest remainders, ties to the earlier share. No
// argument may be negative; if all weights are 0 they count as equal.
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
	left := a
	for i, w := range weights {
		q, r, err := mulDiv(int64(a), w, int64(sum))
		if err != nil {
			return nil, err
		}
		shares[i], remainders[i] = Amount(q), r
		left -= Amount(q)
	}
	for ; left > 0; left-- {
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

// mulDiv answers the quotient and remainder of a × b ÷ d, exact over 128 bits.
func mulDiv(a, b, d int64) (q, r int64, err error) {
	if a < 0 || b < 0 || d <= 0 {
		return 0, 0, fmt.Errorf("money: %d × %d ÷ %d: only defined from zero up", a, b, d)
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

// roundUp answers 1 if the remainder r of a division by d is half or more.
func roundUp(r, d int64) int64 {
	if r >= d-r {
		return 1
	}
	return 0
}
