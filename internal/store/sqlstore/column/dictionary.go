package column

import (
	"fmt"
	"slices"
	"strings"
)

// Dictionary shortens texts that repeat the same fragments, such as JSON and query strings
// with the same names in every row. Each fragment is stored as a code of one or two control
// characters, which such texts don't contain. So a text without codes, as an older program
// stored it, stands for itself. Codes are stored: fragments are only added, at the end.
type Dictionary struct{ shorten, expand *strings.Replacer }

// Control characters with a meaning of their own. All others are codes of one character.
const (
	firstCode = 0x01
	prefix    = 0x1e // begins a code of two characters
	literal   = 0x1f // precedes a control character of the text
)

// NewDictionary returns the dictionary with the given fragments. The codes of common
// fragments have one character, those of others two.
func NewDictionary(common, others []string) *Dictionary {
	if len(common) > prefix-firstCode || len(others) > '~'-'!' {
		panic("column: a dictionary has too many fragments")
	}
	codes := make(map[string]string)
	for i, fragment := range common {
		codes[fragment] = string(rune(firstCode + i))
	}
	for i, fragment := range others {
		codes[fragment] = string([]rune{prefix, rune('!' + i)})
	}
	fragments := slices.Concat(common, others)
	// Of several fragments that match, the longest must come first.
	slices.SortFunc(fragments, func(a, b string) int { return len(b) - len(a) })
	var shorten, expand []string
	for _, fragment := range fragments {
		shorten, expand = append(shorten, fragment, codes[fragment]), append(expand, codes[fragment], fragment)
	}
	for c := rune(firstCode); c <= literal; c++ {
		escaped := string([]rune{literal, c})
		shorten, expand = append(shorten, string(c), escaped), append(expand, escaped, string(c))
	}
	if len(codes) != len(fragments) {
		panic(fmt.Sprintf("column: %d of %d fragments are listed twice", len(fragments)-len(codes), len(fragments)))
	}
	return &Dictionary{strings.NewReplacer(shorten...), strings.NewReplacer(expand...)}
}

// Shorten returns the text to store.
func (d *Dictionary) Shorten(text string) string { return d.shorten.Replace(text) }

// Expand returns the text that was stored, shortened or as it is.
func (d *Dictionary) Expand(stored string) string { return d.expand.Replace(stored) }
