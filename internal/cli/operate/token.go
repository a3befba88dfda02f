package operate

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// TokenCreate creates a token.
type TokenCreate struct {
	Account  int64    `xor:"whose" required:"" placeholder:"ID" help:"Account of the token. Either --account or --admin is required."`
	Admin    bool     `xor:"whose" required:"" help:"Create a token for the admin API."`
	Name     string   `placeholder:"TEXT" help:"Description of the token."`
	Version  int      `default:"14" placeholder:"N" help:"Default protocol version, 11 to 14 (default: ${default})."`
	Scope    []string `placeholder:"SCOPE" help:"Scope, such as actions:read; can be repeated (default: all)."`
	ReadOnly bool     `help:"Grant only read scopes."`
	Expires  string   `placeholder:"DATE" help:"Expiry: a date in UTC, or a timestamp with an offset."`
	Limit    int      `placeholder:"N" help:"Maximum number of requests of the token per hour (default: no limit)."`
	Strict   bool     `help:"Make unknown parameters an error."`
	Reason   string   `placeholder:"TEXT" help:"Reason for the audit log."`
}

// ID returns the account, or 0.
func (c TokenCreate) ID() int64 { return c.Account }

// Do creates the token and prints its SID and secret.
func (c TokenCreate) Do(ctx context.Context, s *cli.Session) error {
	if c.Version < wire.OldestVersion || c.Version > wire.CurrentVersion {
		return cli.Usage("--version %d: must be from %d to %d", c.Version, wire.OldestVersion, wire.CurrentVersion)
	}
	expires, err := cli.ParseTime(c.Expires)
	if err != nil {
		return cli.Usage("--expires %w", err)
	}
	token, err := s.Admin.CreateToken(ctx, admin.NewToken{
		Account: s.Account, Admin: c.Admin, Name: c.Name, Version: c.Version, Scopes: c.Scope, ReadOnly: c.ReadOnly,
		Limit: c.Limit, Strict: c.Strict, Expires: expires,
	}, admin.WriteOptions{Reason: c.Reason})
	if err != nil {
		return err
	}
	printCredentials(s, token)
	return nil
}

// printCredentials prints the credentials of a token as variables. Those of admin tokens have other
// names, so that a shell can hold both.
func printCredentials(s *cli.Session, t *admin.Token) {
	sid, token := client.EnvSID, client.EnvToken
	if t.Account == 0 {
		sid, token = admin.EnvSID, admin.EnvToken
	}
	s.Printf("%s=%s\n%s=%s\n", sid, t.SID, token, t.Secret)
}

// TokenList lists tokens.
type TokenList struct {
	listing
	Account int64 `placeholder:"ID" help:"List only the tokens of this account."`
}

// ID returns the account, or 0.
func (c TokenList) ID() int64 { return c.Account }

var tokens = collection{path: "/tokens", key: "tokens", whole: true, columns: tokenColumns()}

func tokenColumns() []render.Column {
	columns := render.Columns("sid", "account", "version", "scopes", "limit", "strict", "created", "expires",
		"old_secret_until:Old secret until", "disabled", "name")
	formatted(joined, columns, "scopes")
	formatted(yes, columns, "strict")
	return formatted(dash, columns, "limit", "expires", "old_secret_until", "disabled")
}

// Do lists the tokens, oldest first, without their secrets.
func (c TokenList) Do(ctx context.Context, s *cli.Session) error {
	query := cli.Parameters{}
	query.Set("account", c.Account)
	return c.list(ctx, s, tokens, query)
}

// date returns a time as text, or a dash for the zero time.
func date(t time.Time) string { return cmp.Or(render.Time(t), "-") }

// tokenChange are the arguments of commands that change a token.
type tokenChange struct {
	SID    string `arg:"" name:"sid" help:"SID of the token."`
	Reason string `placeholder:"TEXT" help:"Reason for the audit log."`
}

// ID returns 0: the commands name no account.
func (tokenChange) ID() int64 { return 0 }

// change calls f, which changes the token, and waits until no server accepts the former state.
func (c tokenChange) change(ctx context.Context, s *cli.Session, f func(admin.WriteOptions) (*admin.Token, error)) (*admin.Token, error) {
	token, err := f(admin.WriteOptions{Reason: c.Reason})
	switch {
	case err == nil:
		s.Settle(ctx)
	case errors.Is(err, client.ErrNotFound):
		err = cli.NotFound("no token %q; see: trueup token list", c.SID)
	}
	return token, err
}

// TokenRotate creates a new secret for a token.
type TokenRotate struct {
	tokenChange
	Overlap time.Duration `default:"24h" help:"How long the old secret stays valid (default: ${default})."`
}

// Do creates the secret and prints it.
func (c TokenRotate) Do(ctx context.Context, s *cli.Session) error {
	if c.Overlap < 0 || c.Overlap > store.MaxRotationOverlap {
		return cli.Usage("--overlap %v: must be from 0 to %v", c.Overlap, store.MaxRotationOverlap)
	}
	token, err := c.change(ctx, s, func(o admin.WriteOptions) (*admin.Token, error) {
		return s.Admin.RotateToken(ctx, c.SID, admin.Rotation{Overlap: &c.Overlap}, o)
	})
	if err == nil {
		printCredentials(s, token)
	}
	return err
}

// TokenStrict makes unknown parameters an error for a token.
type TokenStrict struct {
	tokenChange
	Off bool `help:"Ignore unknown parameters again."`
}

// Do turns the strict mode on or off.
func (c TokenStrict) Do(ctx context.Context, s *cli.Session) error {
	_, err := c.change(ctx, s, func(o admin.WriteOptions) (*admin.Token, error) {
		return s.Admin.SetStrict(ctx, c.SID, !c.Off, o)
	})
	if err == nil {
		s.Printf("%s is strict: %t\n", c.SID, !c.Off)
	}
	return err
}

// TokenExpire sets the expiry of a token.
type TokenExpire struct {
	tokenChange
	At string `placeholder:"DATE" help:"Expiry: a date in UTC, a timestamp with an offset, or \"never\" (default: now)."`
}

// Do sets the expiry.
func (c TokenExpire) Do(ctx context.Context, s *cli.Session) error {
	var at time.Time // zero is the time of the server
	if c.At != "" && c.At != "never" {
		var err error
		if at, err = cli.ParseTime(c.At); err != nil {
			return cli.Usage("--at %w", err)
		}
	}
	token, err := c.change(ctx, s, func(o admin.WriteOptions) (*admin.Token, error) {
		if c.At == "never" {
			return s.Admin.RemoveExpiry(ctx, c.SID, o)
		}
		return s.Admin.ExpireToken(ctx, c.SID, at, o)
	})
	if err == nil {
		s.Printf("%s expires: %s\n", c.SID, date(token.Expires))
	}
	return err
}

// TokenDisable disables a token permanently.
type TokenDisable struct{ tokenChange }

// Do disables the token. It does nothing if the token is disabled already.
func (c TokenDisable) Do(ctx context.Context, s *cli.Session) error {
	_, err := c.change(ctx, s, func(o admin.WriteOptions) (*admin.Token, error) {
		return s.Admin.DisableToken(ctx, c.SID, o)
	})
	if err == nil {
		s.Printf("%s is disabled.\n", c.SID)
	}
	return err
}
