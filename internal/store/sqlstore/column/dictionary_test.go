package column_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

var dictionary = column.NewDictionary([]string{`{"a":`, `,"b":"`}, []string{`"b":"text`, "x"})

func TestDictionaryExpandsWhatItShortened(t *testing.T) {
	for name, text := range map[string]string{
		"an empty text":           "",
		"only fragments":          `{"a":,"b":"x`,
		"fragments and values":    `{"a":1,"b":"text"}`,
		"no fragment":             "ABC",
		"a part of a fragment":    `{"a"`,
		"every control character": strings.Join(strings.Split("\x01\x02\x03\x1d\x1e!\x1e\x1f\x1f\x01", ""), "x"),
		"bytes that are no UTF-8": "\xff\xfe{\"a\":",
	} {
		t.Run(name, func(t *testing.T) {
			if got := dictionary.Expand(dictionary.Shorten(text)); got != text {
				t.Errorf("got %q, want %q", got, text)
			}
		})
	}
}

func TestDictionaryStoresFragmentsAsTheirCodes(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":"c"}`: "\x011\x02c\"}",
		`["b":"text"]`:    "[\x1e!\"]", // the longest fragment
		"x":               "\x1e\"",
		"\x01":            "\x1f\x01",
	} {
		if got := dictionary.Shorten(text); got != want {
			t.Errorf("%q is stored as %q, want %q", text, got, want)
		}
	}
}

func TestDictionaryReadsTextsOfOlderPrograms(t *testing.T) {
	if text := `{"a":1,"b":"c"}`; dictionary.Expand(text) != text {
		t.Errorf("got %q", dictionary.Expand(text))
	}
}

func FuzzDictionary(f *testing.F) {
	f.Add(`{"a":1,"b":"text"}`)
	f.Add("\x1f\x1e!\x01")
	f.Fuzz(func(t *testing.T, text string) {
		if got := dictionary.Expand(dictionary.Shorten(text)); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	})
}
