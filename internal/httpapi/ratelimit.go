package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// documentedLimit is the Brand API's limit in requests per hour and account.
const documentedLimit = 1000

var errRateLimited = &wire.Error{Status: http.StatusTooManyRequests, Message: "The rate limit is exceeded; wait for the seconds in Retry-After"}

// rateLimit counts the request against the token's own limit, or else the account's, and sets
// the rate limit headers. It returns errRateLimited if the limit is exceeded.
func (c *call) rateLimit() error {
	limit := c.token.Limit
	if limit == 0 {
		limit = c.api.limit
	}
	left, remaining, ok := c.api.limiter.Take(c.token, limit, c.now)
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
