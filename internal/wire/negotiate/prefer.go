package negotiate

import (
	"strconv"
	"strings"
)

// MaxWait is the longest time, in seconds, that a caller can wait for a submission to
// complete. It replaces longer ones.
const MaxWait = 30

const preferenceWait = "wait"

// PreferredWait returns the number of seconds that a caller prefers to wait, from the
// values of [wire.PreferHeader]. The first wait preference counts (RFC 7240, section 2). If
// it is malformed, the caller has no preference.
func PreferredWait(values []string) (seconds int, preferred bool) {
	if len(values) == 0 {
		return 0, false
	}
	for _, p := range splitOutsideQuotes(strings.Join(values, ","), ',') {
		name, value, _ := strings.Cut(splitOutsideQuotes(p, ';')[0], "=")
		if strings.EqualFold(strings.TrimSpace(name), preferenceWait) {
			return parseWait(strings.TrimSpace(value))
		}
	}
	return 0, false
}

func parseWait(value string) (seconds int, ok bool) {
	if len(value) > 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	if value == "" || strings.Trim(value, "0123456789") != "" {
		return 0, false
	}
	seconds, err := strconv.Atoi(value)
	if err != nil { // too many digits
		return MaxWait, true
	}
	return min(seconds, MaxWait), true
}

// AppliedWait returns the value of [wire.PreferenceAppliedHeader] for a wait of the given number
// of seconds.
func AppliedWait(seconds int) string { return preferenceWait + "=" + strconv.Itoa(seconds) }

// splitOutsideQuotes splits s at each separator outside quoted strings. It returns at least
// one part.
func splitOutsideQuotes(s string, separator byte) (parts []string) {
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			parts, from = append(parts, s[from:i]), i+1
		}
	}
	return append(parts, s[from:])
}
