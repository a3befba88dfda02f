package spreadsheet

import (
	"iter"
	"strings"
)

// NumberFormat is the way in which the numbers of a file are written.
type NumberFormat struct {
	// Separator is the decimal separator, "." or ",", or empty if the numbers contradict each
	// other or have no decimal places.
	Separator string
	// Requested reports whether someone named the separator. Otherwise it was detected.
	Requested bool
}

// IsSeparator reports whether s is a decimal separator.
func IsSeparator(s string) bool { return otherSeparator[s] != "" }

// DetectNumberFormat returns the format with the decimal separator that all numbers agree on.
func DetectNumberFormat(numbers iter.Seq[string]) (f NumberFormat) {
	found := make(map[string]bool)
	for text := range numbers {
		if n, ok := parseNumber(text); ok && n.certain {
			found[n.separator] = true
		}
	}
	if len(found) == 1 {
		for separator := range found {
			f.Separator = separator
		}
	}
	return f
}

// Normalize returns a number with a decimal point and without separators of thousands. It
// reports whether the number can be read in one way only. It returns a text that is not a
// number as it is.
func (f NumberFormat) Normalize(text string) (number string, ok bool) {
	n, ok := parseNumber(text)
	switch {
	case !ok:
		return text, true
	case n.certain && n.separator == f.Separator, !n.certain && f.Requested, !n.certain && n.separator == f.Separator:
		text = strings.ReplaceAll(text, otherSeparator[f.Separator], "")
		return strings.Replace(text, f.Separator, ".", 1), true
	case n.certain && f.Separator == "" && n.separator == "." && !n.grouped:
		return text, true // a decimal point is the protocol's
	}
	return "", false
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
// number.
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
