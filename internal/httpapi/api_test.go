package httpapi_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/waiter"
)

// service is an API with the demo's data and the credentials of an account.
type service struct {
	http.Handler
	store       *storetest.FaultInjector
	sid, secret string
	waiters     *waiter.Waiters
	// settle waits until everything accepted is applied.
	settle func()
	log    *logBuffer
	logger *slog.Logger
	api    *httpapi.API
	// clockOffset is added to the service's clock, in nanoseconds.
	clockOffset *atomic.Int64
}

func (s *service) now() time.Time { return time.Now().Add(time.Duration(s.clockOffset.Load())) }

// logBuffer holds the log.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// checked wraps a handler to validate requests and responses against the OpenAPI document.
func checked(t testing.TB, handler http.Handler) http.Handler {
	t.Helper()
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	return checker.Wrap(handler, func(err error) { t.Error(err) })
}

// seeded is the demo's database. It is created once, and each test uses a copy.
var seeded = sync.OnceValues(func() (database []byte, err error) {
	dir, err := os.MkdirTemp("", "trueup-httpapi-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	st, err := sqlstore.OpenSQLite(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(demo.Seed(context.Background(), st, time.Now()), st.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, sqldb.Files()[0]))
})

// serve returns the API with the credentials of the demo's first account.
func serve(t testing.TB) *service {
	t.Helper()
	return serveAs(t, demo.SID)
}

// serveAs returns the API with the credentials of a SID.
func serveAs(t testing.TB, sid string) *service {
	t.Helper()
	database, err := seeded()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, sqldb.Files()[0]), database, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := demo.NewToken(t.Context(), st, sid, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := &service{store: storetest.NewFaultInjector(st.Roles()), sid: sid, secret: secret, log: &logBuffer{}, clockOffset: new(atomic.Int64)}
	log := slog.New(slog.NewJSONHandler(s.log, nil))
	s.logger = log
	s.waiters = waiter.New(s.store.Applied, log)
	applier := applier.New(s.store, s.now, s.waiters.Notify, log)
	in := ingest.New(s.store, s.now, applier.Notify)
	inbox := batchfile.New(s.store, s.now, log, applier.Notify)
	s.api = httpapi.New(s.store, in, s.waiters, inbox, s.now, log)
	s.Handler = checked(t, s.api)
	s.settle = func() {
		for waiting := []int64{0}; len(waiting) > 0; {
			if waiting, err = st.QueuedAccounts(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() {
		in.Stop(t.Context())
		inbox.Stop(t.Context())
		applier.Stop(t.Context())
		s.waiters.Stop()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// request returns a request of the caller. path is relative to its account.
func (s *service) request(method, path, contentType, body string) *http.Request {
	r := httptest.NewRequest(method, "/Advertisers/"+s.sid+path, strings.NewReader(body))
	r.SetBasicAuth(s.sid, s.secret)
	r.Header.Set("Accept", "application/json")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

func (s *service) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const form = "application/x-www-form-urlencoded"

func TestStatuses(t *testing.T) {
	t.Parallel()
	s := serve(t)
	big := "ActionId=1&Note=" + strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		method, path, contentType, body string
		change                          func(*http.Request)
		status                          int
		want                            string
	}{
		"a list":                                    {method: "GET", path: "/Campaigns", status: 200, want: `"Campaigns":[{"Id":"1000",`},
		"no such path":                              {method: "GET", path: "/Nothing", status: 404, want: `"Status":"ERROR"`},
		"no such action":                            {method: "GET", path: "/Actions/1000.2240.999999", status: 404},
		"a path with dots":                          {method: "GET", path: "/Actions/X/...json", status: 404},
		"an empty segment":                          {method: "GET", path: "/Actions//Items", status: 404},
		"an invalid id":                             {method: "GET", path: "/Actions/abc", status: 404},
		"no such item":                              {method: "GET", path: "/Actions/1000.2240.1/Items/none", status: 404},
		"no such submission":                        {method: "GET", path: "/APISubmissions/A-00000000-0000-8000-8000-000000000001", status: 404},
		"an invalid submission id":                  {method: "GET", path: "/APISubmissions/1", status: 404},
		"another method":                            {method: "PATCH", path: "/Actions", status: 405, want: "DELETE, GET, HEAD, PUT"},
		"conversions cannot be listed":              {method: "GET", path: "/Conversions", status: 405, want: "POST"},
		"a method override":                         {method: "POST", path: "/Actions?_method=PUT", status: 400, want: `"Field":"ActionId"`},
		"an unsupported format":                     {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.Header.Set("Accept", "image/png") }, status: 406},
		"a suffix overrides the Accept header":      {method: "GET", path: "/Campaigns.json", change: func(r *http.Request) { r.Header.Set("Accept", "image/png") }, status: 200, want: `"@page":"1"`},
		"too large":                                 {method: "PUT", path: "/Actions", contentType: form, body: big, status: 413, want: "1 MiB"},
		"an unsupported content type":               {method: "PUT", path: "/Actions", contentType: "text/csv", body: "a,b", status: 415},
		"broken JSON":                               {method: "PUT", path: "/Actions", contentType: "application/json", body: "{", status: 400},
		"an unknown version":                        {method: "GET", path: "/Campaigns?IrVersion=99", status: 400, want: "IrVersion"},
		"conversions have errors in both spellings": {method: "POST", path: "/Conversions", contentType: form, body: "CampaignId=x", status: 400, want: `"errors":[{"field":"`},
		"a future event date": {
			method: "POST", path: "/Conversions", contentType: form, status: 400, want: `"Field":"EventDate"`,
			body: "CampaignId=1000&EventTypeId=2240&OrderId=F&MediaPartnerId=10001&ItemSku1=a&ItemPrice1=1&EventDate=2999-01-01T00:00:00Z",
		},
		"no item": {
			method: "POST", path: "/Conversions", contentType: form, status: 400, want: `"Field":"ItemSku"`,
			body: "CampaignId=1000&EventTypeId=2240&OrderId=F&MediaPartnerId=10001&EventDate=NOW",
		},
		"a body in a DELETE":                    {method: "DELETE", path: "/Actions", contentType: form, body: "ActionId=1000.2240.1", status: 400, want: `"Field":"DispositionCode"`},
		"the singular, any case":                {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "Advertisers", "aDVERTISER", 1) }, status: 200},
		"no credentials":                        {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.Header.Del("Authorization") }, status: 401},
		"a wrong secret":                        {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.SetBasicAuth(demo.SID, "wrong") }, status: 401},
		"an unknown SID":                        {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.SetBasicAuth("IRnobody", s.secret) }, status: 401},
		"empty credentials":                     {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.SetBasicAuth("", "") }, status: 401},
		"another SID's path":                    {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.URL.Path = "/Advertisers/" + demo.SIDJapan + "/Campaigns" }, status: 403},
		"the path of a SID that does not exist": {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.URL.Path = "/Advertisers/IRnobody/Campaigns" }, status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request(c.method, c.path, c.contentType, c.body)
			if c.change != nil {
				c.change(r)
			}
			w := s.do(r)
			if w.Code != c.status || !strings.Contains(w.Body.String()+w.Header().Get("Allow"), c.want) {
				t.Errorf("%d %s, Allow %q; want %d with %s", w.Code, w.Body, w.Header().Get("Allow"), c.status, c.want)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Error("401 without WWW-Authenticate")
			}
		})
	}
}

func TestUnknownParametersAreListedInAHeader(t *testing.T) {
	t.Parallel()
	s := serve(t)
	w := s.do(s.request("GET", "/Campaigns?Nonsense=1&Name=x", "", ""))
	if got := w.Header().Get("Trueup-Ignored-Parameters"); w.Code != 200 || got != "Nonsense" {
		t.Errorf("%d, ignored %q", w.Code, got)
	}
}

func TestModificationsTakeTheIdentifierFromThePath(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var found struct{ Actions []struct{ Id string } }
	w := s.do(s.request("GET", "/Actions?Oid="+demo.ExampleOrder, "", ""))
	if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || len(found.Actions) != 1 {
		t.Fatalf("%s %v", w.Body, err)
	}
	action := "/Actions/" + found.Actions[0].Id
	for path, body := range map[string]string{
		action + "/Items/12345": `{"Quantity":1,"Reason":"ORDER_UPDATE"}`,
		action:                  `{"Sku":"67890","Quantity":"3","Reason":"ORDER_UPDATE"}`,
	} {
		if w := s.do(s.request("PUT", path, "application/json", body)); w.Code != 200 {
			t.Errorf("PUT %s: %d %s", path, w.Code, w.Body)
		}
	}
	s.settle()
	w = s.do(s.request("GET", action+"/Items", "", ""))
	for _, want := range []string{`"Sku":"12345","ItemName":"Deck lantern","Category":"Camping","Quantity":"1"`, `"Quantity":"3"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("want %s in %s", want, w.Body)
		}
	}
	if w := s.do(s.request("PUT", action, form, "ActionId=1000.2240.1&Sku=67890&Quantity=1&Reason=ORDER_UPDATE")); w.Code != 400 {
		t.Errorf("another ActionId in the body: %d %s", w.Code, w.Body)
	}
}

func TestInternalErrorsAreLoggedAndNotRevealed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Fail(storetest.CallAccept, storetest.Before, errors.New("a disk error"))
	w := s.do(s.request("DELETE", "/Actions", form, "ActionId=1000.2240.1&DispositionCode=REJECTED"))
	id := w.Header().Get("X-Request-Id")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), id) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if !strings.Contains(s.log.String(), id) || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("response %s, log %s", w.Body, s.log)
	}
}

// FuzzHandler checks that no request causes a 500 and that every response is well-formed.
func FuzzHandler(f *testing.F) {
	s := serve(f)
	s.Handler = s.api // without validation against the document
	for _, seed := range [][4]string{
		{"PUT", "/Actions", form, "ActionId=1000.2240.3283&Sku=12345&Quantity=1&Reason=ORDER_UPDATE"},
		{"PUT", "/Actions.json", "application/json", `{"ActionTrackerId":2240,"OrderId":"EXAMPLE-A","Amount":10.5,"Reason":"OTHER"}`},
		{"DELETE", "/Actions", form, "ActionId=1000.2240.3283&DispositionCode=REJECTED"},
		{"POST", "/Conversions", form, "CampaignId=1000&EventTypeId=2240&OrderId=F&MediaPartnerId=10001&ItemSku1=a&ItemPrice1=1&EventDate=NOW"},
		{"GET", "/Actions?CampaignId=1000&StartDate=2026-10-01T00:00:00+0000&EndDate=2026-10-02&PageSize=3&Page=2", "", ""},
		{"GET", "/ActionUpdates.xml?State=PENDING&Sku=a%2Fb", "", ""},
		{"GET", "/APISubmissions?Status=Complete&HasError=true", "", ""},
		{"GET", "/Actions/1000.2240.3283/Items/%2e%2e", "", ""},
		{"PUT", "/Actions.xml?DryRun=1", form, "ActionTrackerId=2240&OrderId=EXAMPLE-A&Sku=12345&QuantityDelta=-1&Reason=ORDER_UPDATE"},
		{"POST", "/APISubmissions/A-01a20fb9-0613-8028-bc35-000000000cd8/Undo?DryRun=true", form, "Note=x"},
		{"GET", "/Actions/1000.2240.3283/Items?AsOf=2026-10-01T00:00:00+0000&PageSize=1", "", ""},
		{"GET", "/Actions/1000.2240.3283/Updates?Page=2&PageSize=1", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, path, contentType, body string) {
		r, err := http.NewRequest(method, "http://trueup/Advertisers/"+demo.SID+path, strings.NewReader(body))
		if err != nil {
			return // not a valid request
		}
		r.SetBasicAuth(demo.SID, s.secret)
		r.Header.Set("Content-Type", contentType)
		w := s.do(r)
		if w.Code >= 500 {
			t.Fatalf("%d %s\n%s", w.Code, w.Body, s.log)
		}
		if method == http.MethodHead || w.Body.Len() == 0 {
			return
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			if !json.Valid(w.Body.Bytes()) {
				t.Fatalf("not JSON: %s", w.Body)
			}
			return
		}
		for d := xml.NewDecoder(w.Body); ; {
			if _, err := d.Token(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatalf("not XML: %v", err)
			}
		}
	})
}
