package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Operator stands in for an account in tokens of whoever runs the program. No
// account has this id.
const Operator int64 = 0

// Tokens are what callers prove themselves with.
type Tokens interface {
	// Token answers the token with the SID, or ErrNotFound.
	Token(ctx context.Context, sid string) (Token, error)
	// ListTokens answers an account's tokens, oldest first; account 0 means all.
	ListTokens(ctx context.Context, account int64) ([]Token, error)
	// SaveToken creates the token or replaces the one with its SID, at the deed's
	// instant. One that is disabled stays so, since when it is: who changes a token
	// while another disables it does not open it again.
	SaveToken(ctx context.Context, t Token, d AuditEvent) error
	// ChangeToken replaces the token with the SID by what change makes of it, in one
	// commit: what others change meanwhile is not lost. An error of change is passed
	// on and nothing is kept; an unknown SID is ErrNotFound.
	ChangeToken(ctx context.Context, sid string, d AuditEvent, change func(Token) (Token, error)) (Token, error)
}

// Token lets a caller act for an account. The secret itself is kept nowhere.
type Token struct {
	SID string
	// Account is the one to act for, or [Operator].
	Account int64
	Name    string
	// Hash is SHA-256 of the secret, which is more than 256 random bits: it needs no
	// salt and no slow hash.
	Hash ledger.Hash
	// OldHash is that of the secret before, which opens too until OldUntil; both are
	// zero in a token that was never rotated.
	OldHash  ledger.Hash
	OldUntil time.Time
	// Version is the wire's version for callers that name none.
	Version int
	// Scopes are what the caller may do; none is nothing.
	Scopes []Scope
	// Limit is how many requests the account may make within an hour before this
	// token is refused; 0 is no limit of its own.
	Limit   int
	Created time.Time
	// Expires is the instant from which on no secret opens; zero is never.
	Expires  time.Time
	Disabled time.Time
}

// String answers what a deed says of the token, which is no secret.
func (t Token) String() string {
	text := fmt.Sprintf("%q, version %d, scopes %s", t.Name, t.Version, JoinScopes(t.Scopes, " "))
	if t.Limit > 0 {
		text += fmt.Sprintf(", %d requests an hour", t.Limit)
	}
	for _, until := range []struct {
		what string
		at   time.Time
	}{{"expires", t.Expires}, {"the secret before opens until", t.OldUntil}} {
		if !until.at.IsZero() {
			text += fmt.Sprintf(", %s %s", until.what, until.at.UTC().Format(time.RFC3339))
		}
	}
	return text
}

// NewSID answers a new random SID: "IR" and 32 letters or digits.
func NewSID() string { return "IR" + (rand.Text() + rand.Text())[:32] }

// NewSecret answers a new random secret, to be shown once, and the hash to keep.
func NewSecret() (secret string, hash ledger.Hash) {
	secret = rand.Text() + rand.Text()
	return secret, sha256.Sum256([]byte(secret))
}

// Authenticate answers the token that the SID and the secret open now. If they
// open none it is ErrNotFound, for whichever reason.
func Authenticate(ctx context.Context, tokens Tokens, sid, secret string, now time.Time) (Token, error) {
	t, err := tokens.Token(ctx, sid)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return Token{}, err
	}
	if opens := t.opens(secret, now); !opens || err != nil { // an unknown SID is compared too
		return Token{}, ledger.ErrNotFound
	}
	return t, nil
}

// opens reports whether the secret is the token's now. Both hashes are compared
// in constant time, always: how long it takes tells nothing.
func (t Token) opens(secret string, now time.Time) bool {
	hash := ledger.Hash(sha256.Sum256([]byte(secret)))
	is := subtle.ConstantTimeCompare(hash[:], t.Hash[:])
	was := subtle.ConstantTimeCompare(hash[:], t.OldHash[:])
	if !now.Before(t.OldUntil) {
		was = 0
	}
	return is|was == 1 && !t.Expired(now)
}

// Expired reports whether no secret opens the token any more.
func (t Token) Expired(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// May reports whether the token's scopes include one of a resource.
func (t Token) May(s Scope) bool {
	return t.Account != Operator && slices.ContainsFunc(t.Scopes, func(has Scope) bool { return has.includes(s) })
}

// Administers reports whether the token opens the admin API.
func (t Token) Administers() bool {
	return t.Account == Operator && slices.Contains(t.Scopes, ScopeAdmin)
}

// Rotate answers the token with another secret's hash. The secret it had opens
// until the instant given; the one before that no longer does.
func (t Token) Rotate(hash ledger.Hash, until time.Time) Token {
	t.OldHash, t.OldUntil = t.Hash, until
	t.Hash = hash
	return t
}

// Faults of changing a token, fit for the operator.
var (
	ErrTokenDisabled = errors.New("the token is disabled: create another")
	ErrTokenExpired  = errors.New("the token has expired: set another date first")
)

// Rotated answers a change that gives a token that opens now another secret's hash;
// the one it has opens for the overlap too.
func Rotated(hash ledger.Hash, now time.Time, overlap time.Duration) func(Token) (Token, error) {
	return func(t Token) (Token, error) {
		switch {
		case !t.Disabled.IsZero():
			return Token{}, ErrTokenDisabled
		case t.Expired(now):
			return Token{}, ErrTokenExpired
		}
		return t.Rotate(hash, now.Add(overlap).UTC()), nil
	}
}
