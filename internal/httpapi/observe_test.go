package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestTheObserverGetsEachRequest(t *testing.T) {
	s := serve(t)
	var pattern string
	var status, calls int
	s.api.Observe(func(_ context.Context, p string, code int, begun time.Time) {
		pattern, status, calls = p, code, calls+1
		if begun.IsZero() || begun.After(time.Now()) {
			t.Errorf("begun at %v", begun)
		}
	})
	for name, tt := range map[string]struct {
		method, path, secret, pattern string
		status                        int
	}{
		"a list":                       {"GET", "/Actions", s.secret, "GET /Advertisers/{sid}/Actions", 200},
		"an object that doesn't exist": {"GET", "/Actions/1000.2240.99999", s.secret, "GET /Advertisers/{sid}/Actions/{action}", 404},
		"an invalid write":             {"PUT", "/Actions", s.secret, "PUT /Advertisers/{sid}/Actions", 400},
		"a path that doesn't exist":    {"GET", "/Secrets", s.secret, "", 404},
		"a wrong secret":               {"GET", "/Actions", "wrong", "", 401},
	} {
		t.Run(name, func(t *testing.T) {
			calls = 0
			r := s.request(tt.method, tt.path, "", "")
			r.SetBasicAuth(s.sid, tt.secret)
			s.api.ServeHTTP(httptest.NewRecorder(), r)
			if calls != 1 || pattern != tt.pattern || status != tt.status {
				t.Errorf("%d calls, the last one with %q and status %d", calls, pattern, status)
			}
		})
	}
	t.Run("a caller that disconnects", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		defer func() {
			if p := recover(); p != http.ErrAbortHandler || status != 0 {
				t.Errorf("status %d, panic %v", status, p)
			}
		}()
		s.api.ServeHTTP(httptest.NewRecorder(), s.request("GET", "/Actions", "", "").WithContext(ctx))
	})
}
