package help

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/cli/render"
)

const (
	// defaultWidth is the width of text for a file, and maxWidth the largest width for a terminal.
	defaultWidth = 80
	maxWidth     = 100
	// maxName is the width of the first column beyond which its text has a line of its own.
	maxName = 28
)

// width returns the width of text that is written to w.
func width(w io.Writer) int {
	if n := render.NewTerminal(w).Width; n > 0 {
		return min(n, maxWidth)
	}
	return defaultWidth
}

// wrap returns the words of a text in lines that are at most width wide.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '\n' }) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// row is a name with its text.
type row struct{ name, text string }

// columns returns rows with their texts in a second column, in lines with an indent.
func columns(rows []row, indent, width int) string {
	left := 0
	for _, r := range rows {
		if n := utf8.RuneCountInString(r.name); n <= maxName {
			left = max(left, n)
		}
	}
	left += indent + 2
	var b strings.Builder
	for _, r := range rows {
		line := strings.Repeat(" ", indent) + r.name
		if utf8.RuneCountInString(r.name) > maxName {
			b.WriteString(line + "\n")
			line = ""
		}
		for _, text := range wrap(r.text, max(width-left, maxName)) {
			line += strings.Repeat(" ", max(left-utf8.RuneCountInString(line), 0)) + text
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = ""
		}
	}
	return b.String()
}
