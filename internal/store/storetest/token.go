package storetest

import (
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

var tokenGuarantees = []guarantee{
	{"a token is found by its SID, as it was saved", func(f *fixture) {
		a, b := token(f, "a", account, 0), token(f, "b", otherAccount, 1)
		b = full(f, b)
		b.Disabled = f.now.Add(time.Hour)
		b.Scopes, b.Limit, b.Expires = []store.Scope{store.ResourceActions.Read(), store.ScopeWrite}, 7, f.now.AddDate(1, 0, 0)
		b.Strict = true
		b = b.Rotate(ids.Hash{1}, f.now.Add(time.Minute))
		for _, t := range []store.Token{b, a} {
			wantError(f, nil, f.SaveToken(f.Context(), t, f.auditEvent(store.OperationCreateToken)))
		}
		same(f, a, must(f.Token(f.Context(), "a"))(f), "a")
		same(f, b, must(f.Token(f.Context(), "b"))(f), "b")
		_, err := f.Token(f.Context(), "c")
		wantError(f, ledger.ErrNotFound, err)
		same(f, []store.Token{a, b}, must(f.ListTokens(f.Context(), 0))(f), "all")
		same(f, []store.Token{b}, must(f.ListTokens(f.Context(), otherAccount))(f), "the other account's")
		same(f, 0, len(must(f.ListTokens(f.Context(), 99))(f)), "an unknown account's")
	}},
	{"saving a token replaces the one with its SID, unless it belongs to another account", func(f *fixture) {
		before := token(f, "a", account, 0)
		wantError(f, nil, f.SaveToken(f.Context(), before, f.auditEvent(store.OperationCreateToken)))
		after := token(f, "a", account, 2)
		after.Disabled = f.now
		rotated := full(f, after)
		wantError(f, nil, f.SaveToken(f.Context(), rotated, f.auditEvent(store.OperationCreateToken)))
		same(f, rotated, must(f.Token(f.Context(), "a"))(f), "with all fields")
		wantError(f, nil, f.SaveToken(f.Context(), after, f.auditEvent(store.OperationCreateToken)))
		same(f, []store.Token{after}, must(f.ListTokens(f.Context(), 0))(f), "all")
		if err := f.SaveToken(f.Context(), token(f, "a", otherAccount, 0), f.auditEvent(store.OperationCreateToken)); err == nil {
			f.Error("the token of another account was replaced")
		}
		same(f, after, must(f.Token(f.Context(), "a"))(f), "the token")
	}},
	{"an invalid SID is not found", func(f *fixture) {
		for _, sid := range []string{"a\x00", "\x00", "caf\xe9"} {
			_, err := f.Token(f.Context(), sid)
			wantError(f, ledger.ErrNotFound, err)
			_, err = f.ChangeToken(f.Context(), sid, f.auditEvent(store.OperationRotateToken), func(t store.Token) (store.Token, error) { return t, nil })
			wantError(f, ledger.ErrNotFound, err)
		}
	}},
	{"a disabled token remains disabled", func(f *fixture) {
		read := token(f, "a", account, 0)
		wantError(f, nil, f.SaveToken(f.Context(), read, f.auditEvent(store.OperationCreateToken)))
		disabled := read
		disabled.Disabled = f.now
		wantError(f, nil, f.SaveToken(f.Context(), disabled, f.auditEvent(store.OperationCreateToken)))
		late := full(f, read) // of a caller that read the token before
		wantError(f, nil, f.SaveToken(f.Context(), late, f.auditEvent(store.OperationCreateToken)))
		late.Disabled = f.now
		same(f, late, must(f.Token(f.Context(), "a"))(f), "the token")
		again := late
		again.Disabled = f.now.Add(time.Hour)
		wantError(f, nil, f.SaveToken(f.Context(), again, f.auditEvent(store.OperationCreateToken)))
		same(f, late, must(f.Token(f.Context(), "a"))(f), "after it was disabled again")
	}},
	{"operator tokens are listed, and the operator is not listed as an account", func(f *fixture) {
		a, operators := token(f, "a", account, 0), token(f, "o", store.Operator, 1)
		operators.Scopes = []store.Scope{store.ScopeAdmin}
		for _, t := range []store.Token{operators, a} {
			wantError(f, nil, f.SaveToken(f.Context(), t, f.auditEvent(store.OperationCreateToken)))
		}
		same(f, operators, must(f.Token(f.Context(), "o"))(f), "the operator's")
		same(f, []store.Token{a, operators}, must(f.ListTokens(f.Context(), 0))(f), "all")
		same(f, []store.Token{a}, must(f.ListTokens(f.Context(), account))(f), "the account's")
		same(f, []int64{account, otherAccount}, must(f.Accounts(f.Context()))(f), "accounts")
	}},
	{"concurrent changes of a token are all stored, and a failed one is not", func(f *fixture) {
		wantError(f, nil, f.SaveToken(f.Context(), token(f, "a", account, 0), f.auditEvent(store.OperationCreateToken)))
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				_, err := f.ChangeToken(f.Context(), "a", f.auditEvent(store.OperationRotateToken), func(t store.Token) (store.Token, error) {
					t.Limit++
					return t, nil
				})
				if err != nil {
					f.Error(err)
				}
			})
		}
		wait.Wait()
		_, err := f.ChangeToken(f.Context(), "a", f.auditEvent(store.OperationRotateToken), func(t store.Token) (store.Token, error) {
			t.Limit = 99
			return t, errBug
		})
		wantError(f, errBug, err)
		same(f, 8, must(f.Token(f.Context(), "a"))(f).Limit, "changes")
		_, err = f.ChangeToken(f.Context(), "none", f.auditEvent(store.OperationRotateToken), func(t store.Token) (store.Token, error) { return t, nil })
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// full returns the token with values in all optional fields.
func full(f *fixture, t store.Token) store.Token {
	_, hash := store.NewSecret()
	t = t.Rotate(hash, f.now.Add(time.Hour))
	t.Scopes, t.Limit = []store.Scope{store.ResourceActions.Read(), store.ResourceActions.Write()}, 1000
	t.Expires = f.now.Add(24 * time.Hour)
	return t
}

// token returns a token that was created some hours from now.
func token(f *fixture, sid string, account int64, hours int) store.Token {
	_, hash := store.NewSecret()
	return store.Token{
		SID: sid, Account: account, Name: "of " + sid, Hash: hash, Version: 14, Scopes: []store.Scope{store.ScopeAll},
		Created: f.now.Add(time.Duration(hours) * time.Hour),
	}
}
