package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

// clock returns the guard of the server's clock: of the test clock, if there is one.
func (c serveCommand) clock(ctx context.Context, st *sqlstore.Store, test *testclock.Clock, s cli.Streams) (*clockguard.Guard, error) {
	if test != nil {
		return test.Guard(s.Logger()), nil
	}
	newest, err := st.NewestInstant(ctx)
	if err != nil {
		return nil, err
	}
	clock := clockguard.New(newest, s.Logger())
	if c.AcceptClock {
		_, err = clock.Accept(func(e *clockguard.Error) error {
			return st.LogClock(ctx, e.Error(), cli.UserEvent(store.OperationAcceptClock, "--accept-clock"))
		})
	}
	return clock, err
}
