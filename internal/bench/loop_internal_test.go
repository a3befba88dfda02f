package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// These tests use the fake clock of synctest.

// TestOpenLoopCountsAStallAsLatency simulates a server that responds within a millisecond
// and stalls once for a second. The latency of the requests that were due meanwhile counts
// from the time at which they were due.
func TestOpenLoopCountsAStallAsLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := loop{connections: 1, duration: 10 * time.Second, rate: 100}
		latencies, sent := newHistogram(), 0
		err := l.run(t.Context(), func(_ context.Context, _ int, due time.Time) error {
			if sent++; sent == 100 {
				time.Sleep(time.Second)
			}
			time.Sleep(time.Millisecond)
			latencies.record(time.Since(due))
			return nil
		}, func(time.Duration) { t.Error("a request was not sent") })
		if err != nil || sent != 1000 {
			t.Fatalf("%d requests sent, %v", sent, err)
		}
		// 99 of the requests were due during the stall. The queue behind them drains at nine
		// milliseconds per request.
		got := latencies.latency()
		if got.P50 != millis(1) || !near(got.P99, millis(910), millis(20)) || !near(got.Max, millis(1001), millis(2)) {
			t.Errorf("the latency is %v", got)
		}
	})
}

func TestOpenLoopSendsAtItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := loop{connections: 3, duration: 2 * time.Second, rate: 50}
		begin := time.Now()
		var number atomic.Int64
		err := l.run(t.Context(), func(_ context.Context, _ int, due time.Time) error {
			number.Add(1)
			if late := time.Since(due); late != 0 {
				t.Errorf("sent %v late", late)
			}
			return nil
		}, func(time.Duration) { t.Error("a request was not sent") })
		if err != nil || number.Load() != 100 || time.Since(begin) > 2*time.Second {
			t.Errorf("%d requests sent within %v, %v", number.Load(), time.Since(begin), err)
		}
	})
}

func TestOpenLoopReportsUnsentRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := loop{connections: 1, duration: time.Second, rate: 10}
		sent, unsent, longest := 0, 0, time.Duration(0)
		err := l.run(t.Context(), func(context.Context, int, time.Time) error {
			sent++
			time.Sleep(400 * time.Millisecond)
			return nil
		}, func(waited time.Duration) { unsent, longest = unsent+1, max(longest, waited) })
		if err != nil || sent != 3 || unsent != 7 || longest != 700*time.Millisecond {
			t.Errorf("%d requests sent, %d unsent, the longest wait is %v (%v)", sent, unsent, longest, err)
		}
	})
}

func TestLoopEnds(t *testing.T) {
	errServer := errors.New("server failed")
	tests := map[string]struct {
		loop  loop
		fails bool
		sent  int
	}{
		"after its duration, closed":     {loop{connections: 2, duration: time.Second}, false, 20},
		"after its requests, closed":     {loop{connections: 2, requests: 7}, false, 7},
		"after its requests, open":       {loop{connections: 2, requests: 7, rate: 5}, false, 7},
		"after the first of both limits": {loop{connections: 2, requests: 7, duration: 200 * time.Millisecond}, false, 4},
		"after the first error":          {loop{connections: 1, duration: time.Second}, true, 5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var sent atomic.Int64
				err := test.loop.run(t.Context(), func(context.Context, int, time.Time) error {
					if n := sent.Add(1); test.fails && n == 5 {
						return errServer
					}
					time.Sleep(100 * time.Millisecond)
					return nil
				}, func(time.Duration) {})
				if int(sent.Load()) != test.sent || errors.Is(err, errServer) != test.fails {
					t.Errorf("%d requests sent, %v", sent.Load(), err)
				}
			})
		})
	}
}

func TestCanceledLoopReturnsTheCause(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l := loop{connections: 4, duration: time.Hour, rate: 0.001}
	err := l.run(ctx, func(context.Context, int, time.Time) error {
		cancel()
		return nil
	}, func(time.Duration) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func millis(n int) Millis { return Millis(time.Duration(n) * time.Millisecond) }

func near(got, want, tolerance Millis) bool { return got >= want-tolerance && got <= want+tolerance }
