// Package spelling finds the name that a misspelled one probably stands for.
package spelling

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nearest returns the candidate that name is probably a misspelling of, or "". It compares
// letters only: the case, punctuation, spaces and the number at the end don't count. Names
// of more than 8 letters may differ in two places. Shorter ones may differ in one place
// other than their first letter, because Season is not a misspelling of Reason.
func Nearest(name string, candidates []string) string {
	best, distance := "", 3
	stem, digits := stemOf(name)
	for _, candidate := range candidates {
		other, otherDigits := stemOf(candidate)
		limit := 1
		if utf8.RuneCountInString(other) > 8 {
			limit = 2
		}
		d := editDistance([]rune(stem), []rune(other), limit)
		if d > limit || limit == 1 && d == 1 && firstRune(stem) != firstRune(other) {
			continue
		}
		// Of several names with the same stem, the one with the same number is nearest.
		if d < distance || d == distance && digits == otherDigits {
			best, distance = candidate, d
		}
	}
	return best
}

// stemOf returns the letters and digits of a name in lower case, without the number at its
// end, and that number.
func stemOf(name string) (stem, digits string) {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	stem = strings.TrimRight(letters, "0123456789")
	return stem, letters[len(stem):]
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// editDistance returns the number of letters that must be inserted, deleted, replaced or
// swapped with their neighbor to make b of a. If it is more than limit, the result is any
// number above limit.
func editDistance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	// The last three rows of the table of distances.
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1])
			if a[i-1] != b[j-1] {
				current[j] = min(previous[j], current[j-1], previous[j-1]) + 1
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
