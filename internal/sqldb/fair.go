package sqldb

import (
	"slices"
	"sync"
)

// fairPool shares slots between tenants, so that a tenant with many slow readers can't
// starve the others. A tenant may hold at most as many slots as it leaves free: half of
// all slots while no other tenant holds any, and a quarter while another one holds half.
type fairPool struct {
	mu      sync.Mutex
	free    int
	held    map[int64]int // by tenant
	waiting []*ticket
}

// ticket is a request for a slot. Ready is closed once the ticket holds one.
type ticket struct {
	tenant int64
	ready  chan struct{}
}

func newFairPool(slots int) *fairPool { return &fairPool{free: slots, held: make(map[int64]int)} }

// enqueue adds a ticket for a tenant, which may be ready at once.
func (p *fairPool) enqueue(tenant int64) *ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := &ticket{tenant: tenant, ready: make(chan struct{})}
	p.waiting = append(p.waiting, t)
	p.grant()
	return t
}

// release returns the ticket's slot, or cancels the ticket if it is not ready.
func (p *fairPool) release(t *ticket) {
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
func (p *fairPool) grant() {
	p.waiting = slices.DeleteFunc(p.waiting, func(t *ticket) bool {
		if p.held[t.tenant] >= p.free {
			return false
		}
		p.free--
		p.held[t.tenant]++
		close(t.ready)
		return true
	})
}
