package server

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// clockInterval is the interval between two checks of the clock.
const clockInterval = time.Second

// poll calls the wake functions at once and then at the interval, until ctx is done. They
// schedule work that is due or that other processes have queued, such as trueup import.
func poll(ctx context.Context, log *slog.Logger, interval time.Duration, wakes ...func(context.Context) error) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		for _, wake := range wakes {
			if err := wake(ctx); err != nil && ctx.Err() == nil {
				log.Error("polling for work failed", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// retryDelay is the pause before a failed function is called again.
const retryDelay = time.Second

// retry calls f until it returns nil or ctx is done. It logs each error with the message.
func (c Config) retry(ctx context.Context, message string, f func() error) error {
	for {
		err := f()
		if err == nil {
			return nil
		}
		c.Log.Warn(message, "retry_in", retryDelay, "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(retryDelay):
		}
	}
}

// listenToOthers calls queued and applied for each account in which another process on the
// same store has queued or applied submissions, until ctx is done. If it misses one, poll
// finds the work later.
func (c Config) listenToOthers(ctx context.Context, queued, applied func(account int64)) error {
	return c.retry(ctx, "listening to other processes failed", func() error { return c.Store.Listen(ctx, queued, applied) })
}

// leadership reports whether this process is the leader among those that share a store. The
// leader delivers webhooks and issues invoices, so that each is done by one process.
type leadership struct {
	isLeader atomic.Bool
	// elected is closed once this process is the leader for the first time.
	elected chan struct{}
	once    sync.Once
}

// newLeadership returns the leadership of a process that is not the leader yet.
func newLeadership() *leadership { return &leadership{elected: make(chan struct{})} }

// wait waits for up to the timeout until this process is the leader for the first time, and
// reports whether it is the leader now.
func (l *leadership) wait(ctx context.Context, timeout time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case <-l.elected:
	case <-ctx.Done():
	}
	return l.isLeader.Load()
}

// runAsLeader takes part in the leader election until ctx is done. It calls the wake
// functions when this process becomes the leader. An event that is in flight when another
// process becomes the leader may be delivered twice.
func (c Config) runAsLeader(ctx context.Context, l *leadership, wakes ...func(context.Context) error) error {
	return c.retry(ctx, "leader election failed", func() error {
		defer l.isLeader.Store(false)
		return c.Store.RunAsLeader(ctx, func() {
			l.isLeader.Store(true)
			l.once.Do(func() { close(l.elected) })
			for _, wake := range wakes {
				if err := wake(ctx); err != nil {
					c.Log.Warn("the work of the leader is delayed", "error", err)
				}
			}
		})
	})
}
