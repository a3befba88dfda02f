package store

import (
	"path"
	"strings"
)

// CleanText returns s in the form that every database accepts: invalid UTF-8 is replaced
// by U+FFFD, and NUL, which PostgreSQL rejects, is removed.
func CleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// MaxFileName is the maximum length of the name of a batch file in characters.
const MaxFileName = 255

// FileName returns the name under which a server stores a batch file: the last element of the path
// that was sent, cut to [MaxFileName].
func FileName(sent string) string {
	name := []rune(CleanText(path.Base(strings.ReplaceAll(sent, `\`, "/"))))
	return string(name[:min(len(name), MaxFileName)])
}
