package main

import (
	"context"
	"time"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/operate"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type applyCommand struct {
	cli.AdminTarget
	operate.Apply `embed:""`
}

// Run records the reference data in a server, or in a ledger on this machine, which it creates if
// there is none. A server of that ledger may be running.
func (c applyCommand) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	server, err := c.Server(k)
	if err != nil {
		return err
	}
	if server != nil {
		return cli.ExitCode(c.Do(ctx, s, operate.Server{Client: server}))
	}
	now, err := c.Time()
	if err != nil {
		return err
	}
	if c.DryRun {
		return c.preview(ctx, s, now)
	}
	return c.Do(ctx, s, recordFunc(func(ctx context.Context, file *refdata.File) (recorded []refdata.Recorded, err error) {
		err = cli.Delayed(ctx, c.Create(s.Created), func(st *sqlstore.Store) error {
			if err := c.Check(ctx, st); err != nil {
				return err
			}
			event := cli.UserEvent(store.OperationRecord, "")
			event.At = now.UTC()
			recorded, err = file.Record(ctx, st, event.At, event)
			return err
		})
		return recorded, err
	}))
}

// preview prints what Run would record. It opens the store read-only.
func (c applyCommand) preview(ctx context.Context, s cli.Streams, now time.Time) (err error) {
	place, exists, err := c.Exists(ctx, cli.LedgerFolder)
	if err != nil {
		return err
	}
	err = c.Do(ctx, s, recordFunc(func(ctx context.Context, file *refdata.File) (recorded []refdata.Recorded, err error) {
		if !exists {
			return file.Preview(ctx, noLedger{}, now)
		}
		err = cli.UseStore(ctx, c.OpenReadOnly, cli.LedgerFolder, func(st *sqlstore.Store) error {
			recorded, err = file.Preview(ctx, st, now)
			return err
		})
		return recorded, err
	}))
	if err == nil && !exists {
		s.Printf("There is no ledger in %s; trueup apply creates it.\n", place)
	}
	return err
}

// recordFunc is an [operate.Recorder] of a ledger on this machine.
type recordFunc func(ctx context.Context, file *refdata.File) ([]refdata.Recorded, error)

// Record implements [operate.Recorder].
func (f recordFunc) Record(ctx context.Context, file *refdata.File, _ []byte, _ operate.Apply) ([]refdata.Recorded, error) {
	return f(ctx, file)
}

// noLedger is the [refdata.Reader] of a ledger that doesn't exist.
type noLedger struct{}

func (noLedger) CurrentReference(context.Context, int64) (*program.Reference, error) {
	return nil, ledger.ErrNotFound
}

func (noLedger) Click(context.Context, int64, string) (program.Click, error) {
	return program.Click{}, ledger.ErrNotFound
}

func (noLedger) RateTables(context.Context, int64, program.Date, program.Date, int) ([]program.RateTable, error) {
	return nil, nil
}
