// Package lane runs work of many accounts side by side, one piece at a time for
// each account, and keeps no goroutine for an account that has nothing to do.
package keyqueue

import (
	"context"
	"sync"
)

// Work does a piece of an account's work and reports whether there may be more.
// It ends early when the context does.
type Work func(ctx context.Context, account int64) (more bool)

// Queues holds the accounts that are at work. Use [New].
type Queues struct {
	work   Work
	ctx    context.Context
	cancel context.CancelFunc

	mu sync.Mutex
	// again holds the accounts at work, and whether one was kicked meanwhile.
	again map[int64]bool
	idle  *sync.Cond
}

// New answers lanes on which work runs once they are kicked.
func New(work Work) *Queues {
	l := &Queues{work: work, again: make(map[int64]bool)}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.idle = sync.NewCond(&l.mu)
	return l
}

// Schedule has the account's work done, now or after the piece that is under way.
// After [Queues.Stop] it does nothing.
func (l *Queues) Schedule(account int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return
	}
	if _, busy := l.again[account]; busy {
		l.again[account] = true
		return
	}
	l.again[account] = false
	go l.run(account)
}

func (l *Queues) run(account int64) {
	for {
		more := l.work(l.ctx, account)
		l.mu.Lock()
		if l.ctx.Err() != nil || !more && !l.again[account] {
			delete(l.again, account)
			l.idle.Broadcast()
			l.mu.Unlock()
			return
		}
		l.again[account] = false
		l.mu.Unlock()
	}
}

// Stop waits until no account has work left or ctx ends, has what is then under
// way finish its piece, and returns when all lanes are empty.
func (l *Queues) Stop(ctx context.Context) {
	stop := context.AfterFunc(ctx, l.cancel)
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.again) > 0 {
		l.idle.Wait()
	}
	l.cancel()
}
