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
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Operator is the account of tokens for the admin API and of audit events that belong to
// no account. No account has this id.
const Operator int64 = 0

// TokenFinder finds tokens.
type TokenFinder interface {
	// Token returns the token with the SID, or [ledger.ErrNotFound].
	Token(ctx context.Context, sid string) (Token, error)
}

// Tokens stores the credentials of callers.
type Tokens interface {
	TokenFinder
	// ListTokens returns the tokens of an account, oldest first. If account is 0, it
	// returns all tokens, including those of [Operator].
	ListTokens(ctx context.Context, account int64) ([]Token, error)
	// SaveToken creates a token or replaces the one with the same SID and account, at the
	// time of e. A disabled token remains disabled since its original time, so that a
	// concurrent change can't enable it again.
	SaveToken(ctx context.Context, t Token, e AuditEvent) error
	// ChangeToken replaces the token with the SID by the result of change, in one commit,
	// so that no concurrent change is lost, and returns the new token. If change returns
	// an error, ChangeToken returns it and changes nothing. It returns
	// [ledger.ErrNotFound] for an unknown SID.
	ChangeToken(ctx context.Context, sid string, e AuditEvent, change func(Token) (Token, error)) (Token, error)
}

// Token lets a caller act for an account. Its secret is not stored.
type Token struct {
	SID string
	// Account is the account to act for, or [Operator].
	Account int64
	Name    string
	// Hash is the SHA-256 hash of the secret. Secrets have more than 256 random bits, so
	// the hash needs no salt and need not be slow.
	Hash ids.Hash
	// OldHash is the hash of the previous secret, which is valid until OldUntil. Both are
	// zero if the token was never rotated.
	OldHash  ids.Hash
	OldUntil time.Time
	// Version is the version of the protocol for requests that name none.
	Version int
	// Scopes lists the permissions. An empty list permits nothing.
	Scopes []Scope
	// Limit is the number of requests per hour that may be made with this token; 0 means
	// that the token sets no limit.
	Limit int
	// Strict makes a parameter that the endpoint doesn't know an error. Otherwise the
	// response names it in a header.
	Strict  bool
	Created time.Time
	// Expires is the time from which no secret is valid, or zero.
	Expires time.Time
	// Disabled is the time at which the token was disabled, or zero.
	Disabled time.Time
}

// String describes the token for the audit log, without secrets.
func (t Token) String() string {
	text := fmt.Sprintf("%q, version %d, scopes %s", t.Name, t.Version, JoinScopes(t.Scopes, " "))
	if t.Limit > 0 {
		text += fmt.Sprintf(", %d requests an hour", t.Limit)
	}
	if t.Strict {
		text += ", strict"
	}
	for _, until := range []struct {
		event string
		at    time.Time
	}{{"expires", t.Expires}, {"previous secret valid until", t.OldUntil}} {
		if !until.at.IsZero() {
			text += fmt.Sprintf(", %s %s", until.event, until.at.UTC().Format(time.RFC3339))
		}
	}
	return text
}

// NewSID returns a new random SID: "IR" and 32 letters or digits.
func NewSID() string { return "IR" + (rand.Text() + rand.Text())[:32] }

// NewSecret returns a new random secret and its hash.
func NewSecret() (secret string, hash ids.Hash) {
	secret = rand.Text() + rand.Text()
	return secret, sha256.Sum256([]byte(secret))
}

// Authenticate returns the token with the SID if the secret is valid now. Otherwise it
// returns [ledger.ErrNotFound], which does not reveal the reason.
func Authenticate(ctx context.Context, tokens TokenFinder, sid, secret string, now time.Time) (Token, error) {
	t, err := tokens.Token(ctx, sid)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return Token{}, err
	}
	// The secret is compared even if the SID is unknown, so that the time reveals nothing.
	if valid := t.matches(secret, now); !valid || err != nil {
		return Token{}, ledger.ErrNotFound
	}
	return t, nil
}

// matches reports whether the secret is valid now. It always compares both hashes, in
// constant time, so that the time reveals nothing.
func (t Token) matches(secret string, now time.Time) bool {
	hash := ids.Hash(sha256.Sum256([]byte(secret)))
	current := subtle.ConstantTimeCompare(hash[:], t.Hash[:])
	old := subtle.ConstantTimeCompare(hash[:], t.OldHash[:])
	if !now.Before(t.OldUntil) {
		old = 0
	}
	return current|old == 1 && !t.Expired(now)
}

// Expired reports whether the token has expired.
func (t Token) Expired(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// Allows reports whether the token has a scope, which must be one of a resource.
func (t Token) Allows(s Scope) bool {
	return t.Account != Operator && slices.ContainsFunc(t.Scopes, func(own Scope) bool { return own.includes(s) })
}

// IsAdmin reports whether the token gives access to the admin API.
func (t Token) IsAdmin() bool {
	return t.Account == Operator && slices.Contains(t.Scopes, ScopeAdmin)
}

// Rotate returns the token with the hash of a new secret. The current secret stays valid
// until the given time; the previous one becomes invalid.
func (t Token) Rotate(hash ids.Hash, until time.Time) Token {
	t.OldHash, t.OldUntil = t.Hash, until
	t.Hash = hash
	return t
}

// Errors of [Rotation], [Expiry] and [Strictness]. Their texts are meant for operators.
var (
	ErrTokenDisabled = errors.New("the token is disabled: create another")
	ErrTokenExpired  = errors.New("the token has expired: set another date first")
)

// Expiry returns a function for [Tokens.ChangeToken] that sets the expiry, or removes it if
// at is zero. The function returns [ErrTokenDisabled] for a disabled token.
func Expiry(at time.Time) func(Token) (Token, error) {
	return func(t Token) (Token, error) {
		if !t.Disabled.IsZero() {
			return Token{}, ErrTokenDisabled
		}
		t.Expires = at
		return t, nil
	}
}

// Strictness returns a function for [Tokens.ChangeToken] that sets [Token.Strict]. The
// function returns [ErrTokenDisabled] for a disabled token.
func Strictness(strict bool) func(Token) (Token, error) {
	return func(t Token) (Token, error) {
		if !t.Disabled.IsZero() {
			return Token{}, ErrTokenDisabled
		}
		t.Strict = strict
		return t, nil
	}
}

// Rotation returns a function for [Tokens.ChangeToken] that calls [Token.Rotate]. The
// current secret stays valid for the overlap. The function returns [ErrTokenDisabled] or
// [ErrTokenExpired] for a token that is no longer valid.
func Rotation(hash ids.Hash, now time.Time, overlap time.Duration) func(Token) (Token, error) {
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
