package store

import (
	"fmt"
	"slices"
	"time"
)

// Limits of tokens.
const (
	// MaxLimit is the largest limit of requests an hour.
	MaxLimit = 1_000_000_000
	// MaxTokenName is in bytes.
	MaxTokenName = 255
	// MaxOverlap is how long a secret can open after it was replaced.
	MaxOverlap = 90 * 24 * time.Hour
)

// Grant says what a new token is to be.
type Grant struct {
	// Account is the one to act for, or [Operator] for the admin API.
	Account int64
	Name    string
	Version int
	// Scopes are texts of [Scopes]; none stands for everything, or with ReadOnly for
	// everything to be read. A token of the operator has none but admin.
	Scopes   []string
	ReadOnly bool
	// Limit is in requests an hour; 0 is none.
	Limit int
	// Expires is zero for never.
	Expires time.Time
}

// Token makes the token and the secret that opens it. An error names what is wrong
// with the grant, fit for whoever asked.
func (g Grant) Token(now time.Time) (t Token, secret string, err error) {
	t = Token{
		SID: NewSID(), Account: g.Account, Name: Text(g.Name), Version: g.Version, Limit: g.Limit,
		Created: now.UTC(), Expires: g.Expires,
	}
	if t.Scopes, err = g.scopes(); err != nil {
		return Token{}, "", err
	}
	switch {
	case len(g.Name) > MaxTokenName:
		return Token{}, "", fmt.Errorf("name: has %d bytes, at most %d", len(g.Name), MaxTokenName)
	case g.Limit < 0 || g.Limit > MaxLimit:
		return Token{}, "", fmt.Errorf("limit %d: from 0, for none, to %d requests an hour", g.Limit, MaxLimit)
	case !g.Expires.IsZero() && !g.Expires.After(now):
		return Token{}, "", fmt.Errorf("expires %s: must be in the future", g.Expires.Format(time.RFC3339))
	}
	secret, t.Hash = NewSecret()
	return t, secret, nil
}

func (g Grant) scopes() ([]Scope, error) {
	switch {
	case g.Account == Operator && (len(g.Scopes) > 0 || g.ReadOnly):
		return nil, fmt.Errorf("scopes: a token of the operator has the scope %s alone", ScopeAdmin)
	case g.Account == Operator:
		return []Scope{ScopeAdmin}, nil
	case g.ReadOnly && len(g.Scopes) > 0:
		return nil, fmt.Errorf("scopes: name them or ask for a read-only token, not both")
	case g.ReadOnly:
		return []Scope{ScopeRead}, nil
	case len(g.Scopes) == 0:
		return []Scope{ScopeAll}, nil
	}
	scopes, err := ParseScopes(g.Scopes)
	if err == nil && slices.Contains(scopes, ScopeAll) {
		scopes = []Scope{ScopeAll}
	}
	return scopes, err
}
