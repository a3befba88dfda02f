package main

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

// clock returns the guard of the server's clock: of the test clock, if there is one.
func (c serveCommand) clock(ctx context.Context, st *sqlstore.Store, test *testclock.Clock, s streams) (*clockguard.Guard, error) {
	if test != nil {
		return test.Guard(s.logger()), nil
	}
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

// maxBehind is the time by which the clock may be behind the newest record in the store: the clock
// of another machine may have been ahead.
const maxBehind = 5 * time.Minute

// clockFlag is the flag of commands that work on the store of a server with a test clock.
type clockFlag struct {
	Clock *string `placeholder:"TIME" help:"Time of a test clock, if the store is that of a server with one (docs/emulate.md; default: now)."`
}

// time returns the time of the flag, or the present one without it.
func (f clockFlag) time() (time.Time, error) {
	now, err := f.now()
	if err != nil {
		return time.Time{}, err
	}
	return now(), nil
}

// now returns the function that returns the time of the flag, or the present one without it.
func (f clockFlag) now() (func() time.Time, error) {
	if f.Clock == nil {
		return time.Now, nil
	}
	clock, err := newTestClock(*f.Clock)
	if err != nil {
		return nil, err
	}
	return clock.Now, nil
}

// check returns an error if the time of the flag is before the second of the newest record in
// the store: the flag never dates anything back. Without the flag, it returns an error if the clock
// is too far ahead of the store, or behind it, as it is behind the store of a test clock that was
// moved to a later time.
func (f clockFlag) check(ctx context.Context, st *sqlstore.Store) error {
	if f.Clock == nil {
		if err := checkClock(ctx, st); err != nil {
			return err
		}
		newest, err := st.NewestInstant(ctx)
		if err == nil && time.Until(newest) > maxBehind {
			err = fmt.Errorf("the newest record in the store is of %s, in the future, and nothing is written: if a server with a test clock wrote it, add its time, as in --clock %[1]s; or else correct the clock of this machine",
				newest.UTC().Add(time.Second).Format(time.RFC3339))
		}
		return err
	}
	at, err := f.time()
	if err != nil {
		return err
	}
	newest, err := st.NewestInstant(ctx)
	if err == nil && at.Before(newest.Truncate(time.Second)) {
		err = usageError("--clock %s: the newest record in the store is of %s, and nothing is dated back; use that time or a later one, or an empty store",
			*f.Clock, newest.Format(time.RFC3339))
	}
	return err
}
