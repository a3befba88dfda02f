// Package ratelimit counts the requests of tokens and accounts.
package ratelimit

import (
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// rateWindow is the length of a window. A window starts with the first request after the
// end of the previous window.
const rateWindow = time.Hour

// Limiter counts requests in memory. A restart resets the counts.
type Limiter struct {
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
func (l *Limiter) current(key limitKey, now time.Time) *window {
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

// Take counts a request for the token and for its account, and reports whether it is within
// the limit, where 0 means unlimited. The limit is the token's own, which counts the
// requests of the token, or that of the account, which counts those of all its tokens. A
// request over the limit isn't counted. Take also returns the number of requests left and
// the time until the end of the window.
func (l *Limiter) Take(t store.Token, limit int, now time.Time) (left int, remaining time.Duration, ok bool) {
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
