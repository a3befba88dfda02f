package admin_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/faultinject"
)

// lossy fails every third request after it took effect, with a 503 or a dropped connection.
type lossy struct {
	*http.Transport
	count atomic.Int64
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.Transport.RoundTrip(r)
	n := l.count.Add(1)
	if err != nil || n%3 != 0 {
		return response, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	if n%2 == 0 {
		return nil, errors.New("the connection is dropped")
	}
	return &http.Response{StatusCode: http.StatusServiceUnavailable, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func TestWritesTakeEffectOnceDespiteLostResponses(t *testing.T) {
	const (
		workers = 4
		bonuses = 15
	)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	c, _ := serveWith(t, admin.Options{
		HTTPClient: &http.Client{Transport: &lossy{Transport: transport}}, Retry: client.Retry{MinDelay: time.Millisecond, MaxDelay: 10 * time.Millisecond},
	})
	leaks := goleak.IgnoreCurrent()
	before, err := c.Balance(t.Context(), 7, 10)
	if err != nil {
		t.Fatal(err)
	}
	group, ctx := errgroup.WithContext(t.Context())
	for worker := range workers {
		group.Go(func() error {
			for i := range bonuses {
				bonus := admin.Bonus{Partner: 10, Campaign: 1000, Amount: 100, Currency: "USD"}
				if _, err := c.RecordBonus(ctx, 7, bonus, reason(fmt.Sprint("a contest ", worker, i))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	if after, err := c.Balance(t.Context(), 7, 10); err != nil || after.Cleared-before.Cleared != workers*bonuses*100 {
		t.Errorf("the balance is %+v (%v), before %+v", after, err, before)
	}
	transport.CloseIdleConnections()
	goleak.VerifyNone(t, leaks)
}

func TestFaultRules(t *testing.T) {
	rules, err := faultinject.Parse("faults", []byte("faults: [{name: first, route: PUT /Actions, status: 503, share: 25%, count: 2}]"))
	if err != nil {
		t.Fatal(err)
	}
	injector := faultinject.New(1, time.Now)
	injector.Set(rules)
	c, _ := serveWith(t, admin.Options{}, injector.Routes(slog.New(slog.DiscardHandler))...)
	ctx := t.Context()
	first := []admin.Fault{{Name: "first", Route: "PUT /Actions", Status: 503, Share: "0.25", Count: 2}}
	if rules, err := c.Faults(ctx); err != nil || !slices.Equal(rules, first) {
		t.Errorf("the rules are %+v (%v)", rules, err)
	}
	second := []admin.Fault{{Name: "second", Route: "* *", Order: "A-*", Skip: 1, Share: "0.5", Delay: 1500 * time.Millisecond, Drop: "after"}}
	if rules, err := c.SetFaults(ctx, second); err != nil || !slices.Equal(rules, second) {
		t.Errorf("the rules are %+v (%v)", rules, err)
	}
	if err := c.DeleteFaults(ctx); err != nil {
		t.Error(err)
	}
	if rules, err := c.SetFaults(ctx, nil); err != nil || len(rules) != 0 {
		t.Errorf("the rules are %+v (%v)", rules, err)
	}
	if _, err := c.SetFaults(ctx, []admin.Fault{{Route: "GET"}}); !isStatus(err, http.StatusBadRequest, "route") {
		t.Errorf("an invalid route: %v", err)
	}
}

// TestListsEnd covers servers whose lists change while they are read, or that send another address.
func TestListsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		pages []string
		want  int
	}{
		"a page that is empty":     {[]string{`{"invoices":[{"id":"1-1"}],"total":9}`, `{"invoices":[],"total":9}`}, 1},
		"fewer than there were":    {[]string{`{"invoices":[{"id":"1-1"}],"total":2}`, `{"invoices":[{"id":"1-2"}],"total":1}`}, 2},
		"a URL of another address": {[]string{`{"invoices":[{"id":"1-1"}],"next":"https://evil.example/x?before=1"}`, `{"invoices":[{"id":"1-2"}]}`}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/base/accounts/1/invoices" {
					t.Errorf("request %d is %s", requests, r.URL)
				}
				requests++
				fmt.Fprint(w, c.pages[requests-1])
			}))
			defer s.Close()
			client, err := admin.New(admin.Options{BaseURL: s.URL + "/base", SID: "A", Token: "B"})
			if err != nil {
				t.Fatal(err)
			}
			if got := take(t, client.Invoices(t.Context(), 1, admin.InvoiceFilter{}), 9); len(got) != c.want || requests != len(c.pages) {
				t.Errorf("%d requests return %+v", requests, got)
			}
		})
	}
}
