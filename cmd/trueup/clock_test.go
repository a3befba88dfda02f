package main_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// oldStore is a store that was written long ago: with an account, a token of it, one of the
// admin API, and a queued submission.
type oldStore struct {
	dir            string
	account, admin credentials
	queued         store.SubmissionID
}

func newOldStore(t *testing.T, age time.Duration) oldStore {
	t.Helper()
	o := oldStore{dir: filepath.Join(t.TempDir(), "data")}
	st, err := sqlstore.OpenSQLite(t.Context(), o.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	at := time.Now().Add(-age)
	event := store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: at}
	text, err := os.ReadFile("testdata/crash.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var accepted []store.Accepted
	file, err := refdata.Parse("crash.yaml", text)
	if err == nil {
		_, err = file.Record(t.Context(), st, at, event)
	}
	if err == nil {
		accepted, err = st.Accept(t.Context(), 1, at, []store.Submission{{Submission: ledger.Submission{Command: ledger.Reversal{
			Address: ledger.Address{EventType: 2240, Order: "none"}, Reason: "REJECTED",
		}}}})
	}
	if err != nil {
		t.Fatal(err)
	}
	token := func(account int64) credentials {
		token, secret, err := store.TokenRequest{Account: account, Name: "old", Version: 14}.Issue(at)
		if err == nil {
			err = st.SaveToken(t.Context(), token, event)
		}
		if err != nil {
			t.Fatal(err)
		}
		return credentials{token.SID, secret}
	}
	o.account, o.admin, o.queued = token(1), token(store.Operator), accepted[0].ID
	return o
}

// serve starts a server on the store and returns the URLs of the protocol and of the admin
// API.
func (o oldStore) serve(t *testing.T, args ...string) (url, admin string) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	args = append([]string{"serve", "--data", o.dir, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, args...)
	p, err := start(checkedProgram, "", nil, log, "TRUEUP_URL", args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.command.Process.Kill()
		_ = p.command.Wait() // it was killed
	})
	return p.env["TRUEUP_URL"], p.env["TRUEUP_ADMIN_URL"]
}

// wantResponse sends a request and checks the status and the body of the response.
func wantResponse(t *testing.T, r *http.Request, status int, has string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != status || !strings.Contains(string(body), has) || err != nil {
		t.Errorf("%s %s: status %d %s (%v), want %d with %q", r.Method, r.URL, response.StatusCode, body, err, status, has)
	}
	if status == http.StatusServiceUnavailable && !strings.HasSuffix(r.URL.Path, "/readyz") && response.Header.Get("Retry-After") == "" {
		t.Errorf("%s %s: no Retry-After", r.Method, r.URL)
	}
}

func (o oldStore) order(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := o.account.request(http.MethodPost, url+"/Advertisers/"+o.account.sid+"/Conversions", orderForm("NEW"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func get(t *testing.T, c credentials, url string) *http.Request {
	t.Helper()
	r, err := c.request(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// accept returns the request that accepts the clock.
func (o oldStore) accept(t *testing.T, admin string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, admin+"/clock/accept", strings.NewReader(`{"reason": "we were closed"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(o.admin.sid, o.admin.secret)
	r.Header.Set("Content-Type", "application/json")
	return r
}

const days = 24 * time.Hour

// TestAServerRefusesWritesWhileTheClockIsWrong starts a server on a store whose newest record
// is more than 400 days old, and lets an operator accept the clock.
func TestAServerRefusesWritesWhileTheClockIsWrong(t *testing.T) {
	t.Parallel()
	o := newOldStore(t, 401*days)
	if out, err := exec.Command(program, "token", "create", "--account", "1", "--data", o.dir).CombinedOutput(); err == nil || !strings.Contains(string(out), "serve --accept-clock") {
		t.Errorf("a command writes: %v\n%s", err, out)
	}
	run(t, "token", "list", "--data", o.dir)
	url, admin := o.serve(t)
	queued := url + "/Advertisers/" + o.account.sid + "/APISubmissions/" + string(o.queued)
	wantResponse(t, get(t, o.account, url+"/readyz"), 503, "more than 400 days after the newest record")
	wantResponse(t, o.order(t, url), 503, "clock")
	wantResponse(t, get(t, o.account, queued), 200, `"Status":"Queued"`)
	wantResponse(t, o.accept(t, admin), 200, `"accepted":true`)
	wantResponse(t, get(t, o.account, url+"/readyz"), 200, "ready")
	r := o.order(t, url)
	r.Header.Set("Prefer", "wait=30")
	wantResponse(t, r, 200, `"Complete"`)
	wantResponse(t, get(t, o.account, queued), 200, `"Status":"Complete"`)
	wantResponse(t, get(t, o.admin, admin+"/audit"), 200, "we were closed")
	run(t, "token", "create", "--account", "1", "--data", o.dir)
	run(t, "verify", "--data", o.dir)
}

func TestTheClockIsAcceptedByAFlag(t *testing.T) {
	t.Parallel()
	o := newOldStore(t, 1000*days)
	url, _ := o.serve(t, "--accept-clock")
	wantResponse(t, get(t, o.account, url+"/readyz"), 200, "ready")
	wantResponse(t, o.order(t, url), 200, "QUEUED")
	if out := run(t, "audit", "--data", o.dir); !strings.Contains(out, "accept clock") {
		t.Errorf("the audit log is %s", out)
	}
}

func TestAStoreMayBeIdleForAYear(t *testing.T) {
	t.Parallel()
	o := newOldStore(t, 399*days)
	url, _ := o.serve(t)
	wantResponse(t, o.order(t, url), 200, "QUEUED")
}

// TestATestClockStartsAtTheNewestRecord starts a server with a test clock that is behind its
// store, and lets it move without a limit.
func TestATestClockStartsAtTheNewestRecord(t *testing.T) {
	t.Parallel()
	o := newOldStore(t, 1000*days)
	_, admin := o.serve(t, "--emulate", "--clock", "2001-01-01")
	newest := time.Now().Add(-1000 * days).UTC().Format("2006-01-02T")
	wantResponse(t, get(t, o.admin, admin+"/clock"), 200, `{"clock":"`+newest)
	r := o.accept(t, admin)
	r.URL.Path = strings.TrimSuffix(r.URL.Path, "/accept")
	r.Body = io.NopCloser(strings.NewReader(`{"now": "2190-01-01T00:00:00Z"}`))
	r.ContentLength = -1
	wantResponse(t, r, 200, `{"clock":"2190-01-01T00:00:00Z","test":true}`)
}
