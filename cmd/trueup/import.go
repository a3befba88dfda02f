package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/batchfile/command"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type importCommand struct {
	storeFlags
	clockFlag
	command.Import `embed:""`

	Account int64 `required:"" placeholder:"ID" help:"Account."`
}

// Run imports a file and prints the result. A server may be running.
func (c importCommand) Run(ctx context.Context, s streams) error {
	now, err := c.now()
	if err != nil {
		return err
	}
	return c.useAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		if err := c.check(ctx, st); err != nil {
			return err
		}
		event := userEvent(store.OperationImport, "")
		event.At = now().UTC()
		return c.Import.Run(ctx, command.Target{
			Store: st, Account: c.Account, Now: now, Event: event, Out: s.out, Err: s.err,
			NewInbox: func() *batchfile.Inbox { return batchfile.New(st, now, s.logger(), func(int64) {}) },
		})
	})
}
