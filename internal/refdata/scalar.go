package refdata

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// message is a fault of a value, fit for whoever wrote it.
type message string

func (m message) Error() string { return string(m) }

func say(format string, args ...any) error { return message(fmt.Sprintf(format, args...)) }

// text reads up to so many characters, at least one.
func text(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		switch n := utf8.RuneCountInString(s); {
		case n == 0:
			return "", message("Must not be empty")
		case n > limit:
			return "", say("At most %d characters", limit)
		case !utf8.ValidString(s):
			return "", message("Must be UTF-8")
		case strings.ContainsFunc(s, unicode.IsControl):
			return "", message("Must not contain control characters")
		}
		return s, nil
	}
}

// state reads a state: rules compare it with ACTIVE, so a word in another case
// would quietly mean something else.
func state(s string) (string, error) {
	if s == "" || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" || len(s) > maxCode {
		return "", message("Write it in capitals, as ACTIVE or PAUSED")
	}
	return s, nil
}

// id reads a positive whole number.
func id(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || len(s) > maxDigits || s[0] == '0' || s[0] == '+' {
		return 0, say("Must be a positive whole number of at most %d digits", maxDigits)
	}
	return n, nil
}

// contractID reads a contract's number, with or without the S- that callers see.
func contractID(s string) (int64, error) { return id(strings.TrimPrefix(s, "S-")) }

// number reads a whole number within bounds.
func number(low, high int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high || strconv.Itoa(n) != s {
			return 0, say("Must be a whole number from %d to %d", low, high)
		}
		return n, nil
	}
}

// decimal reads an amount or a rate; it never passes through a float.
func decimal(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(s)
	switch {
	case err != nil:
		return 0, err
	case d < 0:
		return 0, message("Must not be negative")
	}
	return d, nil
}

// decimalPointer is decimal for values whose absence means something else than 0.
func decimalPointer(s string) (*money.Decimal, error) {
	d, err := decimal(s)
	return &d, err
}

func boolean(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, message("Must be true or false")
	}
	return s == "true", nil
}

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
		return "", say("Must be one of %s", strings.Join(names, ", "))
	}
}

func currency(s string) (string, error) {
	c, err := money.ParseCurrency(s)
	if err != nil {
		return "", message("Must be an ISO 4217 code, as USD")
	}
	return string(c), nil
}

func zone(s string) (*time.Location, error) {
	z, err := time.LoadLocation(s)
	if err != nil || s == "" || z == time.Local {
		return nil, message("Must be the name of a time zone, as America/Los_Angeles or UTC")
	}
	return z, nil
}

func zoneName(s string) (string, error) {
	_, err := zone(s)
	return s, err
}

// Bounds of the years of instants.
const (
	minYear = 1970
	maxYear = 2999
)

// instant reads a timestamp with an offset, or a date: the midnight that begins it
// in the zone.
func instant(zone *time.Location) func(string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		t, err := time.Parse(time.RFC3339, s)
		if day, notDay := time.Parse(time.DateOnly, s); notDay == nil {
			year, month, d := day.Date()
			t, err = ledger.Midnight(year, month, d, zone), nil
		}
		if err != nil {
			return time.Time{}, message("Must be a date, as 2026-10-01, or a timestamp with an offset, as 2026-10-01T10:30:00-07:00")
		}
		if t = t.UTC().Truncate(time.Microsecond); t.Year() < minYear || t.Year() > maxYear {
			return time.Time{}, say("The year must be %d to %d", minYear, maxYear)
		}
		return t, nil
	}
}
