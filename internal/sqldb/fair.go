package sqldb

import (
	"slices"
	"sync"
)

// fairPool shares slots between tenants, so that a tenant with many slow readers can't
// starve the others. A tenant may hold at most as many slots as it leaves free: half of
// them alone, and a quarter beside another tenant that holds half.
type fairPool struct {
	mu      sync.Mutex
	free    int
	held    map[int64]int
	waiting []*ticket
}

// ticket waits for a slot until ready is closed.
type ticket struct {
	tenant int64
	ready  chan struct{}
}

func newFairPool(slots int) *fairPool { return &fairPool{free: slots, held: make(map[int64]int)} }

// enter returns a ticket for a tenant, which may be ready at once.
func (p *fairPool) enter(tenant int64) *ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := &ticket{tenant: tenant, ready: make(chan struct{})}
	p.waiting = append(p.waiting, t)
	p.admit()
	return t
}

// leave gives up a ticket, whether it is ready or not.
func (p *fairPool) leave(t *ticket) {
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
	p.admit()
}

// admit makes tickets ready in the order of arrival, as far as the rule allows.
func (p *fairPool) admit() {
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
