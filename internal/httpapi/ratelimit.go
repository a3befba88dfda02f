package httpapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// documentedLimit is the Brand API's limit in requests per hour and account.
const documentedLimit = 1000

// rateWindow is the length of a window. An account's window starts with the first request
// after the end of the previous window.
const rateWindow = time.Hour

// limiter counts the requests of accounts in memory. A restart resets the counts.
type limiter struct {
	mu      sync.Mutex
	windows map[int64]*window
}

// window is the current window of an account.
type window struct {
	start    time.Time
	requests int
}

// take counts a request of the account and reports whether it is within the limit, where 0
// means unlimited. A request over the limit isn't counted. take also returns the number of
// requests left and the time until the end of the window.
func (l *limiter) take(account int64, limit int, now time.Time) (left int, remaining time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows == nil {
		l.windows = make(map[int64]*window)
	}
	w := l.windows[account]
	if w == nil || now.Sub(w.start) >= rateWindow {
		w = &window{start: now}
		l.windows[account] = w
	}
	// A request may be overtaken by a later one that starts the window. The remaining time
	// is at most a window even then.
	remaining = min(rateWindow-now.Sub(w.start), rateWindow)
	if limit > 0 && w.requests >= limit {
		return 0, remaining, false
	}
	w.requests++
	return max(limit-w.requests, 0), remaining, true
}

var errRateLimited = &wire.Error{Status: http.StatusTooManyRequests, Message: "The rate limit is exceeded; wait for the seconds in Retry-After"}

// rateLimit counts the request against the token's limit and sets the rate limit headers.
// It returns errRateLimited if the limit is exceeded.
func (c *call) rateLimit() error {
	limit := c.token.Limit
	if limit == 0 {
		limit = c.api.limit
	}
	left, remaining, ok := c.api.limiter.take(c.token.Account, limit, c.now)
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
