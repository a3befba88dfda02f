package main

import (
	"context"
	"errors"

	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type verifyCommand struct {
	storeFlags
	archiveFlag
}

// Run verifies a store, which may be in use, against the invariants of docs/rules.md,
// section 9. It prints the violations and fails if there are any.
func (c verifyCommand) Run(ctx context.Context, s streams) (err error) {
	st, err := c.openReadOnly(ctx, ledgerFolder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	damaged := c.checkLog(ctx) // the rest is verified all the same
	return errors.Join(damaged, maintenance.VerifyStore(ctx, s.out, st, c.folder()))
}

// checkLog checks the log of a SQLite database.
func (f storeFlags) checkLog(ctx context.Context) error {
	if f.Store != "" {
		return nil
	}
	dir, err := f.dir(ledgerFolder)
	if err != nil {
		return err
	}
	return sqlstore.CheckLog(ctx, dir)
}

type migrateCommand struct {
	storeFlags
	Citus bool `help:"With --store: distribute the tables by account over the nodes of Citus."`
}

func (c migrateCommand) migrate(ctx context.Context) (sqldb.Migration, error) {
	if c.Store != "" {
		return sqlstore.MigratePostgres(ctx, c.Store)
	}
	dir, err := c.dir(ledgerFolder)
	if err != nil {
		return sqldb.Migration{}, err
	}
	return sqlstore.Migrate(ctx, dir)
}

// Run migrates the store to the version of this program.
func (c migrateCommand) Run(ctx context.Context, s streams) error {
	if c.Citus && c.Store == "" {
		return usageError("--citus needs --store")
	}
	place, exists, err := c.exists(ctx, ledgerFolder)
	if err != nil {
		return err
	}
	m, err := c.migrate(ctx)
	if err != nil {
		return err
	}
	if !exists {
		s.created(place)
	}
	if m.From == m.To {
		s.printf("The store is already at version %d.\n", m.To)
	} else {
		s.printf("Migrated the store from version %d to %d.\n", m.From, m.To)
	}
	if !c.Citus {
		return nil
	}
	tables, err := sqlstore.Distribute(ctx, c.Store)
	if err != nil {
		return err
	}
	s.printf("Distributed %d tables by account.\n", tables)
	return nil
}
