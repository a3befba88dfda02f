// Package compare compares stored records with those that are derived again.
package compare

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
)

// Difference describes the first field in which a stored record differs from the expected
// one, as in "Items[1].Line.Amount is 965, expected 964".
func Difference(stored, expected any) string {
	text, _ := firstDifference("", reflect.ValueOf(stored), reflect.ValueOf(expected))
	return text
}

// firstDifference reports whether two values of the same type differ, and describes the
// first difference. path is the path of the values in the record.
func firstDifference(path string, stored, expected reflect.Value) (text string, differs bool) {
	if reflect.DeepEqual(stored.Interface(), expected.Interface()) {
		return "", false
	}
	if _, isText := stored.Interface().(fmt.Stringer); !isText {
		switch stored.Kind() {
		case reflect.Pointer:
			if !stored.IsNil() && !expected.IsNil() {
				return firstDifference(path, stored.Elem(), expected.Elem())
			}
		case reflect.Slice:
			return differentElement(path, stored, expected)
		case reflect.Struct:
			for i := range stored.NumField() {
				field := stored.Type().Field(i)
				if !field.IsExported() {
					continue
				}
				nested := path
				if !field.Anonymous {
					nested = strings.TrimPrefix(path+"."+field.Name, ".")
				}
				if text, differs := firstDifference(nested, stored.Field(i), expected.Field(i)); differs {
					return text, true
				}
			}
			return path + " differs", true
		case reflect.Map, reflect.Interface, reflect.Array:
			return path + " differs", true
		}
	}
	return fmt.Sprintf("%s is %s, expected %s", path, inWords(stored), inWords(expected)), true
}

// differentElement describes the first difference of two slices. Elements are numbered from 1.
func differentElement(path string, stored, expected reflect.Value) (string, bool) {
	if stored.Len() != expected.Len() {
		return fmt.Sprintf("%s has %d elements, expected %d", path, stored.Len(), expected.Len()), true
	}
	for i := range stored.Len() {
		if text, differs := firstDifference(fmt.Sprintf("%s[%d]", path, i+1), stored.Index(i), expected.Index(i)); differs {
			return text, true
		}
	}
	return path + " differs", true // nil and empty
}

// inWords returns a value as text. It returns "none" for nil and for an empty id, and
// quotes strings.
func inWords(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "none"
		}
		return inWords(v.Elem())
	case reflect.String:
		return fmt.Sprintf("%q", v.Interface())
	case reflect.Struct:
		if _, isText := v.Interface().(fmt.Stringer); !isText {
			return "another value"
		}
	}
	return cmp.Or(fmt.Sprint(v.Interface()), "none")
}
