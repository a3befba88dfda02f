// Package spreadsheet writes cells of CSV files that people open in spreadsheets, and reads the
// numbers of files that they saved.
package spreadsheet

import "strings"

// AppendCell appends a text as a cell of RFC 4180. A text that a spreadsheet would run as a
// formula is preceded by an apostrophe.
func AppendCell(dst []byte, text string) []byte {
	if text == "" {
		return dst
	}
	escape := runs(text)
	if !escape && !strings.ContainsAny(text, "\",\r\n") {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	if escape {
		dst = append(dst, '\'')
	}
	for {
		before, after, found := strings.Cut(text, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst, text = append(dst, `""`...), after
	}
}

// runs reports whether a spreadsheet would run a text as a formula, or text is one that was
// escaped already. So a reader gets every text back by removing the first apostrophe of a
// cell for which runs reports true.
func runs(text string) bool {
	text = strings.TrimLeft(text, "'")
	return text != "" && strings.IndexByte("=+-@\t\r", text[0]) >= 0
}
