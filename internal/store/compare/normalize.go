package compare

import (
	"reflect"
	"time"
)

// Normalize sets a record to what would be read from the store: it truncates times to the
// precision of the store, and replaces empty maps by nil. The record may share no slices with
// others.
func Normalize[T any](record *T) { normalizeValue(reflect.ValueOf(record).Elem()) }

// normalizeValue truncates times to the precision of the store, and replaces empty maps by
// nil.
func normalizeValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*time.Time); ok {
			*t = t.Truncate(time.Microsecond).UTC()
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				normalizeValue(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			normalizeValue(v.Index(i))
		}
	case reflect.Map:
		if v.Len() == 0 {
			v.SetZero()
		}
	}
}
