package batchfile

import (
	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// detectFormat sets the decimal separator that all numbers of the file agree on, unless
// the caller named it.
func (f *parsedFile) detectFormat(requested string) {
	if requested != "" {
		f.format = spreadsheet.NumberFormat{Separator: requested, Requested: true}
		return
	}
	if f.dialect.IsSheet() { // the decimal point is that of dialect.Decode
		f.format = spreadsheet.NumberFormat{Separator: ".", Requested: true}
		return
	}
	f.format = spreadsheet.DetectNumberFormat(func(yield func(string) bool) {
		for _, r := range f.rows {
			for _, c := range r.cells {
				if f.numeric[c.column] && !yield(c.text) {
					return
				}
			}
		}
	})
}

// decimal returns the number in a cell with a decimal point and without separators of
// thousands. The error is a [*wire.Error] if the number can be read in two ways.
func (f *parsedFile) decimal(c cell) (string, error) {
	if !f.numeric[c.column] {
		return c.text, nil
	}
	text, ok := f.format.Normalize(c.text)
	if ok {
		return text, nil
	}
	problem := `"` + wire.Excerpt(c.text) + `" may have a decimal comma or a decimal point: `
	if f.format.Requested {
		problem = `"` + wire.Excerpt(c.text) + `" contradicts the decimal separator "` + f.format.Separator + `": `
	}
	return "", wire.Invalid(wire.FieldError{Field: f.columns[c.column], Message: problem +
		`name the one of the file, with --decimal of trueup import or the parameter Decimal`})
}

// errSheetSeparator refuses a decimal comma for a workbook. It would turn 1.234 into 1234.
const errSheetSeparator = store.UnusableFileError("The numbers of an Excel workbook have a decimal point, whatever Excel shows: leave out the decimal separator, or save the file as CSV")

// checkSeparator returns a [store.UnusableFileError] unless the requested separator is
// empty, a point or a comma.
func checkSeparator(requested string) error {
	if requested != "" && !spreadsheet.IsSeparator(requested) {
		return store.UnusableFileError("The decimal separator must be . or ,")
	}
	return nil
}
