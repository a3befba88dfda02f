package store

import (
	"fmt"
	"slices"
	"time"
)

// Limits of tokens.
const (
	// MaxRequestLimit is the largest rate limit in requests per hour.
	MaxRequestLimit = 1_000_000_000
	// MaxTokenName is the largest length of a name in bytes.
	MaxTokenName = 255
	// MaxRotationOverlap is the longest time for which a secret stays valid after a rotation.
	MaxRotationOverlap = 90 * 24 * time.Hour
)

// TokenRequest describes a token to create.
type TokenRequest struct {
	// Account is the account that the token acts for, or [Operator] for the admin API.
	Account int64
	Name    string
	Version int
	// Scopes lists the permissions, which must be elements of [Scopes]. If it is empty, the
	// token has [ScopeAll]. It must be empty for [Operator].
	Scopes []string
	// ReadOnly gives the token [ScopeRead]. It excludes Scopes and [Operator].
	ReadOnly bool
	// Limit is the rate limit in requests per hour; 0 means none.
	Limit int
	// Strict is like [Token.Strict].
	Strict bool
	// Expires is the time of expiry, or zero.
	Expires time.Time
}

// Issue returns a new token and its secret. The error names an invalid field and is meant
// for operators.
func (r TokenRequest) Issue(now time.Time) (t Token, secret string, err error) {
	t = Token{
		SID: NewSID(), Account: r.Account, Name: CleanText(r.Name), Version: r.Version, Limit: r.Limit,
		Strict: r.Strict, Created: now.UTC(), Expires: r.Expires,
	}
	if t.Scopes, err = r.scopes(); err != nil {
		return Token{}, "", err
	}
	switch {
	case len(r.Name) > MaxTokenName:
		return Token{}, "", fmt.Errorf("name: has %d bytes, at most %d", len(r.Name), MaxTokenName)
	case r.Limit < 0 || r.Limit > MaxRequestLimit:
		return Token{}, "", fmt.Errorf("limit %d: from 0, for none, to %d requests an hour", r.Limit, MaxRequestLimit)
	case !r.Expires.IsZero() && !r.Expires.After(now):
		return Token{}, "", fmt.Errorf("expires %s: must be in the future", r.Expires.Format(time.RFC3339))
	}
	secret, t.Hash = NewSecret()
	return t, secret, nil
}

func (r TokenRequest) scopes() ([]Scope, error) {
	switch {
	case r.Account == Operator && (len(r.Scopes) > 0 || r.ReadOnly):
		return nil, fmt.Errorf("scopes: a token of the operator has the scope %s alone", ScopeAdmin)
	case r.Account == Operator:
		return []Scope{ScopeAdmin}, nil
	case r.ReadOnly && len(r.Scopes) > 0:
		return nil, fmt.Errorf("scopes: name them or ask for a read-only token, not both")
	case r.ReadOnly:
		return []Scope{ScopeRead}, nil
	case len(r.Scopes) == 0:
		return []Scope{ScopeAll}, nil
	}
	scopes, err := parseScopes(r.Scopes)
	if err == nil && slices.Contains(scopes, ScopeAll) {
		scopes = []Scope{ScopeAll}
	}
	return scopes, err
}
