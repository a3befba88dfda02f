package admin

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Token is a token of an account or of the admin API.
type Token struct {
	SID            string    `wire:"sid"`
	Account        int       `wire:"account"` // 0 for the admin API
	Name           string    `wire:"name"`
	Version        int       `wire:"version"` // the default version of the protocol
	Scopes         []string  `wire:"scopes"`
	Limit          int       `wire:"limit"` // requests per hour, 0 without a limit
	Strict         bool      `wire:"strict"`
	Created        time.Time `wire:"created"`
	Expires        time.Time `wire:"expires"`          // zero for never
	OldSecretUntil time.Time `wire:"old_secret_until"` // the end of the overlap of a rotation
	Disabled       time.Time `wire:"disabled"`         // zero unless the token is disabled
	// Secret is the AuthToken. Only CreateToken and RotateToken return it.
	Secret string `wire:"secret"`
}

// ErrSecretLost is the error of a repeated write whose first response had a secret. The lost secret
// is the current one. A further rotation ends the one before it, which is in use.
var ErrSecretLost = errors.New("admin: the secret was in a response that was lost: rotate it again, and install the new one at once, because the secret in use ends then")

// TokenFilter selects tokens.
type TokenFilter struct {
	Account int `wire:"account"` // 0 for all tokens
}

// Tokens returns the tokens that match.
func (c *Client) Tokens(ctx context.Context, f TokenFilter) iter.Seq2[Token, error] {
	return list[Token](ctx, c, "/tokens", "tokens", f)
}

// NewToken describes a token to create, either for an account or for the admin API.
type NewToken struct {
	Account  int       `wire:"account"`
	Admin    bool      `wire:"admin"`
	Name     string    `wire:"name"`
	Version  int       `wire:"version"`   // 14 by default
	Scopes   []string  `wire:"scopes"`    // all by default
	ReadOnly bool      `wire:"read_only"` // only scopes that read
	Limit    int       `wire:"limit"`     // requests per hour
	Strict   bool      `wire:"strict"`    // unknown parameters are errors
	Expires  time.Time `wire:"expires"`   // never by default
}

// CreateToken creates a token and returns it with its secret. If the server had the write already,
// by its idempotency key, the token has no secret, and the error is [ErrSecretLost].
func (c *Client) CreateToken(ctx context.Context, t NewToken, o WriteOptions) (*Token, error) {
	return withSecret(post[Token](ctx, c, "/tokens", t, "", o))
}

func withSecret(t *Token, err error) (*Token, error) {
	if err == nil && t.Secret == "" {
		err = fmt.Errorf("%w (%s)", ErrSecretLost, t.SID)
	}
	return t, err
}

// Rotation describes the rotation of a secret.
type Rotation struct {
	// Overlap is the time for which the old secret stays valid. The default is 24 h; it ends at
	// once with a pointer to 0.
	Overlap *time.Duration `wire:"overlap"`
}

// RotateToken replaces the secret of a token and returns the token with the new one. Its error can
// be that of [Client.CreateToken].
func (c *Client) RotateToken(ctx context.Context, sid string, r Rotation, o WriteOptions) (*Token, error) {
	return withSecret(post[Token](ctx, c, tokenPath(sid, "rotate"), r, "", o))
}

func tokenPath(sid, operation string) string { return transport.Path("tokens", sid, operation) }

// ExpireToken sets the expiry of a token. For a zero time, the token expires now.
func (c *Client) ExpireToken(ctx context.Context, sid string, at time.Time, o WriteOptions) (*Token, error) {
	return post[Token](ctx, c, tokenPath(sid, "expire"), struct {
		At time.Time `wire:"at"`
	}{at}, "", o)
}

// RemoveExpiry removes the expiry of a token.
func (c *Client) RemoveExpiry(ctx context.Context, sid string, o WriteOptions) (*Token, error) {
	return post[Token](ctx, c, tokenPath(sid, "expire"), struct {
		At string `wire:"at"`
	}{"never"}, "", o)
}

// SetStrict sets whether unknown parameters are errors for a token.
func (c *Client) SetStrict(ctx context.Context, sid string, strict bool, o WriteOptions) (*Token, error) {
	return post[Token](ctx, c, tokenPath(sid, "strict"), struct {
		Strict *bool `wire:"strict"`
	}{&strict}, "", o)
}

// DisableToken disables a token permanently.
func (c *Client) DisableToken(ctx context.Context, sid string, o WriteOptions) (*Token, error) {
	return post[Token](ctx, c, tokenPath(sid, "disable"), struct{}{}, "", o)
}
