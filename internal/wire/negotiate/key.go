package negotiate

import (
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// maxKey is the maximum length of an idempotency key in characters.
const maxKey = 255

// IdempotencyKey returns the key in the values of [wire.IdempotencyKeyHeader], or "" if
// there are none. The error is an [*wire.Error].
func IdempotencyKey(values []string) (string, error) {
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1:
		return "", wire.Invalid(wire.FieldError{Field: wire.IdempotencyKeyHeader, Message: "Given more than once: send one"})
	}
	key := values[0]
	if n := utf8.RuneCountInString(key); n == 0 || n > maxKey || !printable(key) {
		return "", wire.Invalid(wire.FieldError{Field: wire.IdempotencyKeyHeader, Message: "Must have 1 to 255 printable characters: leave it out if you have no key"})
	}
	return key, nil
}

func printable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}
