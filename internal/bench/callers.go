package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// callerRate is the number of writes per second of a single caller. It sends them also while
// up to callerConnections-1 earlier ones are not applied, so that none hides how long the next
// would have waited.
const (
	callerRate        = 25
	callerConnections = 16
)

// Callers holds the latencies of single callers beside a load on the first account. They
// count from the time at which a write was due.
type Callers struct {
	// Others are the callers of all other accounts. Same is the time until a write of the
	// first account is accepted: it is applied after the load that was queued before.
	Others CallerLatency `json:"others"`
	Same   Latency       `json:"same_account"`
}

// CallerLatency holds the time until a write is accepted and until it is applied.
type CallerLatency struct {
	Response Latency `json:"response"`
	Effect   Latency `json:"effect"`
}

// check returns an error if a 99th percentile is above limit.
func (l CallerLatency) check(limit time.Duration) error {
	if worst := time.Duration(max(l.Response.P99, l.Effect.P99)); worst > limit {
		return fmt.Errorf("the p99 of the writes of another account is %v: more than %v", Millis(worst), limit)
	}
	return nil
}

// Check returns an error if the 99th percentile of a caller is above limit.
func (c Callers) Check(limit time.Duration) error {
	same := time.Duration(c.Same.P99)
	if same > limit {
		return fmt.Errorf("the p99 of the responses to the same account is %v: more than %v", Millis(same), limit)
	}
	return c.Others.check(limit)
}

// callerTimes measures callers. If effect is nil, they don't wait until a write is applied.
type callerTimes struct{ response, effect *histogram }

func newCallerTimes() callerTimes { return callerTimes{newHistogram(), newHistogram()} }

func (t callerTimes) latency() CallerLatency {
	return CallerLatency{Response: t.response.latency(), Effect: t.effect.latency()}
}

// caller is a single caller that modifies items of its account.
type caller struct {
	mu        sync.Mutex
	generator *generator
	times     callerTimes
}

func newCaller(name string, seed uint64, targets []Target, times callerTimes) *caller {
	return &caller{generator: newGenerator(name, seed, targets, 0), times: times}
}

func (c *caller) next() request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generator.modify()
}

// runBeside runs a load while callers send writes, and returns the error of either.
func (c *Client) runBeside(ctx context.Context, callers []*caller, load func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	during, end := context.WithCancel(ctx)
	group.Go(func() error {
		defer end()
		return load(ctx)
	})
	for _, caller := range callers {
		group.Go(func() error {
			err := loop{connections: callerConnections, rate: callerRate}.run(during, func(ctx context.Context, _ int, due time.Time) error {
				return c.timeWrite(ctx, caller.next(), due, caller.times)
			}, nil)
			if errors.Is(err, context.Canceled) && ctx.Err() == nil {
				err = nil // the load has ended
			}
			return err
		})
	}
	return group.Wait()
}

// timeWrite sends a write, waits until it is applied and records both times since it was
// due. The write that is under way when ctx ends is recorded with the time until then.
func (c *Client) timeWrite(ctx context.Context, r request, due time.Time, times callerTimes) error {
	uri, err := c.submit(ctx, r)
	if err == nil || ctx.Err() != nil {
		times.response.record(time.Since(due))
	}
	if times.effect == nil {
		return err
	}
	if err == nil {
		err = c.waitComplete(ctx, nil, r.account, uri, callerPollInterval)
	}
	if err == nil || ctx.Err() != nil {
		times.effect.record(time.Since(due))
	}
	return err
}

// submit sends a write and returns the path of its submission.
func (c *Client) submit(ctx context.Context, r request) (path string, err error) {
	var response struct {
		URI string `json:"QueuedUri"`
	}
	err = c.do(ctx, r, &response)
	return response.URI, err
}

// newCallers returns a caller for each account. The callers of all accounts but the first
// share their measurements.
func newCallers(run int64, accounts [][]Target) (callers []*caller, same, others callerTimes) {
	same, others = callerTimes{response: newHistogram()}, newCallerTimes()
	for n, targets := range accounts {
		times := others
		if targets[0].Account == 0 {
			times = same
		}
		callers = append(callers, newCaller(fmt.Sprintf("C%d-%d", run, n), uint64(run)+uint64(n), targets, times))
	}
	return callers, same, others
}
