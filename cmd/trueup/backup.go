package main

import (
	"context"
	"errors"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/maintenance/command"
	"github.com/trueup-ledger/trueup/internal/store"
)

// backupCommands are the commands for backups. Without a verb, a file is created, as in version
// 0.1.
type backupCommands struct {
	Create backupCreateCommand `cmd:"" default:"withargs" help:"Copy the database to a file, also while a server runs."`
	Verify backupVerifyCommand `cmd:"" help:"Verify a backup without changing it."`
	List   backupListCommand   `cmd:"" help:"List the backups in a folder, newest first."`
}

type backupCreateCommand struct {
	cli.StoreFlags
	command.Create
}

// Run creates a backup.
func (c backupCreateCommand) Run(ctx context.Context, s cli.Streams) error {
	if c.Store != "" {
		return c.ForPostgres(c.Store)
	}
	dir, err := c.Dir(cli.LedgerFolder)
	if err != nil {
		return err
	}
	return c.Do(ctx, s.Out, dir)
}

type backupVerifyCommand struct{ command.Check }

// Run verifies a backup.
func (c backupVerifyCommand) Run(ctx context.Context, s cli.Streams) error { return c.Do(ctx, s.Out) }

type backupListCommand struct{ command.List }

// Run lists backups.
func (c backupListCommand) Run(s cli.Streams) error { return c.Do(s.Out) }

type restoreCommand struct {
	cli.StoreFlags
	command.Restore
}

// Run restores a backup.
func (c restoreCommand) Run(ctx context.Context, s cli.Streams) error {
	if c.Store != "" {
		return errors.New("restore is for SQLite: restore PostgreSQL with pg_restore, or restore to a folder and use trueup copy")
	}
	dir, err := c.Dir(cli.LedgerFolder)
	if err != nil {
		return err
	}
	return c.Do(ctx, s.Out, dir, cli.UserEvent(store.OperationRestore, c.Reason))
}

type copyCommand struct{ command.Copy }

// Run copies a ledger.
func (c copyCommand) Run(ctx context.Context, s cli.Streams) error {
	err := c.Do(ctx, s.Out)
	if errors.Is(err, maintenance.ErrNoLedger) {
		return cli.NotFound("%w: check --from", err)
	}
	return err
}
