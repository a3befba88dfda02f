// Package principal identifies the caller of the protocol and of the admin API: by the credentials
// of a request, or by its context for requests that the program makes itself.
package principal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// SID is the AccountSID of callers within the program. It is part of the URIs of their account.
const SID = "console"

// Principal is a caller within the program, on behalf of a person.
type Principal struct {
	// Account is the only account that the caller can use.
	Account int64
	// Actor is the actor of its changes in the audit log.
	Actor store.Actor
	// Scopes are its permissions of the protocol, and ScopeAdmin for the admin API.
	Scopes []store.Scope
	// Permission is what it may do in the admin API.
	Permission people.Permission
}

// Access is what a route of the admin API requires of callers within the program. The zero Access
// is that of routes for operators only.
type Access struct {
	Permission people.Permission
	// AccountInQuery reports whether the account of the route is the parameter account, not the
	// wildcard of that name.
	AccountInQuery bool
}

type key struct{}

// With returns a context for requests of the caller. No request from outside has such a context.
func With(ctx context.Context, p Principal) context.Context { return context.WithValue(ctx, key{}, p) }

// From returns the caller within the program, if the context has one.
func From(ctx context.Context) (p Principal, found bool) {
	p, found = ctx.Value(key{}).(Principal)
	return p, found
}

// Key returns the idempotency key by which a request with the key text is stored in the admin API.
// Keys of callers within the program are those of the person in the account, so that nobody gets
// the response to somebody else's request. Other callers share their keys.
func Key(ctx context.Context, text string) string {
	p, found := From(ctx)
	if !found || text == "" {
		return text
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %s", p.Account, p.Actor.ID, text))
	return SID + " " + hex.EncodeToString(sum[:])
}

// token returns the token that stands for the caller. The admin API requires one of operators.
func (p Principal) token(operator bool) store.Token {
	token := store.Token{SID: SID, Account: p.Account, Name: p.Actor.Name, Version: wire.CurrentVersion, Scopes: p.Scopes}
	if operator {
		token.Account = store.Operator
	}
	return token
}

// Authenticate returns the token of the request's credentials, or of its context if the program
// made it. operator reports whether the request is to the admin API.
func Authenticate(w http.ResponseWriter, r *http.Request, tokens store.TokenFinder, now time.Time, operator bool) (store.Token, error) {
	if p, found := From(r.Context()); found {
		return p.token(operator), nil
	}
	sid, secret, _ := r.BasicAuth()
	token, err := store.Authenticate(r.Context(), tokens, sid, secret, now)
	if errors.Is(err, ledger.ErrNotFound) {
		w.Header().Set("WWW-Authenticate", `Basic realm="Trueup", charset="UTF-8"`)
		message := "No credentials: send the AccountSID as user and the AuthToken as password by HTTP Basic"
		if sid != "" || secret != "" {
			message = "The AccountSID or the AuthToken is wrong, or the token has expired"
		}
		return store.Token{}, &wire.Error{Status: http.StatusUnauthorized, Message: message}
	}
	if err == nil && !token.Disabled.IsZero() {
		err = &wire.Error{Status: http.StatusForbidden, Message: "This token is disabled"}
	}
	return token, err
}

// Check returns an error if the request is that of a caller within the program who may not use a
// route with the access: it is for another account than its own, or for none, or requires a
// permission that the caller doesn't have.
func (a Access) Check(r *http.Request) error {
	p, found := From(r.Context())
	if !found {
		return nil
	}
	account := []string{r.PathValue("account")}
	if a.AccountInQuery {
		account = r.URL.Query()["account"]
	}
	switch {
	case len(account) != 1 || account[0] != strconv.FormatInt(p.Account, 10):
		return &wire.Error{Status: http.StatusForbidden, Message: "The request is not for the account of the person"}
	case !p.Permission.Includes(a.Permission):
		return &wire.Error{Status: http.StatusForbidden, Message: "The person has no permission for this request"}
	}
	return nil
}
