package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type applyCommand struct {
	cli.StoreFlags
	cli.ClockFlag
	File   string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"Reference file, in YAML or JSON."`
	DryRun bool   `help:"Print the changes and record nothing."`
	Force  bool   `help:"Record terms that are implausible, such as a rate over 100 %."`
}

// Run records the reference data and prints what changed. A server may be running: it prices
// the submissions that it accepts from then on by the new data.
func (c applyCommand) Run(ctx context.Context, s cli.Streams) error {
	text, err := output.ReadFile(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	file, err := refdata.Parse(filepath.Base(c.File), text)
	if err != nil {
		return err
	}
	if c.Force {
		file.Force()
	}
	now, err := c.Time()
	if err != nil {
		return err
	}
	if c.DryRun {
		return c.preview(ctx, s, file, now)
	}
	return cli.Delayed(ctx, s, c.Create(s.Created), func(st *sqlstore.Store, s cli.Streams) error {
		if err := c.Check(ctx, st); err != nil {
			return err
		}
		event := cli.UserEvent(store.OperationRecord, "")
		event.At = now.UTC()
		recorded, err := file.Record(ctx, st, event.At, event)
		output.Recorded(s.Out, recorded)
		return err
	})
}

// preview prints what Run would record. It opens the store read-only.
func (c applyCommand) preview(ctx context.Context, s cli.Streams, file *refdata.File, now time.Time) (err error) {
	var reader refdata.Reader = noLedger{}
	place, exists, err := c.Exists(ctx, cli.LedgerFolder)
	if err != nil {
		return err
	}
	if exists {
		st, err := c.OpenReadOnly(ctx, cli.LedgerFolder)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, st.Close()) }()
		reader = st
	}
	recorded, err := file.Preview(ctx, reader, now)
	if err != nil {
		return err
	}
	output.Recorded(s.Out, recorded)
	s.Printf("Dry run: nothing was recorded.\n")
	if !exists {
		s.Printf("There is no ledger in %s; trueup apply creates it.\n", place)
	}
	return nil
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
