package bench

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// loop sends requests on several connections for a duration or up to a number of
// requests. A limit of 0 means no limit.
type loop struct {
	connections int
	duration    time.Duration
	requests    int64
	// rate is the number of requests per second of an open loop, in which requests are due
	// at fixed times. If it is 0 the loop is closed: a connection sends its next request
	// when it has received the response to the last one.
	rate float64
	// end, unless it is nil, ends the loop when it is closed.
	end <-chan struct{}
}

// run calls send for each request, with its connection and the time at which it was due.
// It calls late for each request that was due but could not be sent before the end, with
// the time that it had waited. run stops at the first error and waits for the requests in
// flight.
func (l loop) run(ctx context.Context, send func(ctx context.Context, connection int, due time.Time) error, late func(time.Duration)) error {
	begin := time.Now()
	var started atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for connection := range l.connections {
		group.Go(func() error {
			for ctx.Err() == nil {
				select {
				case <-l.end:
					return nil
				default:
				}
				n := started.Add(1) - 1
				due := l.due(begin, n)
				switch {
				case l.requests > 0 && n >= l.requests, l.duration > 0 && due.Sub(begin) >= l.duration:
					return nil
				case l.duration > 0 && time.Since(begin) >= l.duration:
					late(begin.Add(l.duration).Sub(due))
					continue
				}
				if err := waitUntil(ctx, due); err != nil {
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

// due returns the time at which the request with the number is due.
func (l loop) due(begin time.Time, number int64) time.Time {
	if l.rate == 0 {
		return time.Now()
	}
	return begin.Add(time.Duration(float64(number) / l.rate * float64(time.Second)))
}

// waitUntil blocks until the given time.
func waitUntil(ctx context.Context, at time.Time) error {
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
