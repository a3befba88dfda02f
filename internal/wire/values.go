package wire

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// The errors of the parsers below are messages for the caller. Numbers may have spaces
// around them, because an unescaped "+" in a form is a space.

// textUpTo returns a parser of texts of at most limit characters.
func textUpTo(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		if len(s) > limit && utf8.RuneCountInString(s) > limit {
			return "", valueError("At most " + strconv.Itoa(limit) + " characters")
		}
		return s, nil
	}
}

// parseSKU parses a Sku. It rejects an empty one, which identifies no item.
func parseSKU(s string) (string, error) {
	if s == "" {
		return "", valueError("Must not be empty")
	}
	return textUpTo(maxText)(s)
}

func parseID(s string) (int64, error) {
	s = strings.TrimSpace(s)
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || n == 0 || len(s) > maxIDDigits {
		return 0, valueError("Not a whole number from 1, of at most 16 digits")
	}
	return int64(n), nil
}

func parseDecimal(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(strings.TrimSpace(s))
	if err != nil {
		return 0, valueError(err.Error())
	}
	return d, nil
}

func parseAmount(s string) (money.Decimal, error) {
	d, err := parseDecimal(s)
	if err == nil && d < 0 {
		return 0, valueError("Must not be negative")
	}
	return d, err
}

// parseSignedQuantity accepts 1.0 for 1, because JSON clients send it.
func parseSignedQuantity(s string) (int64, error) {
	d, err := money.ParseDecimal(strings.TrimSpace(s))
	n, whole := d.Int()
	switch {
	case errors.Is(err, money.ErrDigits) && !strings.Contains(s, "."), err == nil && (n > ledger.MaxQuantity || n < -ledger.MaxQuantity):
		return 0, valueError("At most " + strconv.Itoa(maxQuantityDigits) + " digits")
	case err != nil || !whole:
		return 0, valueError("Not a whole number")
	}
	return n, nil
}

func parseQuantity(s string) (int64, error) {
	n, err := parseSignedQuantity(s)
	if err == nil && n < 0 {
		return 0, valueError("Must not be negative")
	}
	return n, err
}

func parseCurrency(s string) (money.Currency, error) {
	c, err := money.ParseCurrency(strings.TrimSpace(s))
	if err != nil {
		return "", valueError("Not an ISO 4217 currency code")
	}
	return c, nil
}

func parseActionID(s string) (ids.ActionID, error) {
	id, err := ids.ParseActionID(strings.TrimSpace(s))
	if err != nil {
		return id, valueError("Not an ActionId, as in 1000.4636.158133")
	}
	return id, nil
}

func parseUpdateID(s string) (ids.UpdateID, error) {
	s = strings.TrimSpace(s)
	id, err := ids.ParseUpdateID(s)
	if adjustment, failed := ids.ParseAdjustmentID(s); failed == nil {
		id, err = ids.UpdateID(adjustment), nil // they share a sequence
	}
	if err != nil {
		return id, valueError("Not the id of an ActionUpdate, as in 1000.4636.158133.95095059")
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
		return false, valueError("Must be true or false")
	}
}
