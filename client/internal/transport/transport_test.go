package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// attempt is the outcome of an attempt.
type attempt struct {
	status int
	header map[string]string
	err    error
	// body replaces an empty body.
	body io.Reader
}

// script is a round tripper with prepared outcomes. It repeats the last one.
type script struct {
	attempts []attempt
	bodies   []string
	times    []time.Time
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	a := s.attempts[min(len(s.times), len(s.attempts)-1)]
	s.times = append(s.times, time.Now())
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.bodies = append(s.bodies, string(body))
	}
	if a.err != nil {
		return nil, a.err
	}
	header := make(http.Header)
	for name, value := range a.header {
		header.Set(name, value)
	}
	if a.body == nil {
		a.body = strings.NewReader("")
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(a.body), Request: r}, nil
}

// newTransport returns a transport of at most 4 attempts.
func newTransport(s *script) *transport.Transport {
	return &transport.Transport{
		Base: "http://ledger.example", User: "sid", Password: "token", Version: 14,
		HTTP: &http.Client{Transport: s}, Log: slog.New(slog.DiscardHandler),
		MaxAttempts: 4, MinDelay: 100 * time.Millisecond, MaxDelay: 10 * time.Second,
	}
}

// broken is a body that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRequestsAreRepeatedOnlyWhereThatIsSafe(t *testing.T) {
	dropped := errors.New("connection reset")
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	cases := map[string]struct {
		failure attempt
		// safe and unsafe are the expected numbers of attempts.
		safe, unsafe int
	}{
		"a success":                       {attempt{status: 200}, 1, 1},
		"a 400":                           {attempt{status: 400}, 1, 1},
		"a 400 of package http":           {attempt{status: 400, body: repeated("400 Bad Request")}, 4, 4},
		"a 400 with a body":               {attempt{status: 400, body: repeated(`{"Status":"ERROR"}`)}, 1, 1},
		"a 404":                           {attempt{status: 404}, 1, 1},
		"a 409":                           {attempt{status: 409}, 1, 1},
		"a 429":                           {attempt{status: 429}, 4, 4},
		"a 500":                           {attempt{status: 500}, 4, 1},
		"a 501":                           {attempt{status: 501}, 1, 1},
		"a 502":                           {attempt{status: 502}, 4, 1},
		"a 503":                           {attempt{status: 503}, 4, 1},
		"a 504":                           {attempt{status: 504}, 4, 1},
		"a dropped connection":            {attempt{err: dropped}, 4, 1},
		"a connection that is refused":    {attempt{err: refused}, 4, 4},
		"a response that breaks off":      {attempt{status: 200, body: broken{}}, 4, 1},
		"a 429 with a pause of an hour":   {attempt{status: 429, header: map[string]string{"Retry-After": "3600"}}, 1, 1},
		"a 429 with an exhausted limit":   {attempt{status: 429, header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "900"}}, 1, 1},
		"a 503 with the longest pause":    {attempt{status: 503, header: map[string]string{"Retry-After": "10"}}, 4, 1},
		"a 503 with a longer pause":       {attempt{status: 503, header: map[string]string{"Retry-After": "11"}}, 1, 1},
		"a 503 with a pause of 2 seconds": {attempt{status: 503, header: map[string]string{"Retry-After": "2"}}, 4, 1},
		"a response that is too large":    {attempt{status: 200, body: endless{}}, 1, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for safe, want := range map[bool]int{true: c.safe, false: c.unsafe} {
				synctest.Test(t, func(t *testing.T) {
					s := &script{attempts: []attempt{c.failure}}
					r := transport.Request{Method: http.MethodPut, Path: "/Actions", Safe: safe}
					r.SetBody("Sku=A", "application/x-www-form-urlencoded")
					_, err := newTransport(s).Do(t.Context(), r)
					if len(s.times) != want || (err == nil) != (name == "a success") {
						t.Errorf("safe %t: %d attempts, want %d (%v)", safe, len(s.times), want, err)
					}
					for _, body := range s.bodies {
						if body != "Sku=A" {
							t.Errorf("an attempt has the body %q", body)
						}
					}
				})
			}
		})
	}
}

// repeated is a body that each attempt reads from its start.
type repeated string

func (r repeated) Read(p []byte) (int, error) { return copy(p, r), io.EOF }

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestPausesGrowAndHonorTheServer(t *testing.T) {
	cases := map[string]struct {
		header map[string]string
		// bounds are the shortest and the longest pauses.
		bounds [3][2]time.Duration
	}{
		"the pauses double": {nil, [3][2]time.Duration{
			{50 * time.Millisecond, 100 * time.Millisecond}, {100 * time.Millisecond, 200 * time.Millisecond}, {200 * time.Millisecond, 400 * time.Millisecond},
		}},
		"a number of seconds is a lower bound": {map[string]string{"Retry-After": "3"}, [3][2]time.Duration{
			{3 * time.Second, 3100 * time.Millisecond}, {3 * time.Second, 3100 * time.Millisecond}, {3 * time.Second, 3100 * time.Millisecond},
		}},
		"so is the end of an exhausted limit": {map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "7"}, [3][2]time.Duration{
			{7 * time.Second, 7100 * time.Millisecond}, {7 * time.Second, 7100 * time.Millisecond}, {7 * time.Second, 7100 * time.Millisecond},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{attempts: []attempt{{status: 429, header: c.header}}}
				if _, err := newTransport(s).Do(t.Context(), transport.Get("/Actions", nil)); err == nil {
					t.Fatal("no error")
				}
				for i, b := range c.bounds {
					if pause := s.times[i+1].Sub(s.times[i]); pause < b[0] || pause > b[1] {
						t.Errorf("pause %d is %s, want %s to %s", i, pause, b[0], b[1])
					}
				}
			})
		})
	}
}

func TestQueriesAreNotLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		tr := newTransport(&script{attempts: []attempt{{err: errors.New("connection reset")}}})
		tr.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		_, err := tr.Do(t.Context(), transport.Get("/Actions?Oid=secret", url.Values{"PageSize": {"secret"}}))
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("the error is %v", err)
		}
		if text := log.String(); strings.Contains(text, "secret") || strings.Count(text, "path=/Actions ") != 7 || !strings.Contains(text, "connection reset") {
			t.Errorf("the log is\n%s", text)
		}
	})
}

func TestAnInvalidRequestIsNotRepeated(t *testing.T) {
	for _, r := range []transport.Request{{Path: "Actions", Safe: true}, {Method: "A B", Path: "/Actions", Safe: true}, {Path: "/%zz", Safe: true}} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{attempts: []attempt{{status: 200}}}
			start := time.Now()
			if _, err := newTransport(s).Do(t.Context(), r); !errors.Is(err, transport.ErrInvalid) || len(s.times) != 0 || time.Since(start) != 0 {
				t.Errorf("%q %q: %v after %d requests and %s", r.Method, r.Path, err, len(s.times), time.Since(start))
			}
		})
	}
}

func TestNoPauseExceedsMaxDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{attempts: []attempt{{status: 429}}}
		tr := newTransport(s)
		tr.MinDelay, tr.MaxDelay = time.Minute, time.Second
		if _, err := tr.Do(t.Context(), transport.Get("/Actions", nil)); err == nil || len(s.times) != 4 {
			t.Fatalf("%d attempts (%v)", len(s.times), err)
		}
		if total := s.times[3].Sub(s.times[0]); total > 3*time.Second {
			t.Errorf("the pauses take %s", total)
		}
	})
}

func TestARetryTimeIsAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(5 * time.Second).UTC().Format(http.TimeFormat)
		s := &script{attempts: []attempt{{status: 503, header: map[string]string{"Retry-After": at}}, {status: 200}}}
		if _, err := newTransport(s).Do(t.Context(), transport.Get("/Actions", nil)); err != nil {
			t.Fatal(err)
		}
		if pause := s.times[1].Sub(s.times[0]); pause < 5*time.Second || pause > 5100*time.Millisecond {
			t.Errorf("the pause is %s", pause)
		}
	})
}

func TestAContextEndsTheAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &script{attempts: []attempt{{status: 429, header: map[string]string{"Retry-After": "5"}}}}
		go func() {
			time.Sleep(time.Second) // of the fake clock
			cancel()
		}()
		start := time.Now()
		_, err := newTransport(s).Do(ctx, transport.Get("/Actions", nil))
		if !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		s := &script{attempts: []attempt{{status: 429, header: map[string]string{"Retry-After": "5"}}}}
		start := time.Now()
		_, err := newTransport(s).Do(ctx, transport.Get("/Actions", nil))
		if status := (*transport.StatusError)(nil); !errors.As(err, &status) || time.Since(start) != 0 {
			t.Errorf("%v after %s: a pause beyond the deadline is pointless", err, time.Since(start))
		}
	})
}
