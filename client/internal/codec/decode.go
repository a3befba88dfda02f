// Package codec converts objects and parameters of the protocol and the admin API from and to
// structs. The name of a field in the protocol is that in Go with Id, Sku, Uri and Url for ID, SKU,
// URI and URL. The tag wire replaces it; "-" leaves the field out.
package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/trueup-ledger/trueup/money"
)

// The types that have a form of their own in the protocol.
var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	amountType   = reflect.TypeFor[money.Amount]()
	decimalType  = reflect.TypeFor[money.Decimal]()
	rawType      = reflect.TypeFor[json.RawMessage]()
)

// field is a field of a struct that stands for an object or for parameters.
type field struct {
	index []int
	// name is the name in the protocol.
	name string
	// currency is the name of the field with the currency of an amount.
	currency string
}

// wireNames converts names of Go to those of the protocol: "CampaignID" is "CampaignId".
var wireNames = strings.NewReplacer("ID", "Id", "SKU", "Sku", "URI", "Uri", "URL", "Url")

var fieldsByType sync.Map // reflect.Type to []field

// fieldsOf returns the fields of a struct.
func fieldsOf(t reflect.Type) []field {
	if known, found := fieldsByType.Load(t); found {
		return known.([]field)
	}
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		name := f.Tag.Get("wire")
		if name == "-" {
			continue
		}
		if name == "" {
			name = wireNames.Replace(f.Name)
		}
		currency := f.Tag.Get("currency")
		switch {
		case currency != "":
		case unicode.IsLower(rune(name[0])): // of the admin API
			currency = "currency"
		default:
			currency = "Currency"
		}
		fields = append(fields, field{f.Index, name, currency})
	}
	fieldsByType.Store(t, fields)
	return fields
}

// decode is [Decode] for a value.
func decode(data []byte, v reflect.Value, currency money.Currency) error {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	switch v.Type() {
	case rawType:
		v.SetBytes(bytes.Clone(data))
		return nil
	case timeType, durationType, amountType, decimalType:
		return decodeScalar(data, v, currency)
	}
	switch v.Kind() {
	case reflect.Struct:
		return decodeStruct(data, v, currency)
	case reflect.Map:
		return json.Unmarshal(data, v.Addr().Interface())
	case reflect.Slice:
		return decodeSlice(data, v, currency)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decode(data, v.Elem(), currency)
	default:
		return decodeScalar(data, v, currency)
	}
}

func decodeStruct(data []byte, v reflect.Value, currency money.Currency) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	for _, f := range fieldsOf(v.Type()) {
		used := currency
		if own, found := members[f.currency]; found {
			used = money.Currency(strings.Trim(string(own), `"`))
		}
		if err := decode(members[f.name], v.FieldByIndex(f.index), used); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

func decodeSlice(data []byte, v reflect.Value, currency money.Currency) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(data, &elements); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), len(elements), len(elements)))
	for i, e := range elements {
		if err := decode(e, v.Index(i), currency); err != nil {
			return err
		}
	}
	return nil
}

func decodeScalar(data []byte, v reflect.Value, currency money.Currency) (err error) {
	text := string(data)
	if data[0] == '"' {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	}
	if v.Kind() == reflect.String {
		v.SetString(text)
		return nil
	}
	if text == "" {
		return nil
	}
	switch {
	case v.Type() == timeType:
		var at time.Time
		at, err = time.Parse(time.RFC3339, text)
		v.Set(reflect.ValueOf(at))
	case v.Type() == durationType:
		var d time.Duration
		d, err = time.ParseDuration(text)
		v.SetInt(int64(d))
	case v.Type() == amountType:
		var amount money.Amount
		amount, err = currency.ParseAmount(text)
		v.SetInt(int64(amount))
	case v.Type() == decimalType:
		var d money.Decimal
		d, err = money.ParseDecimal(text)
		v.SetInt(int64(d))
	case v.CanInt():
		var n int64
		n, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(n)
	case v.Kind() == reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	default:
		err = fmt.Errorf("no value of type %s", v.Type())
	}
	return err
}

// Decode decodes a JSON value of the protocol into v, which is a pointer. It accepts the scalars of
// all versions: numbers and booleans may be strings, and an empty string is none. The currency of
// an amount is the object's field that the tag currency names, or else its Currency (in the admin
// API, currency), or else that of the object around it, or else the given one.
func Decode(data []byte, v any, currency money.Currency) error {
	return decode(data, reflect.ValueOf(v).Elem(), currency)
}

// Fields returns the types of the fields of a struct by their names in the protocol.
func Fields(t reflect.Type) map[string]reflect.Type {
	types := make(map[string]reflect.Type)
	for _, f := range fieldsOf(t) {
		types[f.name] = t.FieldByIndex(f.index).Type
	}
	return types
}
