package fair

import "sync"

// Quota limits the number of slots that each tenant holds. Its methods are safe for
// concurrent use.
type Quota struct {
	// Each is the largest number of slots of a tenant.
	Each int

	mu   sync.Mutex
	held map[int64]int
}

// Acquire reports whether the tenant may have another slot, and gives it one if so.
func (q *Quota) Acquire(tenant int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held == nil {
		q.held = make(map[int64]int)
	}
	if q.held[tenant] >= q.Each {
		return false
	}
	q.held[tenant]++
	return true
}

// Release returns a slot.
func (q *Quota) Release(tenant int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held[tenant]--; q.held[tenant] <= 0 {
		delete(q.held, tenant)
	}
}
