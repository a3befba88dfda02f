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
	"github.com/trueup-ledger/trueup/internal/store"
)

// clocked answers a handler on the service's store whose clock a test moves.
func (s *service) clocked(t *testing.T, now *atomic.Int64) *service {
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
	clocked := s.clocked(t, &now)
	three := clocked.as(t, store.Grant{Account: demo.Account, Limit: 3}, nil)
	headers := func(limit, left, reset string) map[string]string {
		return map[string]string{"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": left, "X-RateLimit-Reset": reset}
	}
	// The rows of this story follow each other.
	three.exchange(t, exchange{path: "/Campaigns", sends: headers("3", "2", "3600")})
	now.Add(600)
	three.exchange(t, exchange{path: "/Nothing", status: 404, sends: headers("3", "1", "3000")})
	clocked.exchange(t, exchange{path: "/Campaigns", sends: headers("", "", "")}) // without a limit of its own it counts too
	spent := headers("3", "0", "3000")
	spent["Retry-After"] = "3000"
	three.exchange(t, exchange{path: "/Campaigns", status: 429, sends: spent, has: []string{`"Status":"ERROR"`}})
	three.exchange(t, exchange{method: "PUT", path: "/Actions", contentType: form, body: "ActionTrackerId=2240&OrderId=EXAMPLE-A&Sku=12345&Quantity=1&Reason=ORDER_UPDATE", status: 429})
	clocked.exchange(t, exchange{path: "/Actions?Oid=EXAMPLE-A", has: []string{`"Amount":21.99`}})
	disabled := clocked.as(t, store.Grant{Account: demo.Account, Limit: 9}, func(k *store.Token) { k.Disabled = time.Unix(begin, 0) })
	disabled.exchange(t, exchange{path: "/Campaigns", status: 403, sends: headers("", "", "")})
	eight := clocked.as(t, store.Grant{Account: demo.Account, Limit: 8}, nil)
	r := eight.request("GET", "/Campaigns", "", "")
	r.URL.Path = "/Advertisers/" + demo.SIDJapan + "/Campaigns"
	if w := eight.do(r); w.Code != http.StatusForbidden || w.Header().Get("X-RateLimit-Remaining") != "3" {
		t.Errorf("another's path: %d %v, want 403 and 3 left", w.Code, w.Header())
	}
	stranger := &service{Handler: clocked.Handler, sid: three.sid, secret: "wrong"}
	stranger.exchange(t, exchange{path: "/Campaigns", status: 401, sends: headers("", "", "")})
	japan := clocked.as(t, store.Grant{Account: demo.AccountJapan, Limit: 3}, nil)
	japan.exchange(t, exchange{path: "/Campaigns", sends: headers("3", "2", "3600")})
	now.Add(-601) // a request whose clock was read before the first one's
	three.exchange(t, exchange{path: "/Campaigns", status: 429, sends: headers("3", "0", "3600")})
	now.Store(begin + 3600)
	three.exchange(t, exchange{path: "/Campaigns", sends: headers("3", "2", "3600")})

	clocked.api.Emulate(func(httpapi.Request) (httpapi.Fault, bool) { return httpapi.Fault{}, false })
	now.Add(3600)
	clocked.exchange(t, exchange{path: "/Campaigns", sends: headers("1000", "999", "3600")})
	three.exchange(t, exchange{path: "/Campaigns", sends: headers("3", "1", "3600")})
}

func TestSection08ManyAtOnceGetNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	const limit, callers, each = 40, 8, 10
	caller := serve(t).as(t, store.Grant{Account: demo.Account, Limit: limit}, nil)
	var fine, refused atomic.Int64
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range each {
				switch w := caller.do(caller.request(http.MethodGet, "/Campaigns", "", "")); w.Code {
				case http.StatusOK:
					fine.Add(1)
				case http.StatusTooManyRequests:
					refused.Add(1)
				default:
					t.Error(strconv.Itoa(w.Code) + w.Body.String())
				}
			}
		})
	}
	group.Wait()
	if fine.Load() != limit || refused.Load() != callers*each-limit {
		t.Errorf("%d were answered and %d refused", fine.Load(), refused.Load())
	}
}
