package wire

import (
	"cmp"
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Headers of writes that take effect once.
const (
	// KeyHeader carries the key that the caller chose.
	KeyHeader = "Idempotency-Key"
	// ReplayedHeader is "true" on the answer that an earlier request with the key got.
	ReplayedHeader = "Idempotency-Replayed"
)

// Key answers the key in the values of a request's [KeyHeader], "" if there are none.
func Key(values []string) (string, error) {
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1:
		return "", Invalid(Fault{KeyHeader, "Given more than once: send one"})
	}
	key := values[0]
	if n := utf8.RuneCountInString(key); n == 0 || n > maxText || !printable(key) {
		return "", Invalid(Fault{KeyHeader, "Must have 1 to 255 printable characters: leave it out if you have no key"})
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

// Canonical answers a request in the one form that every spelling of it has: the
// method that is meant, the path below the account's root, and all parameters as
// they were sent, whatever their order, the letter case of their names, and
// whether they came as form, JSON or query string. What steers the answer alone,
// as the version does, is no part of it.
func (p *Params) Canonical(method, path string) []byte {
	dst := appendCanonical(appendCanonical(nil, method), path)
	list := slices.SortedFunc(slices.Values(p.list), func(q, r param) int { return cmp.Compare(q.lower, r.lower) })
	for _, q := range list {
		if reserved[q.lower] {
			continue
		}
		values := slices.Compact(slices.Sorted(slices.Values(q.values)))
		dst = binary.AppendUvarint(appendCanonical(dst, q.lower), uint64(len(values)))
		for _, value := range values {
			dst = appendCanonical(dst, value)
		}
	}
	return dst
}

// appendCanonical writes a text behind its length: no two lists of texts look alike.
func appendCanonical(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
