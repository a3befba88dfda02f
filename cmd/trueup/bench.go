package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/bench/flags"
	"github.com/trueup-ledger/trueup/internal/bench/harness"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type benchCommand struct {
	storeFlags
	flags.Flags
}

// Run applies a load to a server and prints the measurements.
func (c benchCommand) Run(ctx context.Context, s streams) error {
	at := func(p harness.Place) storeFlags { return storeFlags{Data: p.Folder, Store: p.Database} }
	return harness.Benchmark{
		Flags: c.Flags, Place: harness.Place{Folder: c.Data, Database: c.Store}, Out: s.out, Progress: s.err,
		Open:   func(ctx context.Context, p harness.Place) (*sqlstore.Store, error) { return at(p).open(ctx, "") },
		Create: func(ctx context.Context, p harness.Place) (*sqlstore.Store, error) { return at(p).create(nil)(ctx, "") },
	}.Run(ctx)
}
