package codec

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// ErrCurrency is the error of an amount in a request without a currency.
var ErrCurrency = errors.New("an amount needs a Currency, because its minor digits depend on it")

// Encode sets the parameters for the fields of a struct. It leaves out zero values and nil
// pointers, so that a pointer to 0 is sent. suffix is the number of an item, or empty.
func Encode(dst url.Values, v any, suffix string, currency money.Currency) error {
	s := reflect.ValueOf(v)
	for _, f := range fieldsOf(s.Type()) {
		value, err := s.FieldByIndexErr(f.index)
		if err != nil || value.IsZero() {
			continue
		}
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		if value.Type() == amountType && currency == "" {
			return ErrCurrency
		}
		text, err := format(value, currency)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		dst.Set(f.name+suffix, text)
	}
	return nil
}

// format formats the value of a parameter.
func format(v reflect.Value, currency money.Currency) (string, error) {
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339), nil
	case money.Amount:
		return currency.Format(x), nil
	case money.Decimal:
		return x.String(), nil
	case []int:
		texts := make([]string, len(x))
		for i, n := range x {
			texts[i] = strconv.Itoa(n)
		}
		return strings.Join(texts, ","), nil
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	}
	return "", fmt.Errorf("no parameter of type %s", v.Type())
}
