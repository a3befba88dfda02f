package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

func TestAMoveOfTheTestClockWaitsForTheWorkInOrder(t *testing.T) {
	failure := errors.New("disk full")
	for name, test := range map[string]struct {
		each  time.Duration
		err   error
		calls int
		want  error
	}{
		"until it is done":    {20 * time.Second, nil, 2, nil},
		"until a timeout":     {40 * time.Second, nil, 2, testclock.ErrUnsettled},
		"unless it fails":     {0, failure, 1, failure},
		"unless it hangs":     {time.Hour, nil, 1, testclock.ErrUnsettled},
		"without any to wait": {0, nil, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				work := func(ctx context.Context) error {
					calls++
					select {
					case <-time.After(test.each):
						return test.err
					case <-ctx.Done():
						return context.Cause(ctx)
					}
				}
				err := settle(t.Context(), settleTimeout, []func(context.Context) error{work, work})
				if !errors.Is(err, test.want) || calls != test.calls {
					t.Errorf("%d calls, error %v, want %d, %v", calls, err, test.calls, test.want)
				}
			})
		})
	}
}

func TestAServerThatIsNotTheLeaderMovesNoTestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock, err := testclock.New(testclock.Earliest)
		if err != nil {
			t.Fatal(err)
		}
		c := Config{Emulation: &Emulation{Clock: clock}}
		s := &services{leader: newLeadership()}
		err = c.moveClock(s)(t.Context(), func(now time.Time) time.Time { return now.Add(time.Hour) }, nil)
		if !errors.Is(err, testclock.ErrShared) || clock.Now() != testclock.Earliest {
			t.Errorf("the clock is at %v (%v)", clock.Now(), err)
		}
	})
	if (Config{Emulation: &Emulation{}}).moveClock(nil) != nil || (Config{}).moveClock(nil) != nil {
		t.Error("the system's clock can be moved")
	}
}

func TestAServerWithATestClockSendsItsTime(t *testing.T) {
	clock, err := testclock.New(testclock.Earliest)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	for name, c := range map[string]struct {
		emulation *Emulation
		want      string
	}{
		"with a test clock": {&Emulation{Clock: clock}, "Sat, 01 Jan 2000 00:00:00 GMT"},
		"with another":      {&Emulation{}, ""},
		"without emulation": {nil, ""},
	} {
		w := httptest.NewRecorder()
		config := Config{Emulation: c.emulation, Clock: clockguard.NewWith(time.Time{}, log, clock.Now, func() time.Duration { return 0 })}
		config.dated(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if got := w.Header().Get("Date"); got != c.want {
			t.Errorf("%s: the date is %q, want %q", name, got, c.want)
		}
	}
}
