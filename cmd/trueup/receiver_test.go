package main_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// receiveCommand implements "receive FILE". It starts a receiver of event notifications
// and sets RECEIVER to its URL. It appends each request to FILE as a line with the id,
// method, path and body. The status is 200, or 503 while FILE.unavailable exists.
func receiveCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: receive FILE")
	}
	path := filepath.Join(ts.Getenv("WORK"), args[0])
	ts.Check(os.WriteFile(path, nil, 0o600))
	var mu sync.Mutex
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if _, err := os.Stat(path + ".unavailable"); err == nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, err := io.ReadAll(r.Body)
		file, err2 := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil || err2 != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(file, r.Header.Get("Trueup-Notification-Id"), r.Method, r.RequestURI, string(body))
		_ = file.Close()
	}))
	ts.Setenv("RECEIVER", receiver.URL)
	ts.Defer(receiver.Close)
}
