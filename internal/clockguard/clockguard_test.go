package clockguard_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
)

// clocks are a wall clock and the time since boot, which the test sets.
type clocks struct {
	wall time.Time
	boot time.Duration
}

// pass lets time pass on both clocks.
func (c *clocks) pass(d time.Duration) { c.wall, c.boot = c.wall.Add(d), c.boot+d }

// jump sets the wall clock.
func (c *clocks) jump(d time.Duration) { c.wall = c.wall.Add(d) }

var start = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func TestClockIsTrusted(t *testing.T) {
	tests := map[string]struct {
		newest time.Time
		// each step is followed by a check, whose result is in trusted.
		steps   []func(*clocks)
		trusted []bool
	}{
		"while it doesn't jump":                     {start, []func(*clocks){pass(day), pass(1000 * day)}, []bool{true, true}},
		"after a small jump":                        {start, []func(*clocks){jump(5 * time.Minute)}, []bool{true}},
		"not after a large jump, until it is right": {start, []func(*clocks){jump(6 * time.Minute), pass(day), jump(-6 * time.Minute)}, []bool{false, false, true}},
		"not after small jumps that add up":         {start, []func(*clocks){jump(3 * time.Minute), jump(3 * time.Minute)}, []bool{true, false}},
		"after a jump back and forth":               {start, []func(*clocks){jump(-day), jump(day)}, []bool{true, true}},
		"in an empty store":                         {time.Time{}, []func(*clocks){pass(0)}, []bool{true}},
		"at a start after 400 days":                 {start.Add(-400 * day), []func(*clocks){pass(0), pass(day)}, []bool{true, true}},
		"not at a start after more than 400 days":   {start.Add(-401 * day), []func(*clocks){pass(0), pass(day)}, []bool{false, false}},
		"at such a start once it is right, but not after a later jump": {
			start.Add(-1000 * day), []func(*clocks){jump(-900 * day), pass(day), jump(day)}, []bool{true, true, false},
		},
		"if it is behind the store": {start.Add(day), []func(*clocks){pass(0)}, []bool{true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := &clocks{wall: start, boot: time.Hour}
			g := newGuard(c, test.newest, new(strings.Builder))
			for i, step := range test.steps {
				step(c)
				err := g.Check()
				if (err == nil) != test.trusted[i] {
					t.Errorf("step %d: the error is %v", i+1, err)
				}
				if now := g.Now(); err == nil && !now.Equal(c.wall) || err != nil && !now.Before(c.wall) {
					t.Errorf("step %d: the guard says %v, the clock %v (%v)", i+1, now, c.wall, err)
				}
			}
		})
	}
}

func pass(d time.Duration) func(*clocks) { return func(c *clocks) { c.pass(d) } }
func jump(d time.Duration) func(*clocks) { return func(c *clocks) { c.jump(d) } }

func newGuard(c *clocks, newest time.Time, log *strings.Builder) *clockguard.Guard {
	return clockguard.NewWith(newest, slog.New(slog.NewTextHandler(log, nil)),
		func() time.Time { return c.wall }, func() time.Duration { return c.boot })
}

func TestAnOperatorAcceptsTheClock(t *testing.T) {
	for name, newest := range map[string]time.Time{"after a jump": start, "at a start": start.Add(-1000 * day)} {
		t.Run(name, func(t *testing.T) {
			c := &clocks{wall: start}
			var log strings.Builder
			g := newGuard(c, newest, &log)
			c.jump(day)
			var jumped *clockguard.Error
			if err := g.Check(); !errors.As(err, &jumped) || !jumped.Clock.Equal(c.wall) {
				t.Fatalf("the error is %v", err)
			}
			failure := errors.New("disk full")
			if accepted, err := g.Accept(func(*clockguard.Error) error { return failure }); accepted || !errors.Is(err, failure) || g.Check() == nil {
				t.Errorf("accepted %t without a record (%v)", accepted, err)
			}
			recorded := false
			record := func(e *clockguard.Error) error {
				recorded = e.Clock.Equal(c.wall)
				return nil
			}
			if accepted, err := g.Accept(record); !accepted || !recorded || err != nil {
				t.Errorf("accepted %t, recorded %t (%v)", accepted, recorded, err)
			}
			c.pass(time.Hour)
			if err := g.Check(); err != nil {
				t.Errorf("after Accept: %v", err)
			}
			if accepted, err := g.Accept(nil); accepted || err != nil {
				t.Errorf("a clock that is trusted: %t, %v", accepted, err)
			}
			c.jump(day)
			if g.Check() == nil {
				t.Error("a later jump isn't detected")
			}
		})
	}
}

func TestChangesAreLoggedOnce(t *testing.T) {
	c := &clocks{wall: start}
	var log strings.Builder
	g := newGuard(c, start, &log)
	for range 2 {
		for _, d := range []time.Duration{day, 0, -day, 0} {
			c.jump(d)
			_ = g.Check() // the log shows the result
		}
	}
	text := log.String()
	if strings.Count(text, "writes are refused") != 2 || strings.Count(text, "the clock is right again") != 2 {
		t.Errorf("the log is %s", text)
	}
	if !strings.Contains(text, "2026-11-03T12:00:00Z and has jumped ahead by more than 5m0s") {
		t.Errorf("the log lacks the reason: %s", text)
	}
}

func TestTheSystemsClockDoesNotJump(t *testing.T) {
	g := clockguard.New(time.Now(), slog.New(slog.DiscardHandler))
	if err := g.Check(); err != nil {
		t.Error(err)
	}
	if clockguard.CheckStart(time.Now(), time.Now().Add(-401*day)) == nil || clockguard.CheckStart(time.Now(), time.Time{}) != nil {
		t.Error("CheckStart disagrees")
	}
}
