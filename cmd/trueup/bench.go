package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/bench/flags"
	"github.com/trueup-ledger/trueup/internal/bench/harness"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type benchCommand struct {
	cli.StoreFlags
	flags.Flags
}

// Run applies a load to a server and prints the measurements.
func (c benchCommand) Run(ctx context.Context, s cli.Streams) error {
	at := func(p harness.Place) cli.StoreFlags { return cli.StoreFlags{Data: p.Folder, Store: p.Database} }
	return harness.Benchmark{
		Flags: c.Flags, Place: harness.Place{Folder: c.Data, Database: c.Store}, Out: s.Out, Progress: s.Err,
		Open:   func(ctx context.Context, p harness.Place) (*sqlstore.Store, error) { return at(p).Open(ctx, "") },
		Create: func(ctx context.Context, p harness.Place) (*sqlstore.Store, error) { return at(p).Create(nil)(ctx, "") },
	}.Run(ctx)
}
