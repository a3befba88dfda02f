package webhook

import (
	"sync"

	"github.com/trueup-ledger/trueup/internal/store"
)

const (
	// sideBySide bounds the requests of one notification that are under way, ofAccount
	// those of an account and everywhere those of all. A receiver that hangs holds one,
	// so that many of them leave room for the others.
	sideBySide = 8
	ofAccount  = 64
	everywhere = 256
)

// rooms bounds the requests under way. Use [newRooms].
type rooms struct {
	all chan struct{}

	mu       sync.Mutex
	accounts map[int64]chan struct{}
	gates    map[store.Notifying]*gate
}

func newRooms() *rooms {
	return &rooms{
		all: make(chan struct{}, everywhere), accounts: make(map[int64]chan struct{}), gates: make(map[store.Notifying]*gate),
	}
}

// of answers the room of a notification.
func (r *rooms) of(n store.Notifying) room {
	r.mu.Lock()
	defer r.mu.Unlock()
	account, found := r.accounts[n.Account]
	if !found {
		account = make(chan struct{}, ofAccount)
		r.accounts[n.Account] = account
	}
	g, found := r.gates[n]
	if !found {
		g = newGate()
		r.gates[n] = g
	}
	return room{g, account, r.all}
}

// room is where a notification's requests are while they are under way.
type room struct {
	gate         *gate
	account, all chan struct{}
}

// enter waits until there is room for a request, leave gives it back.
func (r room) enter() {
	r.gate.enter()
	r.account <- struct{}{}
	r.all <- struct{}{}
}

func (r room) leave(acknowledged bool) {
	<-r.all
	<-r.account
	r.gate.leave(acknowledged)
}

// gate has a notification's requests go side by side while its receiver acknowledges,
// and one at a time from when it no more does until it does again.
type gate struct {
	mu   sync.Mutex
	left *sync.Cond
	// under are under way; silent have failed since the last that was acknowledged.
	under, silent int
}

// newGate answers one of a receiver that has acknowledged nothing yet.
func newGate() *gate {
	g := &gate{silent: sideBySide}
	g.left = sync.NewCond(&g.mu)
	return g
}

func (g *gate) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.under >= g.width() {
		g.left.Wait()
	}
	g.under++
}

func (g *gate) leave(acknowledged bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.under--
	if g.silent++; acknowledged {
		g.silent = 0
	}
	g.left.Broadcast()
}

// width is how many may be under way: as many as one round of them is what it takes to
// see that a receiver is away.
func (g *gate) width() int {
	if g.silent >= sideBySide {
		return 1
	}
	return sideBySide
}
