package batchfile

import (
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// numberFormat is the decimal separator of a file.
type numberFormat struct {
	// separator is "." or ",", or empty if the numbers contradict each other or have no
	// decimal places.
	separator string
	// requested reports whether the caller named the separator. Otherwise it was detected.
	requested bool
}

// number is a number as it was written.
type number struct {
	// separator is the decimal separator if it is certain, and otherwise the separator in
	// the number, which may be one of thousands, as in 1.500.
	separator string
	certain   bool
	// grouped reports whether a certain number has separators of thousands.
	grouped bool
}

// otherSeparator maps each separator to the other one.
var otherSeparator = map[string]string{".": ",", ",": "."}

// parseNumber describes a number. If ok is false, the text has no separator or is not a
// number, and the decoder reads it.
func parseNumber(text string) (n number, ok bool) {
	digits := strings.TrimLeft(strings.TrimSpace(text), "+-")
	if strings.Trim(digits, "0123456789.,") != "" {
		return number{}, false
	}
	last := strings.LastIndexAny(digits, ".,")
	if last < 0 {
		return number{}, false
	}
	separator, whole, fraction := digits[last:last+1], digits[:last], digits[last+1:]
	switch other := otherSeparator[separator]; {
	case strings.Contains(whole, other):
		return number{separator, true, true}, isGrouped(whole, other)
	case strings.Contains(whole, separator):
		return number{other, true, true}, isGrouped(digits, separator)
	default:
		// Thousands have three digits, and one to three before them, of which the first is not 0.
		ambiguous := len(fraction) == 3 && isGrouped(digits, separator) && whole[0] != '0'
		return number{separator, !ambiguous, false}, true
	}
}

// isGrouped reports whether digits are groups of three, of which the first can be shorter.
func isGrouped(digits, separator string) bool {
	for i, group := range strings.Split(digits, separator) {
		if len(group) != 3 && (i > 0 || len(group) == 0 || len(group) > 3) || strings.ContainsAny(group, ".,") {
			return false
		}
	}
	return true
}

// detectFormat sets the decimal separator that all numbers of the file agree on, unless
// the caller named it.
func (f *parsedFile) detectFormat(requested string) {
	if requested != "" {
		f.format = numberFormat{requested, true}
		return
	}
	found := make(map[string]bool)
	for _, r := range f.rows {
		for _, c := range r.cells {
			if !f.numeric[c.column] {
				continue
			}
			if n, ok := parseNumber(c.text); ok && n.certain {
				found[n.separator] = true
			}
		}
	}
	if len(found) == 1 {
		for separator := range found {
			f.format.separator = separator
		}
	}
}

// decimal returns the number in a cell with a decimal point and without separators of
// thousands. The error is a [*wire.Error] if the number can be read in two ways.
func (f *parsedFile) decimal(c cell) (string, error) {
	n, ok := parseNumber(c.text)
	if !f.numeric[c.column] || !ok {
		return c.text, nil
	}
	separator := f.format.separator
	switch {
	case n.certain && n.separator == separator, !n.certain && f.format.requested, !n.certain && n.separator == separator:
		text := strings.ReplaceAll(c.text, otherSeparator[separator], "")
		return strings.Replace(text, separator, ".", 1), nil
	case n.certain && separator == "" && n.separator == "." && !n.grouped:
		return c.text, nil // a decimal point is the protocol's
	}
	problem := `"` + wire.Excerpt(c.text) + `" may have a decimal comma or a decimal point: `
	if f.format.requested {
		problem = `"` + wire.Excerpt(c.text) + `" contradicts the decimal separator "` + separator + `": `
	}
	return "", wire.Invalid(wire.FieldError{Field: f.columns[c.column], Message: problem +
		`name the one of the file, with --decimal of trueup import or the parameter Decimal`})
}

// checkSeparator returns a [store.UnusableFileError] unless the requested separator is
// empty, a point or a comma.
func checkSeparator(requested string) error {
	if requested != "" && otherSeparator[requested] == "" {
		return store.UnusableFileError("The decimal separator must be . or ,")
	}
	return nil
}
