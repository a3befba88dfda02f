package httpapi_test

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/httpapi/fault"
	"github.com/trueup-ledger/trueup/internal/store"
)

// withClock returns a service on the same store with a clock that the test sets.
func (s *service) withClock(t *testing.T, now *atomic.Int64) *service {
	t.Helper()
	moved := *s
	api := httpapi.New(s.store, nil, nil, nil, func() time.Time { return time.Unix(now.Load(), 0) }, s.logger)
	moved.Handler, moved.api = checked(t, api), api
	return &moved
}

func TestSection08RateLimits(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var now atomic.Int64
	begin := time.Now().Unix()
	now.Store(begin)
	clocked := s.withClock(t, &now)
	three := clocked.as(t, store.TokenRequest{Account: demo.Account, Limit: 3}, nil)
	headers := func(limit, left, reset string) map[string]string {
		return map[string]string{"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": left, "X-RateLimit-Reset": reset}
	}
	// The order of the requests matters.
	three.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("3", "2", "3600")})
	now.Add(600)
	three.exchange(t, exchange{path: "/Nothing", status: 404, wantHeader: headers("3", "1", "3000")})
	clocked.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("", "", "")}) // another token without a limit
	three.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("3", "0", "3000")})
	exceeded := headers("3", "0", "3000")
	exceeded["Retry-After"] = "3000"
	three.exchange(t, exchange{path: "/Campaigns", status: 429, wantHeader: exceeded, has: []string{`"Status":"ERROR"`}})
	three.exchange(t, exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionTrackerId=2240&OrderId=EXAMPLE-A&Sku=12345&Quantity=1&Reason=ORDER_UPDATE", status: 429})
	clocked.exchange(t, exchange{path: "/Actions?Oid=EXAMPLE-A", has: []string{`"Amount":21.99`}})
	disabled := clocked.as(t, store.TokenRequest{Account: demo.Account, Limit: 9}, func(k *store.Token) { k.Disabled = time.Unix(begin, 0) })
	disabled.exchange(t, exchange{path: "/Campaigns", status: 403, wantHeader: headers("", "", "")})
	eight := clocked.as(t, store.TokenRequest{Account: demo.Account, Limit: 8}, nil)
	r := eight.request("GET", "/Campaigns", "", "")
	r.URL.Path = "/Advertisers/" + demo.SIDJapan + "/Campaigns"
	if w := eight.do(r); w.Code != http.StatusForbidden || w.Header().Get("X-RateLimit-Remaining") != "7" {
		t.Errorf("path of another SID: %d %v, want 403 and 7 left", w.Code, w.Header())
	}
	unauthorized := &service{Handler: clocked.Handler, sid: three.sid, secret: "wrong"}
	unauthorized.exchange(t, exchange{path: "/Campaigns", status: 401, wantHeader: headers("", "", "")})
	japan := clocked.as(t, store.TokenRequest{Account: demo.AccountJapan, Limit: 3}, nil)
	japan.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("3", "2", "3600")})
	now.Add(-601) // a request with an earlier time
	three.exchange(t, exchange{path: "/Campaigns", status: 429, wantHeader: headers("3", "0", "3600")})
	now.Store(begin + 3600)
	three.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("3", "2", "3600")})

	clocked.api.Emulate(func(fault.Request) (fault.Fault, bool) { return fault.Fault{}, false })
	now.Add(3600)
	clocked.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("1000", "999", "3600")})
	three.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("3", "2", "3600")})
	clocked.exchange(t, exchange{path: "/Campaigns", wantHeader: headers("1000", "997", "3600")}) // the account's limit counts all tokens
}

func TestSection08ConcurrentRequestsKeepTheLimit(t *testing.T) {
	t.Parallel()
	const limit, callers, each = 40, 8, 10
	caller := serve(t).as(t, store.TokenRequest{Account: demo.Account, Limit: limit}, nil)
	var served, rejected atomic.Int64
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range each {
				switch w := caller.do(caller.request(http.MethodGet, "/Campaigns", "", "")); w.Code {
				case http.StatusOK:
					served.Add(1)
				case http.StatusTooManyRequests:
					rejected.Add(1)
				default:
					t.Error(strconv.Itoa(w.Code) + w.Body.String())
				}
			}
		})
	}
	group.Wait()
	if served.Load() != limit || rejected.Load() != callers*each-limit {
		t.Errorf("%d served and %d rejected", served.Load(), rejected.Load())
	}
}
