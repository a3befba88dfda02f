package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// modificationBody is the body of the modification that the benchmarks send.
const modificationBody = "ActionId=1000.2240.158133&Sku=12345&Quantity=1&Reason=ORDER_UPDATE"

// BenchmarkModify serves a modification without storing it: called as a handler, and from a
// client on one persistent connection.
func BenchmarkModify(b *testing.B) {
	s := serve(b)
	api := httpapi.New(s.store, acceptAll{}, s.waiters, nil, time.Now, s.logger)
	template := s.request(http.MethodPut, "/Actions", form, "")
	template.ContentLength = int64(len(modificationBody))
	b.Run("handler", func(b *testing.B) {
		w := &discarder{header: make(http.Header)}
		b.ReportAllocs()
		for b.Loop() {
			r := *template
			r.Body = io.NopCloser(strings.NewReader(modificationBody))
			clear(w.header)
			if api.ServeHTTP(w, &r); w.status != http.StatusOK {
				b.Fatalf("status %d", w.status)
			}
		}
	})
	b.Run("connection", func(b *testing.B) { sendModifications(b, api, template) })
}

// BenchmarkAuthorize checks the credentials, the rate limit and the account of a request.
func BenchmarkAuthorize(b *testing.B) {
	s := serve(b)
	api := httpapi.New(s.store, acceptAll{}, s.waiters, nil, time.Now, s.logger)
	r := s.request(http.MethodPut, "/Actions", form, "")
	b.ReportAllocs()
	for b.Loop() {
		if err := api.Authorize(r); err != nil {
			b.Fatal(err)
		}
	}
}

// sendModifications sends the request over a connection to a server with the handler.
func sendModifications(b *testing.B, handler http.Handler, r *http.Request) {
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ReadHeaderTimeout, srv.Config.ReadTimeout = 10*time.Second, 30*time.Second
	srv.Config.WriteTimeout, srv.Config.IdleTimeout = time.Minute, 2*time.Minute
	srv.Start()
	b.Cleanup(srv.Close)
	conn, err := new(net.Dialer).DialContext(b.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	request := fmt.Appendf(nil, "PUT %s HTTP/1.1\r\nHost: trueup\r\nAuthorization: %s\r\nAccept: application/json\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		r.URL.Path, r.Header.Get("Authorization"), form, len(modificationBody), modificationBody)
	reader := bufio.NewReader(conn)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		if err := readResponse(reader); err != nil {
			b.Fatal(err)
		}
	}
}

// readResponse reads a response with status 200 and a JSON body without line breaks, which
// costs the client nearly nothing.
func readResponse(from *bufio.Reader) error {
	status, err := from.ReadSlice('\n')
	if err == nil && string(status) != "HTTP/1.1 200 OK\r\n" {
		return fmt.Errorf("status %q", status)
	}
	for line := status; err == nil && len(line) > len("\r\n"); {
		line, err = from.ReadSlice('\n')
	}
	if err == nil {
		_, err = from.ReadSlice('}')
	}
	return err
}

// acceptAll accepts all submissions and stores none.
type acceptAll struct{}

func (acceptAll) Accept(_ context.Context, _ int64, s store.Submission) (store.Accepted, error) {
	s.Number, s.ID = 1, "A-f1c3c1f0-5b1a-4b1e-8f0e-3a5b8d0c7e21"
	return store.Accepted{Submission: s}, nil
}

func (acceptAll) Notify(int64) {}

// discarder is a [http.ResponseWriter] that keeps only the status.
type discarder struct {
	header http.Header
	status int
}

func (d *discarder) Header() http.Header              { return d.header }
func (d *discarder) WriteHeader(status int)           { d.status = status }
func (d *discarder) Write(b []byte) (int, error)      { return len(b), nil }
func (d *discarder) SetReadDeadline(time.Time) error  { return nil }
func (d *discarder) SetWriteDeadline(time.Time) error { return nil }
