package testclock_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/testclock"
)

var start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func newClock(t *testing.T) *testclock.Clock {
	t.Helper()
	c, err := testclock.New(start.In(time.FixedZone("", 3600)).Add(1))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAClockMovesOnlyForwardAndWithinItsBounds(t *testing.T) {
	failure := errors.New("disk full")
	for name, test := range map[string]struct {
		by       time.Duration
		recorded error
		want     error
	}{
		"forward":          {45 * day, nil, nil},
		"not at all":       {0, nil, nil},
		"back":             {-1 * time.Second, nil, testclock.ErrBack},
		"beyond the end":   {175 * 365 * day, nil, testclock.ErrRange},
		"without a record": {day, failure, failure},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock(t)
			err := c.Move(func(now time.Time) time.Time { return now.Add(test.by) }, func(from, to time.Time) error {
				if !from.Equal(start) || !to.Equal(start.Add(test.by)) || !c.Now().Equal(start) {
					t.Errorf("recorded %v to %v at %v", from, to, c.Now())
				}
				return test.recorded
			})
			want := start
			if test.want == nil {
				want = start.Add(test.by)
			}
			if !errors.Is(err, test.want) || c.Now() != want {
				t.Errorf("the clock is at %v (%v), want %v (%v)", c.Now(), err, want, test.want)
			}
		})
	}
	if _, err := testclock.New(testclock.Latest.Add(time.Second)); !errors.Is(err, testclock.ErrRange) {
		t.Errorf("a clock beyond the end: %v", err)
	}
}

func TestAClockCatchesUpWithItsStore(t *testing.T) {
	c := newClock(t)
	for _, test := range []struct {
		newest time.Time
		moved  bool
		want   time.Time
	}{
		{time.Time{}, false, start},
		{start, false, start},
		{start.Add(day), true, start.Add(day)},
		{start, false, start.Add(day)},
	} {
		if moved, err := c.CatchUp(test.newest); moved != test.moved || err != nil || !c.Now().Equal(test.want) {
			t.Errorf("after %v: %t, %v, at %v", test.newest, moved, err, c.Now())
		}
	}
	if _, err := c.CatchUp(testclock.Latest.Add(day)); !errors.Is(err, testclock.ErrRange) {
		t.Errorf("a store beyond the end: %v", err)
	}
}

func TestItsGuardTrustsTheClock(t *testing.T) {
	c := newClock(t)
	g := c.Guard(slog.New(slog.DiscardHandler))
	for _, by := range []time.Duration{0, time.Hour, 10_000 * day, 50_000 * day} {
		if err := c.Move(func(now time.Time) time.Time { return now.Add(by) }, func(_, _ time.Time) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if err := g.Check(); err != nil || !g.Now().Equal(c.Now()) {
			t.Errorf("after %v: %v, %v", by, err, g.Now())
		}
	}
}

func TestResponsesHaveTheTimeOfTheClock(t *testing.T) {
	clock, err := testclock.New(time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	testclock.Dated(clock.Now, http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if date := w.Header().Get("Date"); w.Code != http.StatusNotFound || date != "Thu, 01 Jan 2026 12:00:00 GMT" {
		t.Errorf("status %d, dated %q", w.Code, date)
	}
}
