package httpapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// documentedLimit is the original's: requests an hour of an account.
const documentedLimit = 1000

// hour is the span that a limit is for. It begins with an account's first request
// and then with the first one after its end.
const hour = time.Hour

// limiter counts the requests of accounts, in memory: a restart begins anew.
type limiter struct {
	mu    sync.Mutex
	hours map[int64]*counted
}

type counted struct {
	began    time.Time
	requests int
}

// take counts a request of the account, unless as many as the limit were made in
// this hour; 0 is no limit. It answers how many are left and when the hour is over.
func (l *limiter) take(account int64, limit int, now time.Time) (left int, ends time.Duration, within bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hours == nil {
		l.hours = make(map[int64]*counted)
	}
	c := l.hours[account]
	if c == nil || now.Sub(c.began) >= hour {
		c = &counted{began: now}
		l.hours[account] = c
	}
	// A request may be overtaken by one whose clock was read later: it is told of
	// an hour, not of more.
	ends = min(hour-now.Sub(c.began), hour)
	if limit > 0 && c.requests >= limit {
		return 0, ends, false
	}
	c.requests++
	return max(limit-c.requests, 0), ends, true
}

var errSpent = &wire.Error{Status: http.StatusTooManyRequests, Message: "The hour's requests are spent; wait as long as Retry-After says"}

// spend counts the request against the token's limit, tells the caller about it,
// and refuses it when the hour's are spent.
func (c *call) spend() error {
	limit := c.token.Limit
	if limit == 0 {
		limit = c.api.limit
	}
	left, ends, within := c.api.limiter.take(c.token.Account, limit, c.now)
	if limit == 0 {
		return nil
	}
	seconds := strconv.Itoa(int((ends + time.Second - 1) / time.Second))
	header := c.w.Header()
	header.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	header.Set("X-RateLimit-Reset", seconds)
	if within {
		return nil
	}
	header.Set("Retry-After", seconds)
	return errSpent
}
