package server

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

// lookEvery is how often the server looks for what other processes queued.
const lookEvery = time.Second

// lookAround wakes what other processes left to do, as `trueup import` does, and what
// is due, now and every [lookEvery] until ctx ends.
func lookAround(ctx context.Context, log *slog.Logger, wakes ...func(context.Context) error) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		for _, wake := range wakes {
			if err := wake(ctx); err != nil && ctx.Err() == nil {
				log.Error("looking around for what is left to do failed", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// tryAgain is the rest before something that ended with an error is begun again.
const tryAgain = time.Second

// keepOn runs f until ctx ends, again when it ends with an error.
func (c Config) keepOn(ctx context.Context, what string, f func() error) error {
	for {
		err := f()
		if err == nil {
			return nil
		}
		c.Log.Warn(what, "retry_in", tryAgain, "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(tryAgain):
		}
	}
}

// hearOthers passes on what other processes tell of the same store until ctx ends.
// What is not heard is found by [lookAround], only later.
func (c Config) hearOthers(ctx context.Context, queued, applied func(account int64)) error {
	heard, is := c.Store.(store.Notifier)
	if !is {
		return nil
	}
	return c.keepOn(ctx, "other processes are not heard", func() error { return heard.Listen(ctx, queued, applied) })
}

// leader is the part of the work that one process does for all that share a store:
// events are told once, not by each.
type leader struct {
	*webhook.Notifier
	leads atomic.Bool
}

// newLeader answers one that does not lead yet. What it does when it loses the lead it
// leaves off before the next request.
func newLeader(c Config) *leader {
	l := new(leader)
	l.Notifier = webhook.New(c.Store, time.Now, c.Log, l.leads.Load)
	return l
}

// Applied passes on that there may be events to tell.
func (l *leader) Applied(account int64) {
	if l.leads.Load() {
		l.Notifier.Applied(account)
	}
}

// WakeAll has what is due told.
func (l *leader) WakeAll(ctx context.Context) error {
	if !l.leads.Load() {
		return nil
	}
	return l.Notifier.WakeAll(ctx)
}

// lead has the leader's work done here whenever no other process does it, until ctx
// ends. What is under way when another takes over may be told twice.
func (c Config) lead(ctx context.Context, l *leader) error {
	heard, is := c.Store.(store.Notifier)
	if !is {
		l.leads.Store(true)
		return nil
	}
	return c.keepOn(ctx, "another process may lead", func() error {
		defer l.leads.Store(false)
		return heard.RunAsLeader(ctx, func() {
			l.leads.Store(true)
			if err := l.WakeAll(ctx); err != nil {
				c.Log.Warn("notifications are told of a little later", "error", err)
			}
		})
	})
}
