package rawhttp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/bench/rawhttp"
)

func TestRequestsShareAConnection(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	connections := make(map[string]bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got := []string{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("Prefer"), string(body)}
		want := []string{"PUT", "/a?b=c", "Basic x", "text/plain", "wait=30", "body"}
		if r.Method == http.MethodGet {
			want = []string{"GET", "/a?b=c", "", "", "", ""}
			w.WriteHeader(http.StatusTeapot)
			if _, err := io.WriteString(w, long); err != nil { // too long for a Content-Length
				t.Error(err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}))
	defer server.Close()
	conn := rawhttp.New(server.URL)
	defer conn.Close()
	for range 2 {
		status, body, err := conn.Do(t.Context(), rawhttp.Request{
			Method: http.MethodPut, Path: "/a?b=c", Authorization: "Basic x", ContentType: "text/plain", Prefer: "wait=30", Body: "body",
		})
		if status != http.StatusOK || len(body) > 0 || err != nil {
			t.Errorf("status %d, %d bytes, %v", status, len(body), err)
		}
		status, body, err = conn.Do(t.Context(), rawhttp.Request{Method: http.MethodGet, Path: "/a?b=c"})
		if status != http.StatusTeapot || string(body) != long || err != nil {
			t.Errorf("status %d, %d bytes, %v", status, len(body), err)
		}
	}
	if len(connections) != 1 {
		t.Errorf("the requests used %d connections", len(connections))
	}
	if rawhttp.New("https://127.0.0.1") != nil {
		t.Error("New supports TLS")
	}
}
