package httpapi_test

import (
	"context"
	"errors"
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
	"github.com/trueup-ledger/trueup/ledger"
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
	return os.ReadFile(filepath.Join(dir, sqldb.SQLiteFiles()[0]))
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
	if err := os.WriteFile(filepath.Join(dir, sqldb.SQLiteFiles()[0]), database, 0o600); err != nil {
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
	in := ingest.New(s.store, ingest.Config{Decide: ledger.Decide, Now: s.now, Queued: applier.Notify, Applied: s.waiters.Notify, Log: log})
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
