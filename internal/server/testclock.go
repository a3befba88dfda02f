package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/testclock"
)

const (
	// leaderTimeout bounds the time for which a move of the test clock waits until this
	// process is the leader. Only another process delays it.
	leaderTimeout = 5 * time.Second
	// settleTimeout bounds the time for which a move waits for the work that became due.
	settleTimeout = writeTimeout - 10*time.Second
)

// moveClock returns the function that moves the test clock, or nil without one.
func (c Config) moveClock(s *services) testclock.MoveFunc {
	if c.Emulation == nil || c.Emulation.Clock == nil {
		return nil
	}
	return func(ctx context.Context, target func(time.Time) time.Time, record func(from, to time.Time) error) error {
		if !s.leader.wait(ctx, leaderTimeout) {
			return testclock.ErrShared
		}
		if err := c.Emulation.Clock.Move(target, record); err != nil {
			return err
		}
		return settle(ctx, settleTimeout, s.due())
	}
}

// due returns the functions that do the work that is due and return once it is done, in
// order: the work of each may feed the next ones.
func (s *services) due() []func(context.Context) error {
	return []func(context.Context) error{s.inbox.Settle, s.applier.Settle, s.biller.Settle, s.notifier.Settle, s.retainer.Settle}
}

// settle calls the functions. After the timeout it returns [testclock.ErrUnsettled], and the
// work goes on.
func settle(ctx context.Context, timeout time.Duration, due []func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, do := range due {
		if err := do(ctx); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				err = fmt.Errorf("%w: %w", testclock.ErrUnsettled, err)
			}
			return err
		}
	}
	return nil
}
