package sqlstore

import (
	"context"
	"slices"
	"sync"
)

// shares has accounts share a pool: who reads slowly, by many connections, must not
// keep out all others. An account may hold as many turns as it leaves free: half of
// them alone, and a quarter beside one that has half.
type shares struct {
	mu      sync.Mutex
	free    int
	held    map[int64]int
	waiting []*waiter
}

// waiter waits until ready is closed.
type waiter struct {
	account int64
	ready   chan struct{}
}

func newShares(turns int) *shares { return &shares{free: turns, held: make(map[int64]int)} }

// lendTo is lend for an account, as far as it leaves room for others.
func (p *pool) lendTo(ctx context.Context, account int64, f func(*session) error) error {
	w := p.shares.enter(account)
	select {
	case <-w.ready:
	case <-p.closed:
		p.shares.leave(w)
		return ErrClosed
	case <-ctx.Done():
		p.shares.leave(w)
		return context.Cause(ctx)
	}
	defer p.shares.leave(w)
	return p.lend(ctx, f)
}

// enter answers a waiter, which may be ready at once.
func (s *shares) enter(account int64) *waiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &waiter{account: account, ready: make(chan struct{})}
	s.waiting = append(s.waiting, w)
	s.admit()
	return w
}

// leave ends a waiter, whether it became ready or not.
func (s *shares) leave(w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, w); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		return
	}
	s.free++
	if s.held[w.account]--; s.held[w.account] == 0 {
		delete(s.held, w.account)
	}
	s.admit()
}

// admit makes ready whoever may be, in the order in which they came.
func (s *shares) admit() {
	s.waiting = slices.DeleteFunc(s.waiting, func(w *waiter) bool {
		if s.held[w.account] >= s.free {
			return false
		}
		s.free--
		s.held[w.account]++
		close(w.ready)
		return true
	})
}
