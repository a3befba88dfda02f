package batchfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// maxMisspelled bounds the columns that an error names.
const maxMisspelled = 5

// checkSpelling returns a [store.UnusableFileError] if columns are unknown, but close to a
// known name. Their values would be ignored, and a price would be lost.
func (t *table) checkSpelling() error {
	var questions []string
	for _, name := range t.columns {
		if wire.IsCommandParameter(name) || isErrorColumn(name) {
			continue
		}
		if nearest := wire.NearestParameter(name); nearest != "" && len(questions) < maxMisspelled {
			questions = append(questions, fmt.Sprintf("%q is unknown: did you mean %s?", name, nearest))
		}
	}
	if len(questions) == 0 {
		return nil
	}
	return store.UnusableFileError("Column " + strings.Join(questions, " Column ") + " Rename or remove it")
}

// describe returns how the file was understood, as in "semicolons, Windows-1252, 12 columns".
func (f *parsedFile) describe() string {
	text := fmt.Sprintf("%s, %d columns", f.dialect, len(f.columns))
	if len(f.columns) == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	if f.dialect.Separator == "" {
		return "XML, " + text
	}
	return text
}

// ignoredColumns returns the columns with values that are no parameters of the rows. A
// column without a name is called by its number.
func (f *parsedFile) ignoredColumns() []string {
	used := make([]bool, len(f.columns))
	for _, r := range f.rows {
		for _, c := range r.cells {
			used[c.column] = true
		}
	}
	var names []string
	for i, name := range f.columns {
		if !used[i] || isErrorColumn(name) || wire.ParametersOf(f.kind).Has(name) {
			continue
		}
		if name == "" {
			name = "column " + strconv.Itoa(i+1)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
