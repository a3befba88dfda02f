package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

type tokenCommands struct {
	Create  tokenCreate  `cmd:"" help:"Create a token; its secret is shown only once."`
	List    tokenList    `cmd:"" help:"List tokens."`
	Rotate  tokenRotate  `cmd:"" help:"Create a new secret for a token; the old one stays valid for a while."`
	Strict  tokenStrict  `cmd:"" help:"Make unknown parameters an error for a token."`
	Expire  tokenExpire  `cmd:"" help:"Set the expiry of a token."`
	Disable tokenDisable `cmd:"" help:"Disable a token permanently."`
}

type tokenCreate struct {
	cli.StoreFlags
	cli.ClockFlag
	Account  int64    `xor:"whose" required:"" placeholder:"ID" help:"Account of the token. Either --account or --admin is required."`
	Admin    bool     `xor:"whose" required:"" help:"Create a token for the admin API."`
	Name     string   `placeholder:"TEXT" help:"Description of the token."`
	Version  int      `default:"14" placeholder:"N" help:"Default protocol version, 11 to 14 (default: ${default})."`
	Scope    []string `placeholder:"SCOPE" help:"Scope, such as actions:read; can be repeated (default: all)."`
	ReadOnly bool     `help:"Grant only read scopes."`
	Expires  string   `placeholder:"DATE" help:"Expiry: a date in UTC, or a timestamp with an offset."`
	Limit    int      `placeholder:"N" help:"Maximum number of requests of the token per hour (default: no limit)."`
	Strict   bool     `help:"Make unknown parameters an error."`
}

// Run creates a token and prints its SID and secret.
func (c tokenCreate) Run(ctx context.Context, s cli.Streams) error {
	if c.Version < wire.OldestVersion || c.Version > wire.CurrentVersion {
		return cli.Usage("--version %d: must be from %d to %d", c.Version, wire.OldestVersion, wire.CurrentVersion)
	}
	expires, err := cli.ParseTime(c.Expires)
	if err != nil {
		return cli.Usage("--expires %w", err)
	}
	now, err := c.Time()
	if err != nil {
		return err
	}
	token, secret, err := store.TokenRequest{
		Account: c.Account, Name: c.Name, Version: c.Version, Scopes: c.Scope, ReadOnly: c.ReadOnly, Limit: c.Limit, Strict: c.Strict, Expires: expires,
	}.Issue(now)
	if err != nil {
		return cli.Usage("%w", err)
	}
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		if err := c.Check(ctx, st); err != nil {
			return err
		}
		event := cli.UserEvent(store.OperationCreateToken, "")
		event.At = now.UTC()
		if err := st.SaveToken(ctx, token, event); err != nil {
			return err
		}
		output.Credentials(s.Out, token, secret)
		return nil
	})
}

type tokenList struct {
	cli.StoreFlags
	Account int64 `placeholder:"ID" help:"List only the tokens of this account."`
}

// Run prints a table of the tokens.
func (c tokenList) Run(ctx context.Context, s cli.Streams) error {
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error { return c.list(ctx, st, s) })
}

func (c tokenList) list(ctx context.Context, st *sqlstore.Store, s cli.Streams) error {
	tokens, err := st.ListTokens(ctx, c.Account)
	if err != nil {
		return err
	}
	return output.Tokens(s.Out, tokens)
}

type tokenStrict struct {
	cli.StoreFlags
	SID string `arg:"" help:"SID of the token."`
	Off bool   `help:"Ignore unknown parameters again."`
}

// Run turns the strict mode of a token on or off.
func (c tokenStrict) Run(ctx context.Context, s cli.Streams) error {
	return cli.Change(ctx, s, c.Open, func(st *sqlstore.Store, s cli.Streams) error {
		if err := checkEnabled(ctx, st, c.SID); err != nil {
			return err
		}
		if _, err := st.ChangeToken(ctx, c.SID, cli.UserEvent(store.OperationStrictToken, ""), store.Strictness(!c.Off)); err != nil {
			return err
		}
		s.Printf("%s is strict: %t\n", c.SID, !c.Off)
		return nil
	})
}

type tokenRotate struct {
	cli.StoreFlags
	SID     string        `arg:"" help:"SID of the token."`
	Overlap time.Duration `default:"24h" help:"How long the old secret stays valid (default: ${default})."`
}

// Run creates a new secret and prints it.
func (c tokenRotate) Run(ctx context.Context, s cli.Streams) error {
	if c.Overlap < 0 || c.Overlap > store.MaxRotationOverlap {
		return cli.Usage("--overlap %v: must be from 0 to %v", c.Overlap, store.MaxRotationOverlap)
	}
	return cli.Change(ctx, s, c.Open, func(st *sqlstore.Store, s cli.Streams) error {
		if err := checkEnabled(ctx, st, c.SID); err != nil {
			return err
		}
		secret, hash := store.NewSecret()
		token, err := st.ChangeToken(ctx, c.SID, cli.UserEvent(store.OperationRotateToken, ""), store.Rotation(hash, time.Now(), c.Overlap))
		if errors.Is(err, store.ErrTokenExpired) {
			return fmt.Errorf("%s has expired; set a new expiry first: trueup token expire %[1]s --at DATE", c.SID)
		}
		if err != nil {
			return err
		}
		output.Credentials(s.Out, token, secret)
		return nil
	})
}

// findToken returns the token with the SID.
func findToken(ctx context.Context, st store.Tokens, sid string) (store.Token, error) {
	token, err := st.Token(ctx, sid)
	if errors.Is(err, ledger.ErrNotFound) {
		err = cli.NotFound("no token %q; see: trueup token list", sid)
	}
	return token, err
}

// checkEnabled returns an error if no token has the SID or if it is disabled.
func checkEnabled(ctx context.Context, st store.Tokens, sid string) error {
	token, err := findToken(ctx, st, sid)
	if err == nil && !token.Disabled.IsZero() {
		err = fmt.Errorf("%s is disabled; create a new token", sid)
	}
	return err
}

type tokenExpire struct {
	cli.StoreFlags
	SID string `arg:"" help:"SID of the token."`
	At  string `placeholder:"DATE" help:"Expiry: a date in UTC, a timestamp with an offset, or \"never\" (default: now)."`
}

// Run sets the expiry of a token.
func (c tokenExpire) Run(ctx context.Context, s cli.Streams) error {
	at, err := c.instant(time.Now().UTC())
	if err != nil {
		return cli.Usage("--at %w", err)
	}
	return cli.Change(ctx, s, c.Open, func(st *sqlstore.Store, s cli.Streams) error {
		if err := checkEnabled(ctx, st, c.SID); err != nil {
			return err
		}
		_, err := st.ChangeToken(ctx, c.SID, cli.UserEvent(store.OperationExpireToken, ""), store.Expiry(at))
		if err != nil {
			return err
		}
		s.Printf("%s expires: %s\n", c.SID, output.Time(at))
		return nil
	})
}

func (c tokenExpire) instant(now time.Time) (time.Time, error) {
	switch c.At {
	case "":
		return now, nil
	case "never":
		return time.Time{}, nil
	default:
		return cli.ParseTime(c.At)
	}
}

type tokenDisable struct {
	cli.StoreFlags
	SID string `arg:"" help:"SID of the token."`
}

// Run disables a token. It does nothing if the token is disabled already.
func (c tokenDisable) Run(ctx context.Context, s cli.Streams) error {
	return cli.Change(ctx, s, c.Open, func(st *sqlstore.Store, s cli.Streams) error { return c.disable(ctx, st, s) })
}

func (c tokenDisable) disable(ctx context.Context, st *sqlstore.Store, s cli.Streams) error {
	token, err := findToken(ctx, st, c.SID)
	if err != nil || !token.Disabled.IsZero() {
		return err
	}
	_, err = st.ChangeToken(ctx, c.SID, cli.UserEvent(store.OperationDisableToken, ""), func(t store.Token) (store.Token, error) {
		t.Disabled = time.Now().UTC()
		return t, nil
	})
	if err != nil {
		return err
	}
	s.Printf("%s is disabled.\n", c.SID)
	return nil
}
