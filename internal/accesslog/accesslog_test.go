package accesslog_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/accesslog"
)

func TestEveryRequestIsLoggedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"a response without a header": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "four") }, "status=200 bytes=4"},
		"a response without a body":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, "status=204 bytes=0"},
		"a response that is empty":    {func(http.ResponseWriter, *http.Request) {}, "status=200 bytes=0"},
		"an informational response": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusCreated)
		}, "status=201 bytes=0"},
		"a second status has no effect": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			w.WriteHeader(http.StatusConflict)
		}, "status=400"},
		"an aborted response": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "part")
			panic(http.ErrAbortHandler)
		}, "aborted=true"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			handler := accesslog.Handler(c.handler, slog.New(slog.NewTextHandler(&log, nil)))
			func() {
				defer func() { _ = recover() }()
				handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/a?AuthToken=secret", nil))
			}()
			if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), c.want) {
				t.Errorf("the log is %q, want one line with %s", &log, c.want)
			}
			if strings.Contains(log.String(), "secret") {
				t.Errorf("the log has the query: %s", &log)
			}
		})
	}
}

func TestHandlersCanSetDeadlines(t *testing.T) {
	srv := httptest.NewServer(accesslog.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	}), slog.New(slog.DiscardHandler)))
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}
