package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

type tokenCommands struct {
	Create  tokenCreate  `cmd:"" help:"Create a token for an account; its secret is shown this once."`
	List    tokenList    `cmd:"" help:"List the tokens."`
	Rotate  tokenRotate  `cmd:"" help:"Give a token a new secret; the old one opens for a while yet."`
	Expire  tokenExpire  `cmd:"" help:"Set when a token expires, or that it does not."`
	Disable tokenDisable `cmd:"" help:"Disable a token for good."`
}

type tokenCreate struct {
	dataFlag
	Account  int64    `xor:"whose" required:"" placeholder:"ID" help:"The account it acts for."`
	Admin    bool     `xor:"whose" required:"" help:"It opens the admin API, and no account."`
	Name     string   `help:"What it is for."`
	Version  int      `default:"14" help:"Version of the protocol for callers that name none, 11 to 14 (default: ${default})."`
	Scope    []string `placeholder:"SCOPE" help:"What it may do, as actions:read; can be repeated (default: everything)."`
	ReadOnly bool     `help:"It may read everything and write nothing."`
	Expires  string   `placeholder:"DATE" help:"From when on it opens nothing: a date, which begins in UTC, or a timestamp with an offset."`
	Limit    int      `placeholder:"N" help:"How many requests an hour its account may make before it is refused (default: no limit)."`
}

// Run creates a token and prints its SID and secret.
func (c tokenCreate) Run(ctx context.Context, s streams) error {
	if c.Version < wire.OldestVersion || c.Version > wire.CurrentVersion {
		return fmt.Errorf("--version %d: there are versions %d to %d", c.Version, wire.OldestVersion, wire.CurrentVersion)
	}
	expires, err := instant(c.Expires)
	if err != nil {
		return fmt.Errorf("--expires %w", err)
	}
	token, secret, err := store.Grant{
		Account: c.Account, Name: c.Name, Version: c.Version, Scopes: c.Scope, ReadOnly: c.ReadOnly, Limit: c.Limit, Expires: expires,
	}.Token(time.Now())
	if err != nil {
		return err
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		if !c.Admin {
			if err := known(ctx, st, c.Account); err != nil {
				return err
			}
		}
		if err := st.SaveToken(ctx, token, byUser(store.OperationCreateToken, "")); err != nil {
			return err
		}
		s.printf("TRUEUP_SID=%s\nTRUEUP_TOKEN=%s\n", token.SID, secret)
		return nil
	})
}

// known answers an error if there is no such account.
func known(ctx context.Context, st store.Store, account int64) error {
	accounts, err := st.Accounts(ctx)
	if err == nil && !slices.Contains(accounts, account) {
		err = fmt.Errorf("--account %d: no such account; record it with: trueup apply -f FILE", account)
	}
	return err
}

// instant reads a flag with a date or a timestamp; none is the zero instant.
func instant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	at, err := refdata.Instant(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q: give a date, as 2027-10-01, or a timestamp with an offset, as 2027-10-01T10:30:00-07:00, of the years 1970 to 2999", s)
	}
	return at, nil
}

type tokenList struct {
	dataFlag
	Account int64 `placeholder:"ID" help:"Only this account's."`
}

// Run prints a line for each token.
func (c tokenList) Run(ctx context.Context, s streams) error {
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error { return c.list(ctx, st, s) })
}

func (c tokenList) list(ctx context.Context, st *sqlstore.Store, s streams) error {
	tokens, err := st.ListTokens(ctx, c.Account)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SID\tACCOUNT\tVERSION\tSCOPES\tLIMIT\tCREATED\tEXPIRES\tOLD SECRET UNTIL\tDISABLED\tNAME")
	for _, t := range tokens {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.SID, t.Account, t.Version, store.JoinScopes(t.Scopes, ","),
			dash(t.Limit), date(t.Created), date(t.Expires), date(t.OldUntil), date(t.Disabled), t.Name)
	}
	return table.Flush()
}

// date writes an instant, or a dash for none.
func date(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// dash writes a number, or a dash for 0.
func dash(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

type tokenRotate struct {
	dataFlag
	SID     string        `arg:"" help:"SID of the token; it stays."`
	Overlap time.Duration `default:"24h" help:"For how long the old secret opens too (default: ${default})."`
}

// Run gives a token a new secret and prints it.
func (c tokenRotate) Run(ctx context.Context, s streams) error {
	if c.Overlap < 0 || c.Overlap > store.MaxOverlap {
		return fmt.Errorf("--overlap %v: must be from 0 to %v", c.Overlap, store.MaxOverlap)
	}
	return c.change(ctx, s, func(st *sqlstore.Store, s streams) error {
		if err := enabled(ctx, st, c.SID); err != nil {
			return err
		}
		secret, hash := store.NewSecret()
		token, err := st.ChangeToken(ctx, c.SID, byUser(store.OperationRotateToken, ""), store.Rotated(hash, time.Now(), c.Overlap))
		if errors.Is(err, store.ErrTokenExpired) {
			return fmt.Errorf("%s has expired; set another date first: trueup token expire %[1]s --at DATE", c.SID)
		}
		if err != nil {
			return err
		}
		s.printf("TRUEUP_SID=%s\nTRUEUP_TOKEN=%s\n", token.SID, secret)
		return nil
	})
}

// tokenOf answers the token with the SID.
func tokenOf(ctx context.Context, st store.Tokens, sid string) (store.Token, error) {
	token, err := st.Token(ctx, sid)
	if errors.Is(err, ledger.ErrNotFound) {
		err = fmt.Errorf("there is no token %q; see: trueup token list", sid)
	}
	return token, err
}

// enabled answers an error if there is no token with the SID or it is disabled: no
// change makes that one open again.
func enabled(ctx context.Context, st store.Tokens, sid string) error {
	token, err := tokenOf(ctx, st, sid)
	if err == nil && !token.Disabled.IsZero() {
		err = fmt.Errorf("%s is disabled; create another token", sid)
	}
	return err
}

type tokenExpire struct {
	dataFlag
	SID string `arg:"" help:"SID of the token."`
	At  string `placeholder:"DATE" help:"From when on it opens nothing: a date, which begins in UTC, a timestamp with an offset, or \"never\" (default: now)."`
}

// Run sets when a token expires.
func (c tokenExpire) Run(ctx context.Context, s streams) error {
	at, err := c.instant(time.Now().UTC())
	if err != nil {
		return fmt.Errorf("--at %w", err)
	}
	return c.change(ctx, s, func(st *sqlstore.Store, s streams) error {
		if err := enabled(ctx, st, c.SID); err != nil {
			return err
		}
		_, err := st.ChangeToken(ctx, c.SID, byUser(store.OperationExpireToken, ""), func(t store.Token) (store.Token, error) {
			t.Expires = at
			return t, nil
		})
		if err != nil {
			return err
		}
		s.printf("%s expires: %s\n", c.SID, date(at))
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
		return instant(c.At)
	}
}

type tokenDisable struct {
	dataFlag
	SID string `arg:"" help:"SID of the token."`
}

// Run disables a token; done before, it stays as it was.
func (c tokenDisable) Run(ctx context.Context, s streams) error {
	return c.change(ctx, s, func(st *sqlstore.Store, s streams) error { return c.disable(ctx, st, s) })
}

func (c tokenDisable) disable(ctx context.Context, st *sqlstore.Store, s streams) error {
	token, err := tokenOf(ctx, st, c.SID)
	if err != nil || !token.Disabled.IsZero() {
		return err
	}
	_, err = st.ChangeToken(ctx, c.SID, byUser(store.OperationDisableToken, ""), func(t store.Token) (store.Token, error) {
		t.Disabled = time.Now().UTC()
		return t, nil
	})
	if err != nil {
		return err
	}
	s.printf("%s is disabled.\n", c.SID)
	return nil
}
