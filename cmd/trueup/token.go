package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/wire"
)

type tokenCommands struct {
	Create  tokenCreate  `cmd:"" help:"Create a token for an account; its secret is shown this once."`
	List    tokenList    `cmd:"" help:"List the tokens."`
	Disable tokenDisable `cmd:"" help:"Disable a token for good."`
}

type tokenCreate struct {
	dataFlag
	Account int64  `required:"" placeholder:"ID" help:"The account it acts for."`
	Name    string `help:"What it is for."`
	Version int    `default:"14" help:"Version of the protocol for callers that name none, 11 to 14 (default: ${default})."`
}

// Run creates a token and prints its SID and secret.
func (c tokenCreate) Run(ctx context.Context, s streams) error {
	if c.Version < wire.OldestVersion || c.Version > wire.CurrentVersion {
		return fmt.Errorf("--version %d: there are versions %d to %d", c.Version, wire.OldestVersion, wire.CurrentVersion)
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error { return c.create(ctx, st, s) })
}

func (c tokenCreate) create(ctx context.Context, st *sqlstore.Store, s streams) error {
	accounts, err := st.Accounts(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(accounts, c.Account) {
		return fmt.Errorf("--account %d: no such account; record it with: trueup apply -f FILE", c.Account)
	}
	secret, hash := store.NewSecret()
	token := store.Token{
		SID: store.NewSID(), Account: c.Account, Name: c.Name, Hash: hash, Version: c.Version,
		Scopes: []store.Scope{store.ScopeAll}, Created: time.Now().UTC(),
	}
	if err := st.SaveToken(ctx, token); err != nil {
		return err
	}
	s.printf("TRUEUP_SID=%s\nTRUEUP_TOKEN=%s\n", token.SID, secret)
	return nil
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
	fmt.Fprintln(table, "SID\tACCOUNT\tVERSION\tCREATED\tDISABLED\tNAME")
	for _, t := range tokens {
		disabled := "-"
		if !t.Disabled.IsZero() {
			disabled = t.Disabled.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\n", t.SID, t.Account, t.Version, t.Created.UTC().Format(time.RFC3339), disabled, t.Name)
	}
	return table.Flush()
}

type tokenDisable struct {
	dataFlag
	SID string `arg:"" help:"SID of the token."`
}

// Run disables a token; done before, it stays as it was.
func (c tokenDisable) Run(ctx context.Context, s streams) error {
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error { return c.disable(ctx, st, s) })
}

func (c tokenDisable) disable(ctx context.Context, st *sqlstore.Store, s streams) error {
	token, err := st.Token(ctx, c.SID)
	if errors.Is(err, trueup.ErrNotFound) {
		return fmt.Errorf("there is no token %q; see: trueup token list", c.SID)
	}
	if err != nil || !token.Disabled.IsZero() {
		return err
	}
	token.Disabled = time.Now().UTC()
	if err := st.SaveToken(ctx, token); err != nil {
		return err
	}
	s.printf("%s is disabled.\n", c.SID)
	return nil
}
