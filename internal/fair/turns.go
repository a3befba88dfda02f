package fair

import (
	"math"
	"slices"
	"sync"
	"time"
)

// maxLag is the time for which earlier use counts. A tenant whose one call took a minute is
// not held back for a minute of the others' calls, and one that was idle for a minute is not
// preferred for that long.
const maxLag = time.Second

// First is the tenant of [Turns] that precedes the others.
const First = math.MinInt64

// Turns shares slots by time: a free slot goes to the waiting tenant that has used the least.
// A tenant that used little lately is next after the calls that are running, however many
// calls of the others are waiting and however long those take. Create it with [NewTurns].
//
// It is start-time fair queuing: virtual time is the latest start of a call, in units of used
// time. A tenant's next call starts at the end of its last one, at most maxLag before or after
// virtual time.
//
// The tenant [First] is always next, whatever it used. But after each of its calls one of
// the others has a turn, if any waits.
type Turns struct {
	now func() time.Time

	mu      sync.Mutex
	free    int
	slots   int
	virtual time.Duration
	// ends holds the virtual end of each tenant's last call.
	ends    map[int64]time.Duration
	waiting []*Ticket
	// afterFirst reports whether the last call that began was one of First.
	afterFirst bool
}

// NewTurns returns turns with the given number of slots, measured by the clock now.
func NewTurns(slots int, now func() time.Time) *Turns {
	return &Turns{now: now, free: slots, slots: slots, ends: make(map[int64]time.Duration)}
}

// Enqueue implements [Scheduler].
func (s *Turns) Enqueue(tenant int64) *Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := newTicket(tenant)
	s.waiting = append(s.waiting, t)
	s.grant()
	return t
}

// Release implements [Scheduler]. The time since the ticket became ready counts as used.
func (s *Turns) Release(t *Ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, t); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		return
	}
	s.free++
	if t.tenant != First {
		end := s.start(t.tenant) + max(s.now().Sub(t.granted), 0)
		s.ends[t.tenant] = min(end, s.virtual+maxLag)
	}
	s.grant()
	if s.free == s.slots { // nobody waits: who used how much no longer matters
		s.virtual = 0
		clear(s.ends)
	}
}

// start returns the virtual start of a tenant's next call.
func (s *Turns) start(tenant int64) time.Duration {
	end, known := s.ends[tenant]
	if !known {
		return s.virtual - maxLag
	}
	return max(end, s.virtual-maxLag)
}

// FirstWaits reports whether a ticket of [First] is waiting, so that a long call of another
// tenant should end soon.
func (s *Turns) FirstWaits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.waiting, func(t *Ticket) bool { return t.tenant == First })
}

// grant gives the free slots to the waiting tickets that are next. The caller holds s.mu.
func (s *Turns) grant() {
	for s.free > 0 && len(s.waiting) > 0 {
		next := s.next()
		t := s.waiting[next]
		s.waiting = slices.Delete(s.waiting, next, next+1)
		s.free--
		if s.afterFirst = t.tenant == First; !s.afterFirst {
			s.virtual = max(s.virtual, s.start(t.tenant))
		}
		t.granted = s.now()
		close(t.ready)
	}
}

// next returns the index of the waiting ticket that is next: that of First if it is its
// turn, otherwise the one with the earliest start, of equal ones the first.
func (s *Turns) next() int {
	next, first := -1, -1
	for i, t := range s.waiting {
		switch {
		case t.tenant == First:
			if first < 0 {
				first = i
			}
		case next < 0 || s.start(t.tenant) < s.start(s.waiting[next].tenant):
			next = i
		}
	}
	if next < 0 || first >= 0 && !s.afterFirst {
		return first
	}
	return next
}
