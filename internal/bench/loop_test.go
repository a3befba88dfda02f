package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Time in these tests is that of synctest: it passes when everybody waits, and a sleep
// takes none.

// TestAnOpenLoopCountsAStallAsLatency has a server that answers in a millisecond and
// stands still for a second, once: every request that was due meanwhile counts from
// when it was due, as its caller would have waited.
func TestAnOpenLoopCountsAStallAsLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := loop{connections: 1, duration: 10 * time.Second, rate: 100}
		answered, sent := newHistogram(), 0
		err := l.run(t.Context(), func(_ context.Context, _ int, due time.Time) error {
			if sent++; sent == 100 {
				time.Sleep(time.Second)
			}
			time.Sleep(time.Millisecond)
			answered.record(time.Since(due))
			return nil
		}, func(time.Duration) { t.Error("a request was not sent") })
		if err != nil || sent != 1000 {
			t.Fatalf("%d were sent, %v", sent, err)
		}
		// 99 of the requests behind the stall were due in its second; the queue behind
		// them runs empty at nine milliseconds a request.
		got := answered.latency()
		if got.P50 != millis(1) || !near(got.P99, millis(910), millis(20)) || !near(got.Max, millis(1001), millis(2)) {
			t.Errorf("the latency is %v", got)
		}
	})
}

func TestAnOpenLoopSendsAtItsRate(t *testing.T) {
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
			t.Errorf("%d were sent within %v, %v", number.Load(), time.Since(begin), err)
		}
	})
}

func TestWhatAnOpenLoopCannotSendIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := loop{connections: 1, duration: time.Second, rate: 10}
		sent, unsent, longest := 0, 0, time.Duration(0)
		err := l.run(t.Context(), func(context.Context, int, time.Time) error {
			sent++
			time.Sleep(400 * time.Millisecond)
			return nil
		}, func(waited time.Duration) { unsent, longest = unsent+1, max(longest, waited) })
		if err != nil || sent != 3 || unsent != 7 || longest != 700*time.Millisecond {
			t.Errorf("%d were sent and %d not, the oldest of which waited %v (%v)", sent, unsent, longest, err)
		}
	})
}

func TestALoopEnds(t *testing.T) {
	broken := errors.New("the server is gone")
	tests := map[string]struct {
		loop  loop
		fails bool
		sent  int
	}{
		"after its duration, closed": {loop{connections: 2, duration: time.Second}, false, 20},
		"after its requests, closed": {loop{connections: 2, requests: 7}, false, 7},
		"after its requests, open":   {loop{connections: 2, requests: 7, rate: 5}, false, 7},
		"with whichever comes first": {loop{connections: 2, requests: 7, duration: 200 * time.Millisecond}, false, 4},
		"with the first error":       {loop{connections: 1, duration: time.Second}, true, 5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var sent atomic.Int64
				err := test.loop.run(t.Context(), func(context.Context, int, time.Time) error {
					if n := sent.Add(1); test.fails && n == 5 {
						return broken
					}
					time.Sleep(100 * time.Millisecond)
					return nil
				}, func(time.Duration) {})
				if int(sent.Load()) != test.sent || errors.Is(err, broken) != test.fails {
					t.Errorf("%d were sent, %v", sent.Load(), err)
				}
			})
		})
	}
}

func TestALoopThatIsInterruptedSaysSo(t *testing.T) {
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

func near(is, want, off Millis) bool { return is >= want-off && is <= want+off }
