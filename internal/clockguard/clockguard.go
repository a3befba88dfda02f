// Package clockguard detects jumps of the system's clock, so that a clock that is wrong for a
// moment doesn't reach the ledger: its instants never decrease, and actions lock by them.
package clockguard

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	// maxAhead is the time by which the clock may move ahead of the time since boot while a
	// program runs.
	maxAhead = 5 * time.Minute
	// MaxGap is the time between the newest instant of a store and the start of a program
	// above which the clock is not trusted.
	MaxGap = 400 * 24 * time.Hour
)

// Error reports that the clock is not trusted.
type Error struct {
	// Clock is the time of the clock, and Expected the latest time that is trusted.
	Clock, Expected time.Time
	// AtStart reports that the clock was too far ahead of the store when the program started.
	// Otherwise it jumped since.
	AtStart bool
}

// Error describes the jump.
func (e *Error) Error() string {
	if e.AtStart {
		return fmt.Sprintf("the clock says %s, more than %d days after the newest record in the store",
			e.Clock.UTC().Format(time.RFC3339), MaxGap/(24*time.Hour))
	}
	return fmt.Sprintf("the clock says %s and has jumped ahead by more than %v: the time is at most %s",
		e.Clock.UTC().Format(time.RFC3339), maxAhead, e.Expected.UTC().Format(time.RFC3339))
}

// CheckStart returns an [*Error] if the clock is too far ahead of the newest instant of a
// store. An empty store has none; for the zero time CheckStart returns nil.
func CheckStart(now, newest time.Time) error {
	if limit := newest.Add(MaxGap); !newest.IsZero() && now.After(limit) {
		return &Error{Clock: now, Expected: limit, AtStart: true}
	}
	return nil
}

// Guard watches a clock. Its methods are safe for concurrent use. Create it with [New].
type Guard struct {
	wall func() time.Time
	boot func() time.Duration
	log  *slog.Logger

	mu sync.Mutex
	// limit is the latest time that is trusted at a start, or zero once the clock was at or
	// below it.
	limit time.Time
	// began and begin are the times of both clocks from which jumps are measured.
	began time.Time
	begin time.Duration
	// failed reports whether the last check failed, which is logged once.
	failed bool
}

// New returns a guard of the system's clock for a store with the given newest instant, or the
// zero time. It logs when the clock is no longer trusted, and when it is again.
func New(newest time.Time, log *slog.Logger) *Guard {
	return NewWith(newest, log, time.Now, sinceBoot)
}

// NewWith is [New] for other clocks: wall may jump, and boot, which counts from any instant,
// doesn't.
func NewWith(newest time.Time, log *slog.Logger, wall func() time.Time, boot func() time.Duration) *Guard {
	g := &Guard{wall: wall, boot: boot, log: log}
	if !newest.IsZero() {
		g.limit = newest.Add(MaxGap)
	}
	g.restart(g.read())
	_ = g.Check() // logs an error
	return g
}

// read returns the times of both clocks. The time of the wall clock has no monotonic part,
// which would hide a jump.
func (g *Guard) read() (wall time.Time, boot time.Duration) { return g.wall().Round(0), g.boot() }

// restart measures jumps from the given times. The caller holds g.mu.
func (g *Guard) restart(wall time.Time, boot time.Duration) { g.began, g.begin = wall, boot }

// Check returns an [*Error] while the clock is not trusted.
func (g *Guard) Check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, err := g.check(); err != nil {
		return err
	}
	return nil
}

// Now returns the time of the clock or, while that is not trusted, the latest time that is.
func (g *Guard) Now() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, err := g.check()
	if err != nil {
		return err.Expected
	}
	return now
}

// Accept makes the guard trust the clock, and reports whether it didn't before. If it didn't,
// Accept first calls record with the reason, and changes nothing if record fails.
func (g *Guard) Accept(record func(*Error) error) (accepted bool, err error) {
	var reason *Error
	if !errors.As(g.Check(), &reason) {
		return false, nil
	}
	if err := record(reason); err != nil {
		return false, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit, g.failed = time.Time{}, false
	g.restart(g.read())
	g.log.Warn("the clock was accepted: writes are possible again", "clock", g.began)
	return true, nil
}

// check checks the clock and logs a change of the result. The caller holds g.mu.
func (g *Guard) check() (now time.Time, err *Error) {
	now, boot := g.read()
	if err = g.checkStart(now, boot); err == nil {
		if limit := g.began.Add(boot - g.begin + maxAhead); now.After(limit) {
			err = &Error{Clock: now, Expected: limit}
		}
	}
	if failed := err != nil; failed != g.failed {
		g.failed = failed
		if failed {
			g.log.Error("writes are refused until the clock is right or an operator accepts it, by POST /admin/v1/clock/accept or trueup serve --accept-clock", "error", err)
		} else {
			g.log.Info("the clock is right again: writes are possible", "clock", now)
		}
	}
	return now, err
}

// checkStart returns an error as long as the clock has been too far ahead of the store since
// the start.
func (g *Guard) checkStart(now time.Time, boot time.Duration) *Error {
	switch {
	case g.limit.IsZero():
		return nil
	case now.After(g.limit):
		return &Error{Clock: now, Expected: g.limit, AtStart: true}
	}
	g.limit = time.Time{}
	g.restart(now, boot) // the clock may have been set back a moment ago
	return nil
}
