package ids

import "crypto/sha256"

// Hash is a SHA-256 hash.
type Hash [sha256.Size]byte

// ChainPosition is the position of an update in the hash chain of its action.
type ChainPosition struct {
	// Number is unique in the account. Numbers only grow.
	Number int64
	Hash   Hash
}
