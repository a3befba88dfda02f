package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

type verifyCommand struct{ storeFlags }

// Run verifies a store, which may be in use, against the invariants of docs/rules.md,
// section 9. It prints the violations and fails if there are any.
func (c verifyCommand) Run(ctx context.Context, s streams) (err error) {
	st, err := c.openReadOnly(ctx, ledgerFolder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	damaged := c.checkLog(ctx) // the rest is verified all the same
	return errors.Join(damaged, verifyStore(ctx, s, st))
}

// verifyStore prints the violations of a store and fails if there are any.
func verifyStore(ctx context.Context, s streams, st *sqlstore.Store) error {
	result, err := verify.Run(ctx, st, ledger.Decide)
	for _, v := range result.Violations {
		s.printf("%s\n", v)
	}
	if err != nil {
		return err
	}
	if checked, err := st.HasIntegrityCheck(ctx); err != nil {
		return err
	} else if !checked {
		s.printf("The indexes were not checked: the server has no extension amcheck, or doesn't permit its use.\n")
	}
	if n := len(result.Violations); n > 0 {
		return fmt.Errorf("%d violations; at most %d are printed", n, verify.MaxViolations)
	}
	if result.Erased > 0 {
		s.printf("%d actions are erased: they were verified without personal data.\n", result.Erased)
	}
	s.printf("All accounts verified: no violations.\n")
	return nil
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
