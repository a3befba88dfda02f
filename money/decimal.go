package money

import (
	"errors"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number with four places, in ten-thousandths. Unit prices,
// unit discounts, rates in percent and flat payouts are decimals.
type Decimal int64

// Places is the number of decimal places of a [Decimal].
const Places = 4

// unit is 1 as a [Decimal].
const unit = 10_000

// Errors of [ParseDecimal]. Their texts are shown to API callers.
var (
	ErrSyntax = errors.New("Not a decimal number")
	ErrDigits = errors.New("More than 12 digits before or 4 after the decimal point")
)

// ErrPlaces means that a number has too many decimal places.
var ErrPlaces = errors.New("too many decimal places")

// Whole returns the whole number n as a decimal.
func Whole(n int64) Decimal { return Decimal(n * unit) }

// ParseDecimal parses an optional sign, up to 12 digits and up to 4 decimal places, as in
// "-19.2708". One side of the point can be empty. Leading zeros, and zeros after the
// fourth place, don't count as digits. The error is [ErrSyntax] or [ErrDigits].
func ParseDecimal(s string) (Decimal, error) {
	n, integers, err := parseFixed(s, Places)
	switch {
	case errors.Is(err, ErrSyntax):
		return 0, err
	case err != nil || integers > MaxIntegerDigits:
		return 0, ErrDigits
	}
	return Decimal(n), nil
}

// ParseSum parses a decimal like [ParseDecimal], but with more than 12 digits before the decimal
// point, as a sum over many records can have. If it overflows a Decimal, the error is
// [ErrTooLarge].
func ParseSum(s string) (Decimal, error) {
	n, _, err := parseFixed(s, Places)
	return Decimal(n), err
}

// ParseAmount parses an optional sign, digits and up to as many decimal places as the currency has
// minor digits. It returns [ErrSyntax], [ErrPlaces] for more decimal places, or [ErrTooLarge] if
// the value overflows an [Amount].
func (c Currency) ParseAmount(s string) (Amount, error) {
	n, _, err := parseFixed(s, c.Digits())
	return Amount(n), err
}

// parseFixed parses a multiple of 10^-places, and returns it with the number of digits before the
// decimal point.
func parseFixed(s string, places int) (n int64, integers int, err error) {
	digits, negative := strings.CutPrefix(s, "-")
	if !negative {
		digits = strings.TrimPrefix(s, "+")
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	if whole == "" && fraction == "" || !isDigits(whole) || !isDigits(fraction) {
		return 0, 0, ErrSyntax
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(fraction) > places {
		return 0, 0, ErrPlaces
	}
	n, err = strconv.ParseInt("0"+whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	if err != nil {
		return 0, 0, ErrTooLarge
	}
	if negative {
		n = -n
	}
	return n, len(whole), nil
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// String formats the decimal with as few places as possible: "7.5", "4", "-0.3333".
func (d Decimal) String() string {
	s := strings.TrimRight(fixed(int64(d), Places), "0")
	return strings.TrimSuffix(s, ".")
}

// MarshalText implements [encoding.TextMarshaler].
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Decimal) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDecimal(string(text))
	return err
}

// Int returns the integer part of d and reports whether d is a whole number.
func (d Decimal) Int() (int64, bool) { return int64(d / unit), d%unit == 0 }

// fixed formats n × 10^-places.
func fixed(n int64, places int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	digits := strconv.FormatInt(n, 10)
	if places == 0 {
		return sign + digits
	}
	if short := places + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - places
	return sign + digits[:point] + "." + digits[point:]
}
