package wire

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Parsers of single values. Their errors are fit for the caller. Spaces around
// numbers do not count: an unencoded "+" of a form arrives as one.

func textUpTo(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		if len(s) > limit && utf8.RuneCountInString(s) > limit {
			return "", fault("At most " + strconv.Itoa(limit) + " characters")
		}
		return s, nil
	}
}

// parseSKU takes everything but nothing: an item without a Sku cannot be found.
func parseSKU(s string) (string, error) {
	if s == "" {
		return "", fault("Must not be empty")
	}
	return textUpTo(maxText)(s)
}

func parseID(s string) (int64, error) {
	s = strings.TrimSpace(s)
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || n == 0 || len(s) > maxIDDigits {
		return 0, fault("Not a whole number from 1, of at most 16 digits")
	}
	return int64(n), nil
}

func parseSigned(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(strings.TrimSpace(s))
	if err != nil {
		return 0, fault(err.Error())
	}
	return d, nil
}

func parseAmount(s string) (money.Decimal, error) {
	d, err := parseSigned(s)
	if err == nil && d < 0 {
		return 0, fault("Must not be negative")
	}
	return d, err
}

// parseSignedQuantity takes 1.0 for 1, as JSON clients send it.
func parseSignedQuantity(s string) (int64, error) {
	d, err := money.ParseDecimal(strings.TrimSpace(s))
	n, whole := d.Int()
	switch {
	case errors.Is(err, money.ErrDigits) && !strings.Contains(s, "."), err == nil && (n > ledger.MaxQuantity || n < -ledger.MaxQuantity):
		return 0, fault("At most " + strconv.Itoa(maxQuantityDigits) + " digits")
	case err != nil || !whole:
		return 0, fault("Not a whole number")
	}
	return n, nil
}

func parseQuantity(s string) (int64, error) {
	n, err := parseSignedQuantity(s)
	if err == nil && n < 0 {
		return 0, fault("Must not be negative")
	}
	return n, err
}

func parseCurrency(s string) (money.Currency, error) {
	c, err := money.ParseCurrency(strings.TrimSpace(s))
	if err != nil {
		return "", fault("Not an ISO 4217 currency code")
	}
	return c, nil
}

func parseActionID(s string) (ledger.ActionID, error) {
	id, err := ledger.ParseActionID(strings.TrimSpace(s))
	if err != nil {
		return id, fault("Not an ActionId, as in 1000.4636.158133")
	}
	return id, nil
}

func parseUpdateID(s string) (ledger.UpdateID, error) {
	id, err := ledger.ParseUpdateID(strings.TrimSpace(s))
	if err != nil {
		return id, fault("Not the id of an ActionUpdate, as in 1000.4636.158133.95095059")
	}
	return id, nil
}

func parseBool(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	default:
		return false, fault("Must be true or false")
	}
}
