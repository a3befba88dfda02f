package encode_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
)

// FuzzEscaping checks that every text survives a round trip in both formats, except for
// characters that a format does not allow.
func FuzzEscaping(f *testing.F) {
	f.Add("plain")
	f.Add("\x00\x1f\t\n\r\"\\<>&'\u2028\ufffe\U0001F600\x7f\xff\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, text string) {
		invalid := &wire.Error{Status: 400, Fields: []wire.FieldError{{Field: text, Message: text}}}
		e := encode.Encoder{Format: wire.JSON, Version: 14, SID: sid}
		var object struct{ Errors []wire.FieldError }
		raw := e.AppendError(nil, invalid)
		if err := json.Unmarshal(raw, &object); err != nil || !utf8.Valid(raw) {
			t.Fatalf("%q: %v", raw, err)
		}
		if want := replaceInvalid(text); object.Errors[0].Message != want {
			t.Fatalf("%q becomes %q in JSON, want %q", text, object.Errors[0].Message, want)
		}
		e.Format = wire.XML
		var document struct {
			Errors struct{ Error []wire.FieldError }
		}
		raw = e.AppendError(nil, invalid)
		if err := xml.Unmarshal(raw, &document); err != nil || !utf8.Valid(raw) {
			t.Fatalf("%q: %v", raw, err)
		}
		if want := replaceInvalidXML(text); document.Errors.Error[0].Field != want {
			t.Fatalf("%q becomes %q in XML, want %q", text, document.Errors.Error[0].Field, want)
		}
	})
}

// replaceInvalid returns s with U+FFFD in place of each byte that is not UTF-8.
func replaceInvalid(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}

// replaceInvalidXML returns s with U+FFFD in place of each character that XML 1.0 does not allow.
func replaceInvalidXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return utf8.RuneError
	}, s)
}
