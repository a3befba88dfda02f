package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
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
				log.Error("looking for what other processes queued failed", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// hearAgain is the rest before what others do is listened to again.
const hearAgain = time.Second

// hearOthers passes on what other processes tell of the same store until ctx ends.
// What is not heard is found by [lookAround], only later.
func (c Config) hearOthers(ctx context.Context, queued, applied func(account int64)) error {
	heard, is := c.Store.(store.Heard)
	if !is {
		return nil
	}
	for {
		err := heard.Hear(ctx, queued, applied)
		if err == nil {
			return nil
		}
		c.Log.Warn("other processes are not heard", "retry_in", hearAgain, "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(hearAgain):
		}
	}
}
