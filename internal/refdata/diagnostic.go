package refdata

import (
	"fmt"
	"slices"
	"strings"
)

// MaxDiagnostics is the maximum number of errors that are reported for a file. Further
// errors are only counted.
const MaxDiagnostics = 100

// Diagnostic is one error in a file.
type Diagnostic struct {
	// Line and Column count from 1, the column in characters.
	Line, Column int
	// Key is the key with the invalid value, or "".
	Key string
	// Message is a sentence that names the remedy.
	Message string
}

// FileError is the error for an invalid file.
type FileError struct {
	File        string
	Diagnostics []Diagnostic
	// More is the number of errors beyond MaxDiagnostics.
	More int
}

// Error returns a line "file:line:column: key: message" for each error.
func (f *FileError) Error() string {
	lines := make([]string, 0, len(f.Diagnostics)+1)
	for _, d := range f.Diagnostics {
		key := ""
		if d.Key != "" {
			key = d.Key + ": "
		}
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s%s", f.File, d.Line, d.Column, key, d.Message))
	}
	if f.More > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", f.File, f.More))
	}
	return strings.Join(lines, "\n")
}

// position is the position of a value or key in a file.
type position struct {
	line, column int
	key          string
}

// add adds an error unless f has it already: a mapping is read again for each alias.
func (f *FileError) add(pos position, format string, args ...any) {
	d := Diagnostic{pos.line, pos.column, pos.key, fmt.Sprintf(format, args...)}
	switch {
	case slices.Contains(f.Diagnostics, d):
	case len(f.Diagnostics) == MaxDiagnostics:
		f.More++
	default:
		f.Diagnostics = append(f.Diagnostics, d)
	}
}

// orNil sorts the errors by position and returns f, or nil if there are none.
func (f *FileError) orNil() error {
	if len(f.Diagnostics) == 0 {
		return nil
	}
	slices.SortStableFunc(f.Diagnostics, func(a, b Diagnostic) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return f
}
