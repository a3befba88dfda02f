package store

import "strings"

// Text answers as much of a text as every store can keep: in valid UTF-8, and without
// NUL, for which PostgreSQL has no place.
func Text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
