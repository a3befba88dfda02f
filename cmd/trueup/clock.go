package main

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// clock returns the guard of the server's clock.
func (c serveCommand) clock(ctx context.Context, st *sqlstore.Store, s streams) (*clockguard.Guard, error) {
	newest, err := st.NewestInstant(ctx)
	if err != nil {
		return nil, err
	}
	clock := clockguard.New(newest, s.logger())
	if c.AcceptClock {
		_, err = clock.Accept(func(e *clockguard.Error) error {
			return st.LogClock(ctx, e.Error(), userEvent(store.OperationAcceptClock, "--accept-clock"))
		})
	}
	return clock, err
}

// checkClock returns an error if the clock is too far ahead of the store to write to it.
func checkClock(ctx context.Context, st *sqlstore.Store) error {
	newest, err := st.NewestInstant(ctx)
	if err != nil {
		return err
	}
	if err := clockguard.CheckStart(time.Now(), newest); err != nil {
		return fmt.Errorf("%w: nothing is written; if the clock is right, confirm it once with: trueup serve --accept-clock", err)
	}
	return nil
}
