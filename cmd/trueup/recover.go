package main

import (
	"context"
	"errors"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/logcheck"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type recoverCommand struct {
	cli.StoreFlags
	AcceptLoss bool `help:"Continue without the missing writes. The damaged files are copied first."`
}

// Run reports whether acknowledged writes are missing. With --accept-loss it makes the store
// writable again without them.
func (c recoverCommand) Run(ctx context.Context, s cli.Streams) error {
	if c.Store != "" {
		return errors.New("recover is for SQLite: PostgreSQL checks its own log")
	}
	err := c.CheckLog(ctx)
	if err == nil {
		s.Printf("The write-ahead log is complete: nothing to recover.\n")
		return nil
	}
	if !c.AcceptLoss || !errors.Is(err, logcheck.ErrDamaged) {
		return err
	}
	s.Printf("%v\n", err)
	return c.WithLock(ctx, cli.LedgerFolder, func(dir string) error {
		copies, err := sqldb.AcceptLoss(ctx, dir)
		if err != nil {
			return err
		}
		s.Printf("Copied the damaged files to %s and recovered the rest. Verifying it:\n", copies)
		return c.Use(ctx, func(st *sqlstore.Store) error { return maintenance.VerifyStore(ctx, s.Out, st, nil) })
	})
}
