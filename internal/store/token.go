package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"time"

	trueup "github.com/trueup-ledger/trueup"
)

// Tokens are what callers prove themselves with.
type Tokens interface {
	// Token answers the token with the SID, or ErrNotFound.
	Token(ctx context.Context, sid string) (Token, error)
	// ListTokens answers an account's tokens, oldest first; account 0 means all.
	ListTokens(ctx context.Context, account int64) ([]Token, error)
	// SaveToken creates the token or replaces the one with its SID.
	SaveToken(ctx context.Context, t Token) error
}

// Token lets a caller act for an account. The secret itself is kept nowhere.
type Token struct {
	SID     string
	Account int64
	Name    string
	// Hash is SHA-256 of the secret, which is more than 256 random bits: it needs no
	// salt and no slow hash.
	Hash trueup.Hash
	// Version is the wire's version for callers that name none.
	Version  int
	Created  time.Time
	Disabled time.Time
}

// NewSID answers a new random SID: "IR" and 32 letters or digits.
func NewSID() string { return "IR" + (rand.Text() + rand.Text())[:32] }

// NewSecret answers a new random secret, to be shown once, and the hash to keep.
func NewSecret() (secret string, hash trueup.Hash) {
	secret = rand.Text() + rand.Text()
	return secret, sha256.Sum256([]byte(secret))
}

// Opens reports, in constant time, whether the secret is the token's.
func (t Token) Opens(secret string) bool {
	hash := trueup.Hash(sha256.Sum256([]byte(secret)))
	return subtle.ConstantTimeCompare(hash[:], t.Hash[:]) == 1
}
