package money

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/bojanz/currency"
)

// Currency is the ISO 4217 code of a currency, as "USD".
type Currency string

// ParseCurrency reads a currency code in any letter case.
func ParseCurrency(code string) (Currency, error) {
	upper := strings.ToUpper(code)
	if !currency.IsValid(upper) {
		return "", fmt.Errorf("%q is not an ISO 4217 currency code", code)
	}
	return Currency(upper), nil
}

// Digits answers how many minor digits the currency has: USD 2, JPY 0, KWD 3.
func (c Currency) Digits() int {
	digits, _ := currency.GetDigits(string(c))
	return int(digits)
}

// Format writes an amount with the currency's minor digits: "19.27", "1999".
func (c Currency) Format(a Amount) string { return fixed(int64(a), c.Digits()) }

// Round answers the decimal as an amount, half away from zero.
func (c Currency) Round(d Decimal) Amount {
	cut := pow10(Places - c.Digits())
	half := Decimal(cut / 2)
	if d < 0 {
		half = -half
	}
	return Amount((d + half) / Decimal(cut))
}

// Times answers round(price × n) for price, n >= 0.
func (c Currency) Times(price Decimal, n int64) (Amount, error) {
	return Amount(price).Scale(n, pow10(Places-c.Digits()))
}

// Add answers a + b, or [ErrTooLarge] if the currency does not hold the sum.
func (c Currency) Add(a, b Amount) (Amount, error) {
	sum := a + b // each below 10^16: no overflow
	return sum, c.Check(sum)
}

// Check answers [ErrTooLarge] if the amount has over 12 integer digits.
func (c Currency) Check(a Amount) error {
	if limit := Amount(pow10(MaxIntegerDigits + c.Digits())); a >= limit || a <= -limit {
		return ErrTooLarge
	}
	return nil
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Compare answers the sign of a less d: -1, 0 or 1. Nothing is rounded.
func (c Currency) Compare(a Amount, d Decimal) int {
	return cmp.Compare(int64(a)*pow10(Places-c.Digits()), int64(d)) // at most 16 digits
}

// Pad writes a decimal with at least the currency's minor digits, and all that it
// has: flat payouts are kept finer than amounts.
func (c Currency) Pad(d Decimal) string {
	if coarse := c.Round(d); c.Compare(coarse, d) == 0 {
		return c.Format(coarse)
	}
	return d.String()
}
