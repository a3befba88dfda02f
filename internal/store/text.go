package store

import "strings"

// CleanText returns s in the form that every database accepts: invalid UTF-8 is replaced
// by U+FFFD, and NUL, which PostgreSQL rejects, is removed.
func CleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
