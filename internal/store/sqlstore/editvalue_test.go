package sqlstore_test

import (
	"slices"
	"strings"
)

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func isZero(value any) bool {
	switch v := value.(type) {
	case int64:
		return v == 0
	case string:
		return v == ""
	case []byte:
		return len(v) == 0
	}
	return true
}

func (c tableColumn) zero() any {
	switch {
	case strings.Contains(c.kind, "int"):
		return int64(0)
	case strings.EqualFold(c.kind, "text"):
		return ""
	}
	return []byte{}
}

// other returns a value that differs from the given one.
func (c tableColumn) other(value any) any {
	switch v := value.(type) {
	case int64:
		return v + 1
	case string:
		return v + "x"
	case []byte:
		if len(v) > 0 {
			v = slices.Clone(v)
			v[len(v)/2] ^= 1
			return v
		}
		return []byte("x")
	}
	switch zero := c.zero().(type) {
	case int64:
		return int64(7)
	case string:
		return zero + "x"
	}
	return []byte("x")
}
