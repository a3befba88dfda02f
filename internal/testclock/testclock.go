// Package testclock is the clock of a server for tests of clients. It stands still until an
// operator moves it, so that a test walks through months in a second.
package testclock

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
)

// Bounds of the time of a clock.
var (
	Earliest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	Latest   = time.Date(2199, time.December, 31, 0, 0, 0, 0, time.UTC)
)

// Errors of a time to which a clock can't be set.
var (
	ErrBack  = errors.New("a test clock moves only forward")
	ErrRange = fmt.Errorf("a test clock is within %s and %s", Earliest.Format(time.DateOnly), Latest.Format(time.DateOnly))
)

// Errors of a [MoveFunc], beside those above.
var (
	// ErrShared refuses a move while another server works on the same store, by a clock of its
	// own.
	ErrShared = errors.New("another server works on the store of the test clock")
	// ErrUnsettled reports that a clock was moved, but that the work that became due is not
	// done yet.
	ErrUnsettled = errors.New("the work that became due is not done yet")
)

// MoveFunc is like [Clock.Move], and returns once the work is done that became due.
type MoveFunc func(ctx context.Context, target func(now time.Time) time.Time, record func(from, to time.Time) error) error

// Clock is a clock that stands still. Its methods are safe for concurrent use.
type Clock struct {
	// moving is held during a move, and mu while now is read or set.
	moving sync.Mutex
	mu     sync.Mutex
	now    time.Time
}

// New returns a clock that stands at start, or [ErrRange].
func New(start time.Time) (*Clock, error) {
	start = start.UTC().Truncate(time.Microsecond)
	if err := check(start); err != nil {
		return nil, err
	}
	return &Clock{now: start}, nil
}

func check(t time.Time) error {
	if t.Before(Earliest) || t.After(Latest) {
		return ErrRange
	}
	return nil
}

// Now returns the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// CatchUp moves the clock to t if it is before t, and reports whether it was. A store's
// newest instant is not in the future of its clock.
func (c *Clock) CatchUp(t time.Time) (moved bool, err error) {
	if !t.After(c.Now()) {
		return false, nil
	}
	return true, c.Move(func(time.Time) time.Time { return t }, func(_, _ time.Time) error { return nil })
}

// Move moves the clock to the time that target returns for the present one. Before that, it
// calls record with both times. If record returns an error, or the time is earlier ([ErrBack])
// or out of range ([ErrRange]), Move returns it and moves nothing. Moves run one after another.
func (c *Clock) Move(target func(now time.Time) time.Time, record func(from, to time.Time) error) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	from := c.Now()
	to := target(from).UTC().Truncate(time.Microsecond)
	if to.Before(from) {
		return ErrBack
	}
	if err := check(to); err != nil {
		return err
	}
	if err := record(from, to); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
	return nil
}

// Guard returns a guard that trusts the clock, however far it moves.
func (c *Clock) Guard(log *slog.Logger) *clockguard.Guard {
	return clockguard.NewWith(time.Time{}, log, c.Now, func() time.Duration { return c.Now().Sub(Earliest) })
}
