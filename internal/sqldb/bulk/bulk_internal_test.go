package bulk

import (
	"fmt"
	"testing"
)

func TestNullIsAnArrayElement(t *testing.T) {
	rows := [][]any{{int64(1), "a", []byte("x")}, {int64(1), nil, nil}}
	for kind, test := range map[string]struct {
		column int
		want   string
	}{
		"text":  {1, "[a <nil>]"},
		"bytea": {2, "[[120] <nil>]"},
	} {
		var got []any
		switch values := array(rows, test.column, kind).(type) {
		case []*string:
			for _, v := range values {
				got = append(got, deref(v))
			}
		case []*[]byte:
			for _, v := range values {
				got = append(got, deref(v))
			}
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: the array is %v, want %s", kind, got, test.want)
		}
	}
}

func deref[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
