package refdata

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// valueError is an error of a value, as a sentence for the author of the file.
type valueError string

func (m valueError) Error() string { return string(m) }

// errorf returns a formatted valueError.
func errorf(format string, args ...any) error { return valueError(fmt.Sprintf(format, args...)) }

// text returns a parser of 1 to limit characters without control characters.
func text(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		switch n := utf8.RuneCountInString(s); {
		case n == 0:
			return "", valueError("Must not be empty")
		case n > limit:
			return "", errorf("At most %d characters", limit)
		case !utf8.ValidString(s):
			return "", valueError("Must be UTF-8")
		case strings.ContainsFunc(s, unicode.IsControl):
			return "", valueError("Must not contain control characters")
		}
		return s, nil
	}
}

// state parses a state. It is strict about case because rules compare states with
// ACTIVE, and "Active" would silently mean another state.
func state(s string) (string, error) {
	if s == "" || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" || len(s) > maxCode {
		return "", valueError("Write it in capitals, as ACTIVE or PAUSED")
	}
	return s, nil
}

// id parses a positive whole number.
func id(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || len(s) > maxDigits || s[0] == '0' || s[0] == '+' {
		return 0, errorf("Must be a positive whole number of at most %d digits", maxDigits)
	}
	return n, nil
}

// contractID parses the number of a contract, with or without the prefix S- of the wire.
func contractID(s string) (int64, error) { return id(strings.TrimPrefix(s, "S-")) }

// number returns a parser of whole numbers from low to high.
func number(low, high int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high || strconv.Itoa(n) != s {
			return 0, errorf("Must be a whole number from %d to %d", low, high)
		}
		return n, nil
	}
}

// decimal parses an amount or a rate exactly, without a float.
func decimal(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(s)
	switch {
	case err != nil:
		return 0, err
	case d < 0:
		return 0, valueError("Must not be negative")
	}
	return d, nil
}

// decimalPointer is like decimal, for values whose absence differs from 0.
func decimalPointer(s string) (*money.Decimal, error) {
	d, err := decimal(s)
	return &d, err
}

// boolean parses true or false.
func boolean(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, valueError("Must be true or false")
	}
	return s == "true", nil
}

// oneOf returns a parser of a closed list of values.
func oneOf[T ~string](values ...T) func(string) (T, error) {
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
		return "", errorf("Must be one of %s", strings.Join(names, ", "))
	}
}

// currency parses a currency code.
func currency(s string) (string, error) {
	c, err := money.ParseCurrency(s)
	if err != nil {
		return "", valueError("Must be an ISO 4217 code, as USD")
	}
	return string(c), nil
}

// zone parses the name of a time zone.
func zone(s string) (*time.Location, error) {
	z, err := time.LoadLocation(s)
	if err != nil || s == "" || z == time.Local {
		return nil, valueError("Must be the name of a time zone, as America/Los_Angeles or UTC")
	}
	return z, nil
}

// zoneName is zone with the name as the result.
func zoneName(s string) (string, error) {
	_, err := zone(s)
	return s, err
}

// Bounds of the year of an instant.
const (
	minYear = 1970
	maxYear = 2999
)

// instant returns a parser of timestamps with an offset and of dates. A date is the
// midnight at its beginning in the zone.
func instant(zone *time.Location) func(string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		t, err := time.Parse(time.RFC3339, s)
		if day, notDate := time.Parse(time.DateOnly, s); notDate == nil {
			year, month, d := day.Date()
			t, err = program.Midnight(year, month, d, zone), nil
		}
		if err != nil {
			return time.Time{}, valueError("Must be a date, as 2026-10-01, or a timestamp with an offset, as 2026-10-01T10:30:00-07:00")
		}
		if t = t.UTC().Truncate(time.Microsecond); t.Year() < minYear || t.Year() > maxYear {
			return time.Time{}, errorf("The year must be %d to %d", minYear, maxYear)
		}
		return t, nil
	}
}
