package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/batchfile/command"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type importCommand struct {
	cli.StoreFlags
	cli.ClockFlag
	command.Import `embed:""`

	Account int64 `required:"" placeholder:"ID" help:"Account."`
}

// Run imports a file and prints the result. A server may be running.
func (c importCommand) Run(ctx context.Context, s cli.Streams) error {
	now, err := c.Now()
	if err != nil {
		return err
	}
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		if err := c.Check(ctx, st); err != nil {
			return err
		}
		event := cli.UserEvent(store.OperationImport, "")
		event.At = now().UTC()
		return c.Import.Run(ctx, command.Target{
			Store: st, Account: c.Account, Now: now, Event: event, Out: s.Out, Err: s.Err,
			NewInbox: func() *batchfile.Inbox { return batchfile.New(st, now, s.Logger(), func(int64) {}) },
		})
	})
}
