package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type verifyCommand struct{ dataFlag }

// Run holds a store, which may be in use, against the laws of docs/rules.md,
// section 9, and fails with the first offenders.
func (c verifyCommand) Run(ctx context.Context, s streams) (err error) {
	st, err := c.openReadOnly(ctx, ledgerFolder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	offences, err := store.Verify(ctx, st, ledger.Decide)
	if err != nil {
		return err
	}
	for _, o := range offences {
		s.printf("%s\n", o)
	}
	if len(offences) > 0 {
		return fmt.Errorf("%d offences, at most %d are shown", len(offences), store.MaxOffences)
	}
	s.printf("All accounts hold together.\n")
	return nil
}

type migrateCommand struct {
	dataFlag
	Citus bool `help:"With --store: spread the tables by account over the nodes of Citus."`
}

func (c migrateCommand) migrate(ctx context.Context) (sqlstore.Migration, error) {
	if c.Store != "" {
		return sqlstore.MigratePostgres(ctx, c.Store)
	}
	dir, err := c.dir(ledgerFolder)
	if err != nil {
		return sqlstore.Migration{}, err
	}
	return sqlstore.Migrate(ctx, dir)
}

// Run brings the store to this program's version.
func (c migrateCommand) Run(ctx context.Context, s streams) error {
	if c.Citus && c.Store == "" {
		return errors.New("--citus does something with --store only")
	}
	m, err := c.migrate(ctx)
	if err != nil {
		return err
	}
	if m.From == m.To {
		s.printf("The store is at version %d already.\n", m.To)
	} else {
		s.printf("The store went from version %d to %d.\n", m.From, m.To)
	}
	if !c.Citus {
		return nil
	}
	tables, err := sqlstore.Distribute(ctx, c.Store)
	if err != nil {
		return err
	}
	s.printf("%d tables were distributed by account.\n", tables)
	return nil
}
