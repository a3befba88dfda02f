package store

import "strings"

// CleanText returns a text in the form that every store can hold: invalid UTF-8 is replaced
// by U+FFFD, and NUL, which PostgreSQL rejects, is removed.
func CleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
