package dialect

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding is an encoding of text.
type Encoding int

// The encodings.
const (
	UTF8 Encoding = iota
	UTF16LE
	UTF16BE
	Windows1252
)

var encodingNames = [...]string{UTF8: "UTF-8", UTF16LE: "UTF-16LE", UTF16BE: "UTF-16BE", Windows1252: "Windows-1252"}

func (e Encoding) String() string { return encodingNames[e] }

// sample is the number of bytes in which zeros are counted.
const sample = 1024

// detectEncoding returns the encoding of a text, and whether the text begins with a byte order
// mark.
func detectEncoding(content []byte) (e Encoding, bom bool) {
	switch {
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		return UTF8, true
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		return UTF16LE, true
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		return UTF16BE, true
	}
	var zeros [2]int
	begin := content[:min(len(content), sample)]
	for i, b := range begin {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch quarter := len(begin) / 4; {
	case zeros[1] > quarter && zeros[0] == 0:
		return UTF16LE, false
	case zeros[0] > quarter && zeros[1] == 0:
		return UTF16BE, false
	case isWindows1252(content):
		return Windows1252, false
	}
	return UTF8, false
}

// isWindows1252 reports whether a text is not UTF-8, but could be Windows-1252. A text with
// letters in UTF-8 is damaged UTF-8 instead.
func isWindows1252(content []byte) bool {
	invalid := false
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		switch {
		case r == 0:
			return false
		case r == utf8.RuneError && size == 1:
			if charmap.Windows1252.DecodeByte(content[0]) == utf8.RuneError || unicode.IsControl(charmap.Windows1252.DecodeByte(content[0])) {
				return false
			}
			invalid = true
		case size > 1:
			return false
		}
		content = content[size:]
	}
	return invalid
}

// decode returns a text in UTF-8, with its byte order mark. What is not a letter of the
// encoding becomes a byte that is invalid in UTF-8, so that no one takes it for one.
func (e Encoding) decode(content []byte) string {
	var text strings.Builder
	switch e {
	case Windows1252:
		text.Grow(len(content) + len(content)/8)
		for _, b := range content {
			text.WriteRune(charmap.Windows1252.DecodeByte(b))
		}
	case UTF16LE, UTF16BE:
		e.decodeUTF16(&text, content)
	default:
		text.Write(content)
	}
	return text.String()
}

// invalidByte is a byte that no text in UTF-8 has.
const invalidByte = 0xff

func (e Encoding) decodeUTF16(text *strings.Builder, content []byte) {
	text.Grow(len(content))
	unit := binary.LittleEndian.Uint16
	if e == UTF16BE {
		unit = binary.BigEndian.Uint16
	}
	for ; len(content) >= 2; content = content[2:] {
		r := rune(unit(content))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if len(content) >= 4 {
				low = rune(unit(content[2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				text.WriteByte(invalidByte)
				continue
			}
			content = content[2:]
		}
		text.WriteRune(r)
	}
	if len(content) > 0 {
		text.WriteByte(invalidByte)
	}
}

// Append appends a text in the encoding, without a byte order mark. A letter that
// Windows-1252 doesn't have becomes a question mark.
func (e Encoding) Append(dst []byte, text string) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch e {
		case UTF16LE:
			dst = appendUTF16(dst, r, binary.LittleEndian)
		case UTF16BE:
			dst = appendUTF16(dst, r, binary.BigEndian)
		case Windows1252:
			b, ok := charmap.Windows1252.EncodeRune(r)
			if !ok {
				b = '?'
			}
			dst = append(dst, b)
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}

func appendUTF16(dst []byte, r rune, order binary.AppendByteOrder) []byte {
	for _, unit := range utf16.AppendRune(nil, r) {
		dst = order.AppendUint16(dst, unit)
	}
	return dst
}
