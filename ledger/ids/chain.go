package ids

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Hash is a SHA-256 hash.
type Hash [sha256.Size]byte

// MarshalText returns the hash in hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads the result of MarshalText.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("a hash has %d hexadecimal digits, not %d", hex.EncodedLen(len(h)), len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// HashText is a text to hash. It has a line for each value.
type HashText []byte

// Sum returns the hash of the text.
func (t HashText) Sum() Hash { return sha256.Sum256(t) }

// Strings appends texts. They must not contain line breaks.
func (t HashText) Strings(values ...string) HashText {
	for _, v := range values {
		t = append(append(t, v...), '\n')
	}
	return t
}

// Quoted appends texts as Go strings.
func (t HashText) Quoted(values ...string) HashText {
	for _, v := range values {
		t = append(strconv.AppendQuote(t, v), '\n')
	}
	return t
}

// Ints appends whole numbers.
func (t HashText) Ints(values ...int64) HashText {
	for _, v := range values {
		t = append(strconv.AppendInt(t, v, 10), '\n')
	}
	return t
}

// ChainPosition is the position of an update in the hash chain of its action.
type ChainPosition struct {
	// Number is unique in the account. Numbers only grow.
	Number int64
	Hash   Hash
}
