package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// tokens is an in-memory [store.Tokens].
type tokens map[string]store.Token

func (t tokens) Token(_ context.Context, sid string) (store.Token, error) {
	token, found := t[sid]
	if !found {
		return store.Token{}, ledger.ErrNotFound
	}
	return token, nil
}
func (tokens) ListTokens(context.Context, int64) ([]store.Token, error) { return nil, nil }
func (t tokens) SaveToken(_ context.Context, token store.Token, _ store.AuditEvent) error {
	t[token.SID] = token
	return nil
}

func (t tokens) ChangeToken(_ context.Context, sid string, _ store.AuditEvent, change func(store.Token) (store.Token, error)) (store.Token, error) {
	return change(t[sid])
}

func TestAuthenticateAcceptsValidSecretsOnly(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	token, first, err := store.TokenRequest{Account: 1, Expires: now.Add(10 * time.Hour)}.Issue(now)
	if err != nil {
		t.Fatal(err)
	}
	second, hash := store.NewSecret()
	third, hash3 := store.NewSecret()
	once := token.Rotate(hash, now.Add(time.Hour))
	for name, c := range map[string]struct {
		token  store.Token
		secret string
		after  time.Duration
		want   bool
	}{
		"the secret":                                       {token, first, 0, true},
		"another secret":                                   {token, second, 0, false},
		"no secret":                                        {token, "", 0, false},
		"the secret before the token expires":              {token, first, 10*time.Hour - 1, true},
		"the secret after the token expired":               {token, first, 10 * time.Hour, false},
		"the new secret":                                   {once, second, 0, true},
		"the old secret within the overlap":                {once, first, time.Hour - 1, true},
		"the old secret after the overlap":                 {once, first, time.Hour, false},
		"the first secret of two rotations":                {once.Rotate(hash3, now.Add(time.Hour)), first, 0, false},
		"the second secret of two rotations":               {once.Rotate(hash3, now.Add(time.Hour)), second, 0, true},
		"the third secret of two rotations":                {once.Rotate(hash3, now.Add(time.Hour)), third, 0, true},
		"the old secret after the token expired":           {once, first, 11 * time.Hour, false},
		"no secret, of a token never rotated, before 1970": {token, "", -time.Hour * 24 * 365 * 80, false},
	} {
		_, err := store.Authenticate(t.Context(), tokens{c.token.SID: c.token}, c.token.SID, c.secret, now.Add(c.after))
		if (err == nil) != c.want || err != nil && !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%s: error is %v, want success: %t", name, err, c.want)
		}
	}
	if _, err := store.Authenticate(t.Context(), tokens{}, "none", first, now); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an unknown SID: %v", err)
	}
}

func TestIssueGrantsTheRequestedScopes(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		grant store.TokenRequest
		err   string
		has   []store.Scope
		lacks []store.Scope
	}{
		"everything by default":   {grant: store.TokenRequest{Account: 1}, has: []store.Scope{"actions:write", "inquiries:read"}},
		"read-only":               {grant: store.TokenRequest{Account: 1, ReadOnly: true}, has: []store.Scope{"actions:read"}, lacks: []store.Scope{"actions:write", "conversions:write"}},
		"write-only":              {grant: store.TokenRequest{Account: 1, Scopes: []string{"*:write"}}, has: []store.Scope{"actions:write"}, lacks: []store.Scope{"actions:read"}},
		"some":                    {grant: store.TokenRequest{Account: 1, Scopes: []string{"actions:read", "conversions:write", "actions:read"}}, has: []store.Scope{"actions:read", "conversions:write"}, lacks: []store.Scope{"actions:write", "updates:read"}},
		"all scopes and others":   {grant: store.TokenRequest{Account: 1, Scopes: []string{"actions:read", "*"}}, has: []store.Scope{"campaigns:read"}},
		"of the operator":         {grant: store.TokenRequest{Account: store.Operator}, lacks: []store.Scope{"actions:read", "actions:write"}},
		"an unknown scope":        {grant: store.TokenRequest{Account: 1, Scopes: []string{"payouts:read"}}, err: `scope "payouts:read" is unknown: use *, *:read`},
		"admin for an account":    {grant: store.TokenRequest{Account: 1, Scopes: []string{"admin"}}, err: "unknown"},
		"read-only with scopes":   {grant: store.TokenRequest{Account: 1, ReadOnly: true, Scopes: []string{"*"}}, err: "not both"},
		"scopes for operators":    {grant: store.TokenRequest{Account: store.Operator, Scopes: []string{"*"}}, err: "admin alone"},
		"a negative limit":        {grant: store.TokenRequest{Account: 1, Limit: -1}, err: "limit -1"},
		"a name that is too long": {grant: store.TokenRequest{Account: 1, Name: strings.Repeat("x", store.MaxTokenName+1)}, err: "at most 255"},
		"already expired":         {grant: store.TokenRequest{Account: 1, Expires: now}, err: "in the future"},
	} {
		token, secret, err := c.grant.Issue(now)
		if c.err != "" || err != nil {
			if err == nil || c.err == "" || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: error is %v, want %q", name, err, c.err)
			}
			continue
		}
		for _, scope := range c.has {
			if !token.Allows(scope) {
				t.Errorf("%s: scope %s is missing", name, scope)
			}
		}
		for _, scope := range c.lacks {
			if token.Allows(scope) {
				t.Errorf("%s: has scope %s", name, scope)
			}
		}
		if secret == "" || token.IsAdmin() != (c.grant.Account == store.Operator) {
			t.Errorf("%s: %+v", name, token)
		}
	}
}
