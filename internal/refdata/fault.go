package refdata

import (
	"fmt"
	"slices"
	"strings"
)

// MaxFaults is how many faults of one file are told; the rest are counted.
const MaxFaults = 100

// Fault is one thing that is wrong with a file.
type Fault struct {
	// Line and Column count from 1, the column in characters.
	Line, Column int
	// Key is the key at fault, or "".
	Key string
	// Message is one sentence that says what to do.
	Message string
}

// Faults are what is wrong with a file: an error with a line for each.
type Faults struct {
	File string
	List []Fault
	// More is how many there were beyond MaxFaults.
	More int
}

// Error answers a line "file:line:column: key: message" for each fault.
func (f *Faults) Error() string {
	lines := make([]string, 0, len(f.List)+1)
	for _, fault := range f.List {
		key := ""
		if fault.Key != "" {
			key = fault.Key + ": "
		}
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s%s", f.File, fault.Line, fault.Column, key, fault.Message))
	}
	if f.More > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", f.File, f.More))
	}
	return strings.Join(lines, "\n")
}

// place is where in the file a fault is, and of which key.
type place struct {
	line, column int
	key          string
}

// add notes a fault, once: what an alias repeats is read more than once.
func (f *Faults) add(at place, format string, args ...any) {
	fault := Fault{at.line, at.column, at.key, fmt.Sprintf(format, args...)}
	switch {
	case slices.Contains(f.List, fault):
	case len(f.List) == MaxFaults:
		f.More++
	default:
		f.List = append(f.List, fault)
	}
}

// err answers the faults in the order of the file, or nil if there are none.
func (f *Faults) err() error {
	if len(f.List) == 0 {
		return nil
	}
	slices.SortStableFunc(f.List, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return f
}
