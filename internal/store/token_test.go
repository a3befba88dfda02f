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

// tokens are those that a test has.
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

func TestSecretsOpenTheirTokenWhileTheyMay(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	token, first, err := store.Grant{Account: 1, Expires: now.Add(10 * time.Hour)}.Token(now)
	if err != nil {
		t.Fatal(err)
	}
	second, hash := store.NewSecret()
	third, hash3 := store.NewSecret()
	once := token.Rotate(hash, now.Add(time.Hour))
	for says, c := range map[string]struct {
		token  store.Token
		secret string
		after  time.Duration
		opens  bool
	}{
		"its secret":                              {token, first, 0, true},
		"another secret":                          {token, second, 0, false},
		"no secret":                               {token, "", 0, false},
		"its secret until it expires":             {token, first, 10*time.Hour - 1, true},
		"its secret once it has expired":          {token, first, 10 * time.Hour, false},
		"the new secret":                          {once, second, 0, true},
		"the old secret within the overlap":       {once, first, time.Hour - 1, true},
		"the old secret after it":                 {once, first, time.Hour, false},
		"the oldest secret of two rotations":      {once.Rotate(hash3, now.Add(time.Hour)), first, 0, false},
		"the one before the last":                 {once.Rotate(hash3, now.Add(time.Hour)), second, 0, true},
		"the last of two rotations":               {once.Rotate(hash3, now.Add(time.Hour)), third, 0, true},
		"the old secret of a token that expired":  {once, first, 11 * time.Hour, false},
		"no secret of a token never rotated, now": {token, "", -time.Hour * 24 * 365 * 80, false},
	} {
		_, err := store.Authenticate(t.Context(), tokens{c.token.SID: c.token}, c.token.SID, c.secret, now.Add(c.after))
		if (err == nil) != c.opens || err != nil && !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%s: %v, want it to open: %t", says, err, c.opens)
		}
	}
	if _, err := store.Authenticate(t.Context(), tokens{}, "none", first, now); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an unknown SID: %v", err)
	}
}

func TestGrants(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	for says, c := range map[string]struct {
		grant store.Grant
		fault string
		may   []store.Scope
		not   []store.Scope
	}{
		"everything by default": {grant: store.Grant{Account: 1}, may: []store.Scope{"actions:write", "inquiries:read"}, not: nil},
		"read-only":             {grant: store.Grant{Account: 1, ReadOnly: true}, may: []store.Scope{"actions:read"}, not: []store.Scope{"actions:write", "conversions:write"}},
		"write-only":            {grant: store.Grant{Account: 1, Scopes: []string{"*:write"}}, may: []store.Scope{"actions:write"}, not: []store.Scope{"actions:read"}},
		"some":                  {grant: store.Grant{Account: 1, Scopes: []string{"actions:read", "conversions:write", "actions:read"}}, may: []store.Scope{"actions:read", "conversions:write"}, not: []store.Scope{"actions:write", "updates:read"}},
		"all beside others":     {grant: store.Grant{Account: 1, Scopes: []string{"actions:read", "*"}}, may: []store.Scope{"campaigns:read"}},
		"of the operator":       {grant: store.Grant{Account: store.Operator}, not: []store.Scope{"actions:read", "actions:write"}},
		"an unknown scope":      {grant: store.Grant{Account: 1, Scopes: []string{"payouts:read"}}, fault: `scope "payouts:read" is unknown: use *, *:read`},
		"admin for an account":  {grant: store.Grant{Account: 1, Scopes: []string{"admin"}}, fault: "unknown"},
		"both ways":             {grant: store.Grant{Account: 1, ReadOnly: true, Scopes: []string{"*"}}, fault: "not both"},
		"scopes for operators":  {grant: store.Grant{Account: store.Operator, Scopes: []string{"*"}}, fault: "admin alone"},
		"a limit below zero":    {grant: store.Grant{Account: 1, Limit: -1}, fault: "limit -1"},
		"a name too long":       {grant: store.Grant{Account: 1, Name: strings.Repeat("x", store.MaxTokenName+1)}, fault: "at most 255"},
		"expired already":       {grant: store.Grant{Account: 1, Expires: now}, fault: "in the future"},
	} {
		token, secret, err := c.grant.Token(now)
		if c.fault != "" || err != nil {
			if err == nil || c.fault == "" || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: error is %v, want %q", says, err, c.fault)
			}
			continue
		}
		for _, scope := range c.may {
			if !token.May(scope) {
				t.Errorf("%s: it may not %s", says, scope)
			}
		}
		for _, scope := range c.not {
			if token.May(scope) {
				t.Errorf("%s: it may %s", says, scope)
			}
		}
		if secret == "" || token.Administers() != (c.grant.Account == store.Operator) {
			t.Errorf("%s: %+v", says, token)
		}
	}
}
