package httpapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// documentedLimit is the Brand API's limit in requests per hour and account.
const documentedLimit = 1000

// rateWindow is the length of a window. A window starts with the first request after the
// end of the previous window.
const rateWindow = time.Hour

// limiter counts requests in memory. A restart resets the counts.
type limiter struct {
	mu      sync.Mutex
	windows map[limitKey]*window
}

// limitKey identifies a window: that of a token, or with an empty sid that of an account.
type limitKey struct {
	account int64
	sid     string
}

// window counts the requests since its start.
type window struct {
	start    time.Time
	requests int
}

// current returns the window of a key at an instant.
func (l *limiter) current(key limitKey, now time.Time) *window {
	w := l.windows[key]
	if w == nil || now.Sub(w.start) >= rateWindow {
		w = &window{start: now}
		if l.windows == nil {
			l.windows = make(map[limitKey]*window)
		}
		l.windows[key] = w
	}
	return w
}

// take counts a request for the token and for its account, and reports whether it is within
// the limit, where 0 means unlimited. The limit is the token's own, which counts the
// requests of the token, or that of the account, which counts those of all its tokens. A
// request over the limit isn't counted. take also returns the number of requests left and
// the time until the end of the window.
func (l *limiter) take(t store.Token, limit int, now time.Time) (left int, remaining time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own, all := l.current(limitKey{t.Account, t.SID}, now), l.current(limitKey{account: t.Account}, now)
	w := all
	if t.Limit > 0 {
		w = own
	}
	// A request may be overtaken by a later one that starts the window. The remaining time
	// is at most a window even then.
	remaining = min(rateWindow-now.Sub(w.start), rateWindow)
	if limit > 0 && w.requests >= limit {
		return 0, remaining, false
	}
	own.requests++
	all.requests++
	return max(limit-w.requests, 0), remaining, true
}

var errRateLimited = &wire.Error{Status: http.StatusTooManyRequests, Message: "The rate limit is exceeded; wait for the seconds in Retry-After"}

// rateLimit counts the request against the token's own limit, or else the account's, and sets
// the rate limit headers. It returns errRateLimited if the limit is exceeded.
func (c *call) rateLimit() error {
	limit := c.token.Limit
	if limit == 0 {
		limit = c.api.limit
	}
	left, remaining, ok := c.api.limiter.take(c.token, limit, c.now)
	if limit == 0 {
		return nil
	}
	seconds := strconv.Itoa(int((remaining + time.Second - 1) / time.Second))
	header := c.w.Header()
	header.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	header.Set("X-RateLimit-Reset", seconds)
	if ok {
		return nil
	}
	header.Set("Retry-After", seconds)
	return errRateLimited
}
