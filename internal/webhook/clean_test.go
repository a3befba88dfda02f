package webhook

import (
	"strings"
	"testing"
)

func TestAFaultIsTextThatEveryStoreCanKeep(t *testing.T) {
	for fault, want := range map[string]string{
		"EOF":                               "EOF",
		"a\x00b\xffc":                       "ab\uFFFDc",
		strings.Repeat("x", 300):            strings.Repeat("x", 200),
		"x" + strings.Repeat("\u00e9", 150): "x" + strings.Repeat("\u00e9", 99),
	} {
		if got := clean(fault); got != want {
			t.Errorf("%q becomes %q, want %q", fault, got, want)
		}
	}
}
