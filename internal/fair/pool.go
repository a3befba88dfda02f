package fair

import (
	"slices"
	"sync"
)

// Pool shares slots by number, so that a tenant with many slow calls can't starve the
// others. A tenant may hold at most as many slots as it leaves free: half of all slots while
// no other tenant holds any, and a quarter while another one holds half. Create it with
// [NewPool].
type Pool struct {
	mu      sync.Mutex
	free    int
	held    map[int64]int // by tenant
	waiting []*Ticket
}

// NewPool returns a pool with the given number of slots.
func NewPool(slots int) *Pool { return &Pool{free: slots, held: make(map[int64]int)} }

// Enqueue implements [Scheduler].
func (p *Pool) Enqueue(tenant int64) *Ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := newTicket(tenant)
	p.waiting = append(p.waiting, t)
	p.grant()
	return t
}

// Release implements [Scheduler].
func (p *Pool) Release(t *Ticket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, t); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
		return
	}
	p.free++
	if p.held[t.tenant]--; p.held[t.tenant] == 0 {
		delete(p.held, t.tenant)
	}
	p.grant()
}

// grant makes waiting tickets ready, in the order of arrival, as far as the tenants'
// limits allow. The caller holds p.mu.
func (p *Pool) grant() {
	p.waiting = slices.DeleteFunc(p.waiting, func(t *Ticket) bool {
		if p.held[t.tenant] >= p.free {
			return false
		}
		p.free--
		p.held[t.tenant]++
		close(t.ready)
		return true
	})
}
