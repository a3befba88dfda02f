package webhook

import (
	"strings"
	"testing"
)

func TestCleanKeepsStorableText(t *testing.T) {
	for message, want := range map[string]string{
		"EOF":                               "EOF",
		"a\x00b\xffc":                       "ab\uFFFDc",
		strings.Repeat("x", 300):            strings.Repeat("x", 200),
		"x" + strings.Repeat("\u00e9", 150): "x" + strings.Repeat("\u00e9", 99),
	} {
		if got := clean(message); got != want {
			t.Errorf("clean(%q) = %q, want %q", message, got, want)
		}
	}
}
