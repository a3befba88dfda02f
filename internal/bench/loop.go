package bench

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// loop sends requests from several connections until it has lasted long enough or
// sent enough; a limit that is 0 does not hold.
type loop struct {
	connections int
	duration    time.Duration
	requests    int64
	// rate is of an open loop, in requests a second: they are due at fixed instants,
	// whatever became of those before. At 0 the loop is closed: a connection sends
	// its next request when the last one is answered.
	rate float64
}

// run calls send for each request with its connection and the instant from which
// its time counts, and late for each that was due and could not be sent by the
// end, with how long it had waited then. The first error ends it. What is under
// way at the end is waited for.
func (l loop) run(ctx context.Context, send func(ctx context.Context, connection int, due time.Time) error, late func(time.Duration)) error {
	begin := time.Now()
	var taken atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for connection := range l.connections {
		group.Go(func() error {
			for ctx.Err() == nil {
				n := taken.Add(1) - 1
				due := l.due(begin, n)
				switch {
				case l.requests > 0 && n >= l.requests, l.duration > 0 && due.Sub(begin) >= l.duration:
					return nil
				case l.duration > 0 && time.Since(begin) >= l.duration:
					late(begin.Add(l.duration).Sub(due))
					continue
				}
				if err := until(ctx, due); err != nil {
					return err
				}
				if err := send(ctx, connection, due); err != nil {
					return err
				}
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}

// due answers when the request with the number is to be sent.
func (l loop) due(begin time.Time, number int64) time.Time {
	if l.rate == 0 {
		return time.Now()
	}
	return begin.Add(time.Duration(float64(number) / l.rate * float64(time.Second)))
}

// until waits for an instant.
func until(ctx context.Context, at time.Time) error {
	wait := time.Until(at)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
