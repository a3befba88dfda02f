package main

import (
	"context"
	"errors"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type verifyCommand struct {
	cli.StoreFlags
	archiveFlag
}

// Run verifies a store, which may be in use, against the invariants of docs/rules.md,
// section 9. It prints the violations and fails if there are any.
func (c verifyCommand) Run(ctx context.Context, s cli.Streams) (err error) {
	st, err := c.OpenReadOnly(ctx, cli.LedgerFolder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	damaged := c.CheckLog(ctx) // the rest is verified all the same
	return errors.Join(damaged, maintenance.VerifyStore(ctx, s.Out, st, c.folder()))
}

type migrateCommand struct {
	cli.StoreFlags
	Citus bool `help:"With --store: distribute the tables by account over the nodes of Citus."`
}

func (c migrateCommand) migrate(ctx context.Context) (sqldb.Migration, error) {
	if c.Store != "" {
		return sqlstore.MigratePostgres(ctx, c.Store)
	}
	dir, err := c.Dir(cli.LedgerFolder)
	if err != nil {
		return sqldb.Migration{}, err
	}
	return sqlstore.Migrate(ctx, dir)
}

// Run migrates the store to the version of this program.
func (c migrateCommand) Run(ctx context.Context, s cli.Streams) error {
	if c.Citus && c.Store == "" {
		return cli.Usage("--citus needs --store")
	}
	place, exists, err := c.Exists(ctx, cli.LedgerFolder)
	if err != nil {
		return err
	}
	m, err := c.migrate(ctx)
	if err != nil {
		return err
	}
	if !exists {
		s.Created(place)
	}
	if m.From == m.To {
		s.Printf("The store is already at version %d.\n", m.To)
	} else {
		s.Printf("Migrated the store from version %d to %d.\n", m.From, m.To)
	}
	if !c.Citus {
		return nil
	}
	tables, err := sqlstore.Distribute(ctx, c.Store)
	if err != nil {
		return err
	}
	s.Printf("Distributed %d tables by account.\n", tables)
	return nil
}
