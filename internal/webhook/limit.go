package webhook

import (
	"sync"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Limits on concurrent requests. A receiver that hangs soon occupies only one slot (see
// [breaker]), which leaves capacity for the others.
const (
	maxPerNotification = 8
	maxPerAccount      = 64
	maxTotal           = 256
)

// limits bounds the requests in flight. Create one with [newLimits].
type limits struct {
	all chan struct{}

	mu       sync.Mutex
	accounts map[int64]chan struct{}
	breakers map[store.NotificationKey]*breaker
}

func newLimits() *limits {
	return &limits{
		all: make(chan struct{}, maxTotal), accounts: make(map[int64]chan struct{}), breakers: make(map[store.NotificationKey]*breaker),
	}
}

// slots returns the slots of a notification.
func (l *limits) slots(key store.NotificationKey) slots {
	l.mu.Lock()
	defer l.mu.Unlock()
	account, found := l.accounts[key.Account]
	if !found {
		account = make(chan struct{}, maxPerAccount)
		l.accounts[key.Account] = account
	}
	b, found := l.breakers[key]
	if !found {
		b = newBreaker()
		l.breakers[key] = b
	}
	return slots{b, account, l.all}
}

// slots holds the limits that apply to the requests of one notification.
type slots struct {
	breaker      *breaker
	account, all chan struct{}
}

// acquire blocks until a request may be sent.
func (s slots) acquire() {
	s.breaker.acquire()
	s.account <- struct{}{}
	s.all <- struct{}{}
}

// release ends a request that acquire admitted and records its outcome.
func (s slots) release(acknowledged bool) {
	<-s.all
	<-s.account
	s.breaker.release(acknowledged)
}

// breaker is a circuit breaker. It lets the requests of a notification run concurrently
// while the receiver acknowledges them. It opens after eight consecutive failures: then
// it lets one request through at a time until one is acknowledged.
type breaker struct {
	mu       sync.Mutex
	released *sync.Cond
	// failures counts the consecutive failures.
	inFlight, failures int
}

// newBreaker returns an open breaker, because the receiver hasn't acknowledged anything yet.
func newBreaker() *breaker {
	b := &breaker{failures: maxPerNotification}
	b.released = sync.NewCond(&b.mu)
	return b
}

func (b *breaker) acquire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.inFlight >= b.limit() {
		b.released.Wait()
	}
	b.inFlight++
}

func (b *breaker) release(acknowledged bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inFlight--
	if b.failures++; acknowledged {
		b.failures = 0
	}
	b.released.Broadcast()
}

// limit returns the number of requests that may be in flight. It equals the number of
// failures that open the breaker, so one full round of failures opens it.
func (b *breaker) limit() int {
	if b.failures >= maxPerNotification {
		return 1
	}
	return maxPerNotification
}
