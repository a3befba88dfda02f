package encode

import "unicode/utf8"

const (
	hexDigits   = "0123456789abcdef"
	replacement = "\uFFFD"
)

// AppendJSON appends s with the escapes of a JSON string, without quotation marks. It
// replaces invalid UTF-8 by U+FFFD.
func AppendJSON(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), replacement...)
				start = i + size
			}
			i += size
			continue
		}
		i++
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i-1]...)
		start = i
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, s[start:]...)
}

// AppendXML appends s with the escapes of XML text and attribute values. It replaces
// characters that XML 1.0 doesn't allow by U+FFFD.
func AppendXML(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		escaped := xmlEscape(r, size)
		if escaped != "" {
			dst = append(append(dst, s[start:i]...), escaped...)
			start = i + size
		}
		i += size
	}
	return append(dst, s[start:]...)
}

// xmlEscape returns the escape of a character, or "" if it needs none.
func xmlEscape(r rune, size int) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&#34;"
	case '\'':
		return "&#39;"
	case '\t':
		return "&#x9;"
	case '\n':
		return "&#xA;"
	case '\r':
		return "&#xD;"
	}
	if r < ' ' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError && size == 1 {
		return replacement
	}
	return ""
}
