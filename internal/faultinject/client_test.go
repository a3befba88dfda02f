package faultinject_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

// client is a client of an emulating server with one action.
type client struct {
	t                 *testing.T
	http              *http.Client
	root, sid, secret string
	action, sku       string
	// log is the path of the server's log.
	log string
}

// serve runs a server with the faults until the test ends, then verifies the store.
func serve(t *testing.T, faults *faultinject.Injector) *client {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, log: filepath.Join(t.TempDir(), "log")}
	log, err := os.Create(c.log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	targets, accounts, err := bench.Prepare(t.Context(), st, time.Now(), bench.Fixture{Actions: 1, Accounts: 1})
	if err != nil {
		t.Fatal(err)
	}
	c.sid, c.secret, c.action, c.sku = accounts[0].SID, accounts[0].Token, targets[0].Action, targets[0].SKU
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- server.Run(ctx, server.Config{
			Clock: clockguard.New(time.Time{}, slog.New(slog.DiscardHandler)), Store: st.Roles(), Listen: "127.0.0.1:0", Log: slog.New(slog.NewJSONHandler(log, nil)),
			Emulation: &server.Emulation{Faults: faults.Request, Decide: faults.Decide},
			Ready:     func(url, _ string) { ready <- url },
		})
	}()
	select {
	case at := <-ready:
		c.root = at + "/Advertisers/" + c.sid
	case err := <-ended:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		violations, err := verify.Store(context.Background(), st, ledger.Decide)
		if err != nil || len(violations) > 0 {
			t.Errorf("%v %v", violations, err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// response is a response with its body.
type response struct {
	status int
	header http.Header
	body   string
}

// do sends a request.
func (c *client) do(method, path, form string, headers ...string) (response, error) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.root+path, strings.NewReader(form))
	if err != nil {
		c.t.Fatal(err)
	}
	req.SetBasicAuth(c.sid, c.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return response{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return response{resp.StatusCode, resp.Header, string(body)}, err
}

// modification returns a form that increments the quantity of the action's item.
func (c *client) modification() string {
	return url.Values{"ActionId": {c.action}, "Sku": {c.sku}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"}}.Encode()
}

// submissions returns the number of accepted modifications.
func (c *client) submissions() string {
	c.t.Helper()
	got, err := c.do("GET", "/APISubmissions?Type=Modification", "")
	var list struct {
		Total string `json:"@total"`
	}
	if err != nil || json.Unmarshal([]byte(got.body), &list) != nil {
		c.t.Fatal(err, got)
	}
	return list.Total
}

// submit sends a write and returns its completed submission.
func (c *client) submit(method, path, form string) (s struct {
	Uri, ErrorType, ErrorReason, ErrorMessage, ActionId string
},
) {
	c.t.Helper()
	got, err := c.do(method, path, form, "Prefer", "wait=20")
	body := struct{ Submission any }{&s}
	if err != nil || json.Unmarshal([]byte(got.body), &body) != nil {
		c.t.Fatal(err, got)
	}
	if !strings.Contains(got.body, `"Status":"Complete"`) {
		c.t.Fatal(got.body)
	}
	return s
}
