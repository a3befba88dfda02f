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
	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// client is of a server that emulates, with one action.
type client struct {
	t                 *testing.T
	http              *http.Client
	root, sid, secret string
	action, sku       string
	// log is the file of what the server logs.
	log string
}

// serve runs a server with the faults until the test ends, and then holds what is
// stored against the laws.
func serve(t *testing.T, faults *faultinject.Faults) *client {
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
	targets, accounts, err := bench.Prepare(t.Context(), st, time.Now(), bench.Stock{Actions: 1, Accounts: 1})
	if err != nil {
		t.Fatal(err)
	}
	c.sid, c.secret, c.action, c.sku = accounts[0].SID, accounts[0].Token, targets[0].Action, targets[0].SKU
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- server.Run(ctx, server.Config{
			Store: st, Listen: "127.0.0.1:0", Log: slog.New(slog.NewJSONHandler(log, nil)),
			Emulation: &server.Emulation{Faults: faults.Of, Decide: faults.Decide},
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
		offences, err := store.Verify(context.Background(), st, ledger.Decide)
		if err != nil || len(offences) > 0 {
			t.Errorf("%v %v", offences, err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// do answers the response, or why there is none.
func (c *client) do(method, path, form string, headers ...string) (answer, error) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.root+path, strings.NewReader(form))
	if err != nil {
		c.t.Fatal(err)
	}
	r.SetBasicAuth(c.sid, c.secret)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// modification is a form that adds one to the action's item.
func (c *client) modification() string {
	return url.Values{"ActionId": {c.action}, "Sku": {c.sku}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"}}.Encode()
}

// submissions answers how many modifications were accepted.
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

func TestEffectsOnRequests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		effect string
		// status 0 is a connection without an answer; accepted is how many are on disk.
		status   int
		body     string
		accepted string
		takes    time.Duration
		retry    string
	}{
		"too many requests":                   {"status: 429", 429, `"Status":"ERROR"`, "0", 0, "1"},
		"a failure":                           {"status: 500", 500, `"Message":"Something went wrong here (request `, "0", 0, ""},
		"storage away":                        {"status: 503", 503, `"Message":"Storage is away; try again (request `, "0", 0, "1"},
		"a failure after the work":            {"status: 500, after: true", 500, `"Status":"ERROR"`, "1", 0, ""},
		"storage away after the work":         {"status: 503, after: true", 503, `"Status":"ERROR"`, "1", 0, "1"},
		"a connection cut before the work":    {"drop: before", 0, "", "0", 0, ""},
		"a connection cut after the work":     {"drop: after", 0, "", "1", 0, ""},
		"a delay before the work":             {"delay: 40ms", 200, `"Status":"QUEUED"`, "1", 40 * time.Millisecond, ""},
		"a delay after the work":              {"delay: 40ms, after: true", 200, `"Status":"QUEUED"`, "1", 40 * time.Millisecond, ""},
		"a delay and then a failure":          {"delay: 40ms, status: 500", 500, `"Status":"ERROR"`, "0", 40 * time.Millisecond, ""},
		"a delay after the work and then cut": {"delay: 40ms, drop: after", 0, "", "1", 40 * time.Millisecond, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, with(t, 1, "  - {name: it, route: PUT /Actions, "+c.effect+"}\n"))
			began := time.Now()
			got, err := s.do("PUT", "/Actions", s.modification())
			if took := time.Since(began); took < c.takes {
				t.Errorf("took %s, want %s", took, c.takes)
			}
			switch {
			case c.status == 0:
				if err == nil {
					t.Errorf("answered %d %s", got.status, got.body)
				}
			case err != nil:
				t.Fatal(err)
			case got.status != c.status || !strings.Contains(got.body, c.body):
				t.Errorf("%d %s", got.status, got.body)
			case got.header.Get("Trueup-Fault") != "it" || got.header.Get("Retry-After") != c.retry:
				t.Errorf("headers %v", got.header)
			case got.header.Get("X-Request-Id") == "":
				t.Error("no request id")
			}
			if accepted := s.submissions(); accepted != c.accepted {
				t.Errorf("%s submissions, want %s", accepted, c.accepted)
			}
			if logged, err := os.ReadFile(s.log); err != nil || !strings.Contains(string(logged), `"msg":"fault","rule":"it"`) {
				t.Errorf("not logged: %s (%v)", logged, err)
			}
		})
	}
}

func TestAnErrorThatWasAskedForHasTheFormatThatWasAskedFor(t *testing.T) {
	t.Parallel()
	s := serve(t, with(t, 1, "  - {route: '* *', status: 503}\n"))
	got, err := s.do("GET", "/Campaigns", "", "Accept", "application/xml")
	if err != nil || !strings.Contains(got.body, "<ImpactRadiusResponse><Status>ERROR</Status>") {
		t.Errorf("XML: %s %v", got.body, err)
	}
	got, err = s.do("GET", "/Campaigns", "")
	if err != nil || got.header.Get("X-RateLimit-Limit") != "1000" || got.header.Get("X-RateLimit-Remaining") != "998" {
		t.Errorf("the documented limit: %v %v", got, err)
	}
	got, err = s.do("GET", "/Campaigns", "", "Authorization", "Basic x")
	if err != nil || got.status != http.StatusUnauthorized || got.header.Get("Trueup-Fault") != "" {
		t.Errorf("who is not known meets no rule: %v %v", got, err)
	}
}

func TestAListsDelayedAnswerIsWhole(t *testing.T) {
	t.Parallel()
	s := serve(t, with(t, 1, "  - {name: slow, route: GET /Actions, delay: 20ms, after: true}\n"))
	got, err := s.do("GET", "/Actions?CampaignId=1000&ActionDateStart=2020-01-01&ActionDateEnd=2020-01-02", "")
	if err != nil || got.header.Get("Trueup-Fault") != "slow" || got.status != http.StatusBadRequest || !json.Valid([]byte(got.body)) {
		t.Errorf("%v %v", got, err)
	}
	got, err = s.do("GET", "/Actions?CampaignId=1000&Oid=BENCH-0", "")
	if err != nil || got.status != http.StatusOK || !json.Valid([]byte(got.body)) {
		t.Errorf("%v %v", got, err)
	}
}

// TestALostAnswerIsRetriedWithAKey is the case that integrations get wrong.
func TestALostAnswerIsRetriedWithAKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ key, accepted string }{
		"with a key it takes effect once":   {"k-1", "1"},
		"without one it takes effect twice": {"", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, with(t, 1, "  - {route: PUT /Actions, drop: after, count: 1}\n"))
			var headers []string
			if c.key != "" {
				headers = []string{"Idempotency-Key", c.key}
			}
			_, err := s.do("PUT", "/Actions", s.modification(), headers...)
			if err == nil {
				t.Error("was answered")
			}
			got, err := s.do("PUT", "/Actions", s.modification(), headers...)
			if err != nil || got.status != http.StatusOK || (got.header.Get("Idempotency-Replayed") == "true") != (c.key != "") {
				t.Errorf("%v %v", got, err)
			}
			if accepted := s.submissions(); accepted != c.accepted {
				t.Errorf("%s submissions, want %s", accepted, c.accepted)
			}
		})
	}
}

// awaited answers what a write's submission completed with.
func (c *client) awaited(method, path, form string) (s struct {
	Uri, ErrorType, ErrorReason, ErrorMessage, ActionId string
},
) {
	c.t.Helper()
	got, err := c.do(method, path, form, "Prefer", "wait=20")
	answer := struct{ Submission any }{&s}
	if err != nil || json.Unmarshal([]byte(got.body), &answer) != nil {
		c.t.Fatal(err, got)
	}
	if !strings.Contains(got.body, `"Status":"Complete"`) {
		c.t.Fatal(got.body)
	}
	return s
}

func TestSubmissionsFailAsAskedFor(t *testing.T) {
	t.Parallel()
	for code, errorType := range map[string]string{
		"CONV_DUPLICATE": "Validation", "CONTRACT_NOT_FOUND": "Contract Error",
		"BLOCKED_BY_PROMOCODE": "Contract Error", "OID_MISSING": "Validation",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := serve(t, with(t, 1, "  - {name: it, route: POST /Conversions, code: "+code+"}\n"))
			got := s.awaited("POST", "/Conversions",
				"CampaignId=1000&EventTypeId=2240&EventDate=NOW&OrderId=N&MediaPartnerId=10&ItemSku1=a&ItemPrice1=1")
			if got.ErrorType != errorType || got.ErrorReason != code || !strings.Contains(got.ErrorMessage, "fault rule it") {
				t.Errorf("%+v", got)
			}
			if duplicate := strings.Contains(got.ErrorMessage, "OrderId") && strings.Contains(got.ErrorMessage, "duplicate"); duplicate != (code == "CONV_DUPLICATE") {
				t.Errorf("clients look for these words: %s", got.ErrorMessage)
			}
		})
	}
}

func TestWhatWasDecidedBeforeTheRulesCanBeUndoneUnderThem(t *testing.T) {
	t.Parallel()
	faults := faultinject.New(1, time.Now)
	s := serve(t, faults)
	first := s.awaited("PUT", "/Actions", s.modification())
	rules, err := faultinject.Parse("f.yaml", []byte("faults: [{route: PUT /Actions, code: ACTION_LOCKED}]"))
	if err != nil {
		t.Fatal(err)
	}
	faults.Set(rules)
	if second := s.awaited("PUT", "/Actions", s.modification()); second.ErrorReason != "ACTION_LOCKED" || second.ActionId != s.action {
		t.Errorf("under the rules: %+v", second)
	}
	_, below, _ := strings.Cut(first.Uri, s.sid)
	if undone := s.awaited("POST", below+"/Undo", ""); undone.ErrorType != "" {
		t.Errorf("undone: %+v", undone)
	}
}
