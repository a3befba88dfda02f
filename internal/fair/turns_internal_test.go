package fair

import (
	"context"
	"errors"
	"testing"
	"time"
)

// clock is a clock that the test advances.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// isReady reports whether a ticket holds a slot.
func isReady(t *Ticket) bool {
	select {
	case <-t.Ready():
		return true
	default:
		return false
	}
}

// TestTheTenantThatUsedTheLeastTimeIsNext enqueues tickets while the first tenant's call is
// running, and lets each call take the time of its tenant.
func TestTheTenantThatUsedTheLeastTimeIsNext(t *testing.T) {
	tests := map[string]struct {
		waiting []int64                 // tenants, in the order of arrival
		takes   map[int64]time.Duration // default: 1 ms
		want    []int64
	}{
		"a light tenant overtakes all calls of a heavy one": {
			[]int64{1, 1, 1, 1, 2}, map[int64]time.Duration{1: time.Second}, []int64{2, 1, 1, 1, 1},
		},
		"it has as much time as the heavy one, whose calls are long": {
			[]int64{1, 1, 2, 2, 2, 2}, map[int64]time.Duration{1: 3 * time.Millisecond}, []int64{2, 2, 2, 1, 2, 1},
		},
		"equal tenants take turns": {[]int64{1, 1, 1, 2, 2, 2}, nil, []int64{2, 1, 2, 1, 2, 1}},
		"many heavy tenants are behind a light one": {
			[]int64{3, 4, 3, 4, 3, 4, 2}, map[int64]time.Duration{3: time.Second, 4: time.Second}, []int64{3, 4, 2, 3, 4, 3, 4},
		},
		"calls of one tenant keep their order": {[]int64{1, 1, 1}, nil, []int64{1, 1, 1}},
		"the first tenant is next whatever it used, but another has every second turn": {
			[]int64{1, 2, First, First, First, First}, map[int64]time.Duration{First: time.Minute}, []int64{First, 2, First, 1, First, First},
		},
		"the first tenant's calls don't change the order of the others": {
			[]int64{2, 3, First, 2, 3}, map[int64]time.Duration{1: time.Second, First: time.Minute}, []int64{First, 2, 3, 2, 3},
		},
		"a tenant is not held back for as long as its call took": {
			[]int64{1, 2, 2, 2, 2, 2, 2}, map[int64]time.Duration{1: time.Hour, 2: maxLag / 2}, []int64{2, 2, 2, 2, 1, 2, 2},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := &clock{time.Unix(0, 0)}
			s := NewTurns(1, c.now)
			running := s.Enqueue(1)
			tickets := make(map[*Ticket]bool)
			var order []*Ticket
			for _, tenant := range test.waiting {
				ticket := s.Enqueue(tenant)
				order, tickets[ticket] = append(order, ticket), true
			}
			for i, want := range test.want {
				took := test.takes[running.tenant]
				if took == 0 {
					took = time.Millisecond
				}
				c.Time = c.Add(took)
				s.Release(running)
				running = nil
				for _, ticket := range order { // the earliest of those that are ready
					if tickets[ticket] && isReady(ticket) {
						running, tickets[ticket] = ticket, false
						break
					}
				}
				if running == nil || running.tenant != want {
					t.Fatalf("call %d is of %+v, want one of tenant %d", i+1, running, want)
				}
			}
			s.Release(running)
			if s.free != 1 || len(s.ends) != 0 || len(s.waiting) != 0 {
				t.Errorf("in the end %d slots are free, %v ends and %d tickets wait", s.free, s.ends, len(s.waiting))
			}
		})
	}
}

func TestTurnsReportWhetherTheFirstTenantWaits(t *testing.T) {
	s := NewTurns(1, time.Now)
	running, other := s.Enqueue(1), s.Enqueue(2)
	if s.FirstWaits() {
		t.Error("it waits before its call")
	}
	first := s.Enqueue(First)
	if !s.FirstWaits() {
		t.Error("it doesn't wait during the call of another tenant")
	}
	s.Release(running)
	if s.FirstWaits() || !isReady(first) {
		t.Error("it waits during its own call")
	}
	s.Release(first)
	s.Release(other)
}

func TestTurnsHaveSeveralSlots(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	s := NewTurns(2, c.now)
	first, second, third := s.Enqueue(1), s.Enqueue(1), s.Enqueue(1)
	if !isReady(first) || !isReady(second) || isReady(third) {
		t.Fatal("two of three tickets must be ready")
	}
	s.Release(third) // it gives up
	s.Release(second)
	if other := s.Enqueue(2); !isReady(other) {
		t.Error("a free slot isn't used")
	}
}

func TestUseGivesUpWhenItsContextEnds(t *testing.T) {
	for name, s := range map[string]Scheduler{"Pool": NewPool(1), "Turns": NewTurns(1, time.Now)} {
		t.Run(name, func(t *testing.T) {
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			holding := s.Enqueue(1)
			if err := Use(ended, s, 2, func() error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
			s.Release(holding)
			called := false
			if err := Use(t.Context(), s, 2, func() error { called = true; return nil }); err != nil || !called {
				t.Errorf("the slot isn't free: %v", err)
			}
		})
	}
}
