// Package fair shares slots between tenants, so that none can hold up the others.
package fair

import (
	"context"
	"time"
)

// Scheduler decides which of the waiting tickets gets the next free slot. [Pool] and [Turns]
// are schedulers.
type Scheduler interface {
	// Enqueue adds a ticket for a tenant, which may be ready at once.
	Enqueue(tenant int64) *Ticket
	// Release returns the ticket's slot, or cancels the ticket if it is not ready. It must be
	// called once for each ticket.
	Release(t *Ticket)
}

// Ticket is a request for a slot.
type Ticket struct {
	tenant int64
	ready  chan struct{}
	// granted is the time at which a ticket of [Turns] became ready.
	granted time.Time
}

func newTicket(tenant int64) *Ticket { return &Ticket{tenant: tenant, ready: make(chan struct{})} }

// Ready returns a channel that is closed once the ticket holds a slot.
func (t *Ticket) Ready() <-chan struct{} { return t.ready }

// Use calls f with a slot of the scheduler. If ctx ends while it waits for the slot, Use
// returns the cause.
func Use(ctx context.Context, s Scheduler, tenant int64, f func() error) error {
	t := s.Enqueue(tenant)
	defer s.Release(t)
	select {
	case <-t.Ready():
		return f()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
