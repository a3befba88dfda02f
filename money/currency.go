package money

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/bojanz/currency"
)

// Currency is an ISO 4217 currency code, such as "USD".
type Currency string

// ParseCurrency parses a currency code in any letter case.
func ParseCurrency(code string) (Currency, error) {
	upper := strings.ToUpper(code)
	if !currency.IsValid(upper) {
		return "", fmt.Errorf("%q is not an ISO 4217 currency code", code)
	}
	return Currency(upper), nil
}

// Digits returns the number of minor digits: 2 for USD, 0 for JPY, 3 for KWD.
func (c Currency) Digits() int {
	digits, _ := currency.GetDigits(string(c))
	return int(digits)
}

// Format formats an amount with the currency's minor digits, as in "19.27" or "1999".
func (c Currency) Format(a Amount) string { return fixed(int64(a), c.Digits()) }

// Round rounds a decimal to an amount, half away from zero.
func (c Currency) Round(d Decimal) Amount {
	minor := pow10(Places - c.Digits())
	half := Decimal(minor / 2)
	if d < 0 {
		half = -half
	}
	return Amount((d + half) / Decimal(minor))
}

// Times returns round(price × n). The arguments must not be negative. If the result
// overflows an [Amount], Times returns [ErrTooLarge].
func (c Currency) Times(price Decimal, n int64) (Amount, error) {
	// Scale converts the product from ten-thousandths to minor units.
	return Amount(price).Scale(n, pow10(Places-c.Digits()))
}

// Add returns a + b, or [ErrTooLarge] if the sum has more than [MaxIntegerDigits]
// integer digits.
func (c Currency) Add(a, b Amount) (Amount, error) {
	sum := a + b // each below 10^16: no overflow
	return sum, c.Check(sum)
}

// Check returns [ErrTooLarge] if the amount has more than [MaxIntegerDigits] integer digits.
func (c Currency) Check(a Amount) error {
	if -always < a && a < always {
		return nil
	}
	if limit := Amount(pow10(MaxIntegerDigits + c.Digits())); a >= limit || a <= -limit {
		return ErrTooLarge
	}
	return nil
}

// always is the limit of a currency without minor digits. Others have a larger one.
var always = Amount(pow10(MaxIntegerDigits))

// Compare returns -1 if a is less than d, 0 if they are equal and +1 if a is greater. It
// doesn't round.
func (c Currency) Compare(a Amount, d Decimal) int {
	units := pow10(Places - c.Digits())
	if most := Amount(math.MaxInt64 / units); a > most || a < -most {
		return cmp.Compare(a, 0) // no decimal is as large
	}
	return cmp.Compare(int64(a)*units, int64(d))
}

// FormatDecimal formats a decimal without rounding it. The result has at least as many
// decimal places as the currency has minor digits.
func (c Currency) FormatDecimal(d Decimal) string {
	if a := c.Round(d); c.Compare(a, d) == 0 {
		return c.Format(a)
	}
	return d.String()
}

// pow10 returns 10^n.
func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
