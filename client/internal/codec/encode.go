package codec

import (
	"encoding/json"
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
	return eachSet(v, func(name string, value reflect.Value) error {
		text, err := format(value, currency)
		dst.Set(name+suffix, text)
		return err
	})
}

// Object returns the members of the JSON object for a struct. It leaves out what [Encode] does.
// Amounts are in the given currency.
func Object(v any, currency money.Currency) (map[string]any, error) {
	members := make(map[string]any)
	err := eachSet(v, func(name string, value reflect.Value) (err error) {
		members[name], err = jsonValue(value, currency)
		return err
	})
	return members, err
}

// eachSet calls f for the fields of a struct that are neither zero nor nil. Errors name the field.
func eachSet(v any, f func(name string, value reflect.Value) error) error {
	s := reflect.ValueOf(v)
	for _, field := range fieldsOf(s.Type()) {
		value, err := s.FieldByIndexErr(field.index)
		if err != nil || value.IsZero() {
			continue
		}
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		if err := f(field.name, value); err != nil {
			return fmt.Errorf("%s: %w", field.name, err)
		}
	}
	return nil
}

// jsonValue returns a value that package json encodes.
func jsonValue(v reflect.Value, currency money.Currency) (any, error) {
	switch v.Type() {
	case amountType, decimalType:
		text, err := format(v, currency)
		return json.Number(text), err
	case timeType, durationType:
		return format(v, currency)
	}
	switch v.Kind() {
	case reflect.Struct:
		return Object(v.Interface(), currency)
	case reflect.Slice:
		elements := make([]any, v.Len())
		for i := range elements {
			var err error
			if elements[i], err = jsonValue(v.Index(i), currency); err != nil {
				return nil, err
			}
		}
		return elements, nil
	}
	return v.Interface(), nil
}

// format formats the value of a parameter.
func format(v reflect.Value, currency money.Currency) (string, error) {
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339), nil
	case time.Duration:
		return x.String(), nil
	case money.Amount:
		if currency == "" {
			return "", ErrCurrency
		}
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
