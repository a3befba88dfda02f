package wire

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Canonical returns a canonical form of a write, to compare requests with the same
// idempotency key. It covers the effective method, the path below the account and the
// parameters. It doesn't depend on the order of the parameters, on the letter case of
// their names, or on whether they came from a query string, a form or JSON. It leaves
// out parameters that affect the response only, such as the version.
func (p *Params) Canonical(method, path string) []byte {
	dst := appendCanonical(appendCanonical(nil, method), path)
	list := slices.SortedFunc(slices.Values(p.list), func(q, r param) int { return cmp.Compare(q.lower, r.lower) })
	for _, q := range list {
		if controlNames[q.lower] {
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

// appendCanonical appends text after its length, so that different lists of texts have
// different forms.
func appendCanonical(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
