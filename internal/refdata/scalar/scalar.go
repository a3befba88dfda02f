// Package scalar parses the values of keys in a reference file. A parser returns an error
// whose message is a sentence for the author of the file.
package scalar

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const (
	// MaxCode is the maximum length of a code in characters.
	MaxCode = 64
	// MaxDigits is the maximum number of digits of a whole number.
	MaxDigits = 16
)

// ValueError is an invalid value, described in a sentence for the author of the file.
type ValueError string

func (e ValueError) Error() string { return string(e) }

// Errorf returns an error for an invalid value. Its message is a sentence for the author of
// the file.
func Errorf(format string, args ...any) error { return ValueError(fmt.Sprintf(format, args...)) }

// Text returns a parser of texts of 1 to limit characters without control characters.
func Text(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		switch n := utf8.RuneCountInString(s); {
		case n == 0:
			return "", ValueError("Must not be empty")
		case n > limit:
			return "", Errorf("At most %d characters", limit)
		case !utf8.ValidString(s):
			return "", ValueError("Must be UTF-8")
		case strings.ContainsFunc(s, unicode.IsControl):
			return "", ValueError("Must not contain control characters")
		}
		return s, nil
	}
}

// Secret returns a parser of secrets of low to limit characters. Its errors don't repeat them.
func Secret(low, limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		if utf8.RuneCountInString(s) < low {
			return "", Errorf("Has fewer than %d characters: use the secret that the platform shows", low)
		}
		return Text(limit)(s)
	}
}

// Paragraphs returns a parser of a text of at most limit characters that may have several
// lines.
func Paragraphs(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		switch {
		case utf8.RuneCountInString(s) > limit:
			return "", Errorf("At most %d characters", limit)
		case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
			return "", ValueError("Must not contain control characters other than line breaks and tabs")
		}
		return s, nil
	}
}

// URL returns a parser of a URL of at most limit characters, with a scheme and a host.
func URL(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		u, err := url.Parse(s)
		if err != nil || u.Scheme == "" || u.Host == "" || utf8.RuneCountInString(s) > limit || strings.ContainsFunc(s, unicode.IsSpace) {
			return "", Errorf("Must be a URL of at most %d characters, such as https://example.com/", limit)
		}
		return s, nil
	}
}

// State parses a state, such as ACTIVE. It is strict about case because the rules compare
// states with ACTIVE: "Active" would silently be a different state.
func State(s string) (string, error) {
	if s == "" || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" || len(s) > MaxCode {
		return "", ValueError("Write it in capitals, such as ACTIVE or PAUSED")
	}
	return s, nil
}

// ID parses an id, which is a positive whole number.
func ID(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || len(s) > MaxDigits || s[0] == '0' || s[0] == '+' {
		return 0, Errorf("Must be a positive whole number of at most %d digits", MaxDigits)
	}
	return n, nil
}

// ContractID parses the number of a contract, with or without the prefix S- of the wire.
func ContractID(s string) (int64, error) { return ID(strings.TrimPrefix(s, "S-")) }

// Number returns a parser of whole numbers from low to high.
func Number(low, high int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high || strconv.Itoa(n) != s {
			return 0, Errorf("Must be a whole number from %d to %d", low, high)
		}
		return n, nil
	}
}

// Decimal parses an amount or a rate exactly, without a float.
func Decimal(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(s)
	switch {
	case err != nil:
		return 0, err
	case d < 0:
		return 0, ValueError("Must not be negative")
	}
	return d, nil
}

// Percent parses a rate from 0 to 100 percent.
func Percent(s string) (money.Decimal, error) {
	d, err := Decimal(s)
	if err == nil && d > money.Whole(100) {
		err = ValueError("Must be at most 100")
	}
	return d, err
}

// AmountIn returns a parser of amounts with no more decimal places than a currency has. An
// empty currency has any.
func AmountIn(c money.Currency) func(string) (money.Decimal, error) {
	return func(s string) (money.Decimal, error) {
		d, err := Decimal(s)
		if err == nil && c != "" && c.Compare(c.Round(d), d) != 0 {
			err = Errorf("At most %d digits after the decimal point, as %s has", c.Digits(), c)
		}
		return d, err
	}
}

// Pointer returns a parser of values whose absence differs from 0.
func Pointer[T any](parse func(string) (T, error)) func(string) (*T, error) {
	return func(s string) (*T, error) {
		value, err := parse(s)
		return &value, err
	}
}

// Boolean parses true or false.
func Boolean(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, ValueError("Must be true or false")
	}
	return s == "true", nil
}

// OneOf returns a parser that accepts only the given values.
func OneOf[T ~string](values ...T) func(string) (T, error) {
	return func(s string) (T, error) {
		for _, v := range values {
			if string(v) == s {
				return v, nil
			}
		}
		names := make([]string, len(values))
		for i, v := range values {
			names[i] = string(v)
		}
		return "", Errorf("Must be one of %s", strings.Join(names, ", "))
	}
}

// Currency parses a currency code.
func Currency(s string) (string, error) {
	c, err := money.ParseCurrency(s)
	if err != nil {
		return "", ValueError("Must be an ISO 4217 code, such as USD")
	}
	return string(c), nil
}

// Zone parses the name of a time zone.
func Zone(s string) (*time.Location, error) {
	z, err := time.LoadLocation(s)
	if err != nil || s == "" || z == time.Local {
		return nil, ValueError("Must be the name of a time zone, such as America/Los_Angeles or UTC")
	}
	return z, nil
}

// ZoneName is like [Zone], but returns the name.
func ZoneName(s string) (string, error) {
	_, err := Zone(s)
	return s, err
}

// MaxDays is the maximum number of days of a duration.
const MaxDays = 36_500

// Duration parses a number of days, such as 45d, or of hours, minutes and seconds, such as
// 36h or 1h30m. A day has 24 hours.
func Duration(s string) (d time.Duration, err error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n int
		n, err = Number(0, MaxDays)(days)
		d = time.Duration(n) * 24 * time.Hour
	} else {
		d, err = time.ParseDuration(s)
	}
	if err != nil || d < 0 || d > MaxDays*24*time.Hour {
		return 0, Errorf("Must be a duration of at most %d days, such as 45d or 36h", MaxDays)
	}
	return d, nil
}

// Date parses a date.
func Date(s string) (program.Date, error) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", ValueError("Must be a date, such as 2026-10-01")
	}
	if day.Year() < minYear || day.Year() > maxYear {
		return "", Errorf("The year must be %d to %d", minYear, maxYear)
	}
	return program.Date(s), nil
}

// Rate parses an exchange rate exactly, without a float.
func Rate(s string) (money.Rate, error) {
	rate, err := money.ParseRate(s)
	if err != nil && strings.Contains(s, ",") {
		err = Errorf("%s: use a decimal point, and no comma", err)
	}
	return rate, err
}

// Bounds of the year of an instant.
const (
	minYear = 1970
	maxYear = 2999
)

// Instant returns a parser of timestamps with an offset and of dates. A date stands for
// its first instant in the zone.
func Instant(zone *time.Location) func(string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		t, err := time.Parse(time.RFC3339, s)
		if day, notDate := time.Parse(time.DateOnly, s); notDate == nil {
			year, month, d := day.Date()
			t, err = program.Midnight(year, month, d, zone), nil
		}
		if err != nil {
			return time.Time{}, ValueError("Must be a date, such as 2026-10-01, or a timestamp with an offset, such as 2026-10-01T10:30:00-07:00")
		}
		if t = t.UTC().Truncate(time.Microsecond); t.Year() < minYear || t.Year() > maxYear {
			return time.Time{}, Errorf("The year must be %d to %d", minYear, maxYear)
		}
		return t, nil
	}
}
