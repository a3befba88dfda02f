package httpapi_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// stalled is a connection that has sent the header of a request and a part of its body.
type stalled struct {
	net.Conn
	reader *bufio.Reader
}

// stall sends the header of a request, waits until the server reads the body, and sends the
// first bytes of it.
func (s *service) stall(t *testing.T, conn net.Conn, method, path, contentType, begin string) stalled {
	t.Helper()
	r := s.request(method, path, contentType, "")
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: a\r\nAuthorization: %s\r\nAccept: application/json\r\nContent-Type: %s\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n",
		method, r.URL.Path, r.Header.Get("Authorization"), contentType)
	c := stalled{conn, bufio.NewReader(conn)}
	if line, err := c.reader.ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") {
		if !strings.Contains(line, " 503 ") { // too many uploads of the account
			t.Errorf("the response is %q (%v)", line, err)
		}
		return c
	}
	if line, err := c.reader.ReadString('\n'); err != nil || line != "\r\n" {
		t.Errorf("after the interim response: %q (%v)", line, err)
	}
	if _, err := io.WriteString(conn, begin); err != nil {
		t.Error(err)
	}
	return c
}

const multipartForm = "multipart/form-data; boundary=b"

// beginning is the beginning of a form with a file.
const beginning = "--b\r\nContent-Disposition: form-data; name=\"File\"; filename=\"a.csv\"\r\n\r\nActionId,"

// pipeListener is a listener whose connections are pipes.
type pipeListener chan net.Conn

func (l pipeListener) Accept() (net.Conn, error) {
	conn, open := <-l
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (l pipeListener) Close() error   { return nil }
func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (l pipeListener) dial() net.Conn {
	server, client := net.Pipe()
	l <- server
	return client
}

// TestABodyThatStallsIsRefused sends parts of bodies and then nothing.
func TestABodyThatStallsIsRefused(t *testing.T) {
	if _, err := seeded(); err != nil { // in real time
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ method, path, contentType, begin string }{
		"a file":            {http.MethodPost, files, multipartForm, beginning},
		"a form":            {http.MethodPut, "/Actions", form, "ActionId=1000"},
		"nothing of JSON":   {http.MethodPost, "/Conversions", "application/json", ""},
		"the body of a GET": {http.MethodGet, "/Actions/1000.2240.1", form, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := serve(t)
				listener := make(pipeListener)
				server := &http.Server{Handler: s.api, ReadTimeout: time.Minute, ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn)}
				go func() { _ = server.Serve(listener) }()
				conn := s.stall(t, listener.dial(), test.method, test.path, test.contentType, test.begin)
				begin := time.Now()
				response, err := http.ReadResponse(conn.reader, nil)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				body, err := io.ReadAll(response.Body)
				if took := time.Since(begin); response.StatusCode != http.StatusRequestTimeout || !response.Close || took > 6*time.Second || err != nil ||
					!bytes.Contains(body, []byte("too slowly")) {
					t.Errorf("status %d after %v, close %t: %s (%v)", response.StatusCode, took, response.Close, body, err)
				}
				if _, err := conn.reader.ReadByte(); err == nil {
					t.Error("the connection remains open")
				}
				close(listener)
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// addAccount adds an account without programs and returns the service with a token of it.
func (s *service) addAccount(t *testing.T, id int64) *service {
	t.Helper()
	account := program.Account{ID: id, Name: "Shop", Currency: "USD", Zone: "UTC", ModificationLimit: 1000}
	_, err := s.store.Record(t.Context(), id, time.Now(), testEvent, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: program.Reference{Account: account}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.as(t, store.TokenRequest{Account: id, Name: "other", Version: 14}, nil)
}

// TestStalledUploadsDoNotHoldUpOthers lets eight accounts stall a hundred uploads. Another
// account uploads a file and modifies an action.
func TestStalledUploadsDoNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	spool := t.TempDir()
	s.api.SpoolTo(spool)
	server := httptest.NewServer(s.api)
	t.Cleanup(server.Close)
	var hostile []*service
	for id := range int64(8) {
		hostile = append(hostile, s.addAccount(t, 100+id))
	}
	refused := 0
	for n := range 100 {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if c := hostile[n%len(hostile)].stall(t, conn, http.MethodPost, files, multipartForm, beginning); c.reader.Buffered() > 0 {
			refused++
		}
	}
	if refused != 100-2*len(hostile) {
		t.Errorf("%d of 100 uploads are refused, want all but two of each account", refused)
	}
	s.order(t, "STALL")
	s.submitFile(t, "ActionTrackerId,OrderId,Sku,QuantityDelta,Reason\n2240,STALL,LANTERN,-1,ORDER_UPDATE\n")
	s.exchange(t, exchange{path: "/Actions?Oid=STALL", has: []string{`"Amount":12.36`}})
	if names, err := os.ReadDir(spool); len(names) != 0 || err != nil {
		t.Errorf("the folder of temporary files has %v (%v)", names, err)
	}
}

func TestAnUploadThatCannotBeStoredIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.api.SpoolTo("/nonexistent")
	contentType, body := upload(t, "ActionId,Amount,Reason\n1000.2240.1,5,OTHER\n", []string{"a.csv"})
	s.exchange(t, exchange{
		method: "POST", path: files, contentType: contentType, body: body, status: 503,
		has: []string{"The server can't store the file"}, hasNot: []string{"nonexistent"}, wantHeader: map[string]string{"Retry-After": "10"},
	})
	if text := s.log.String(); !strings.Contains(text, "receiving a file failed") || !strings.Contains(text, "nonexistent") {
		t.Errorf("the log is %s", text)
	}
}

// deadlineCounter counts the deadlines that a handler sets for reading.
type deadlineCounter struct {
	*httptest.ResponseRecorder
	count int
}

func (d *deadlineCounter) SetReadDeadline(time.Time) error {
	d.count++
	return nil
}

// A deadline on the connection of a request without a body would cancel the request after it.
func TestSection04ARequestWithoutABodyHasNoDeadlineForReading(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		r := s.request(method, "/Actions?PageSize=1&ActionId=1000.2240.1&Amount=1&Reason=OTHER", form, "")
		r.Body, r.ContentLength = http.NoBody, 0
		w := &deadlineCounter{ResponseRecorder: httptest.NewRecorder()}
		if s.api.ServeHTTP(w, r); w.Code != http.StatusOK || w.count != 0 {
			t.Errorf("%s: %d with %d deadlines: %s", method, w.Code, w.count, w.Body)
		}
	}
}
