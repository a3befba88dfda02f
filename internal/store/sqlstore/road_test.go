package sqlstore

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// road is the way to a server, which a test can cut.
type road struct {
	// url leads to a schema of the test's own by the road, and beside to it without.
	url, beside string
	server      string

	mu    sync.Mutex
	conns map[net.Conn]bool
	// ready is closed when what the server says passes.
	ready chan struct{}
	// loseCommit cuts the road when the server answers a COMMIT, once.
	loseCommit bool
	// answers counts how often the server said that it is done, cancels how often it was
	// asked to leave off what it does.
	answers, cancels int
	// said counts the bytes of what the server said.
	said int
}

func newRoad(t *testing.T) *road {
	t.Helper()
	r := &road{beside: pgtest.Schema(t), conns: make(map[net.Conn]bool), ready: make(chan struct{})}
	close(r.ready)
	at, err := url.Parse(r.beside)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.server, at.Host = at.Host, listener.Addr().String()
	r.url = at.String()
	t.Cleanup(func() {
		_ = listener.Close()
		r.cut()
	})
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go r.lead(client)
		}
	}()
	return r
}

// lead passes on what a client and the server say, until one of them ends.
func (r *road) lead(client net.Conn) {
	server, err := net.Dial("tcp", r.server)
	if err != nil {
		_ = client.Close()
		return
	}
	r.mu.Lock()
	r.conns[client], r.conns[server] = true, true
	r.mu.Unlock()
	go func() {
		first := make([]byte, len(cancelRequest))
		n, _ := io.ReadFull(client, first)
		if bytes.Equal(first, cancelRequest) {
			r.mu.Lock()
			r.cancels++
			r.mu.Unlock()
		}
		_, _ = server.Write(first[:n])
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	defer func() { _ = client.Close() }()
	for b := make([]byte, 64<<10); ; {
		n, err := server.Read(b)
		if err != nil || !r.passes(b[:n]) {
			return
		}
		if _, err := client.Write(b[:n]); err != nil {
			return
		}
	}
}

// cancelRequest is how a request to leave off begins.
var cancelRequest = []byte{0, 0, 0, 16, 4, 210, 22, 46}

// passes waits until what the server says may pass, and reports whether it does.
func (r *road) passes(said []byte) bool {
	r.mu.Lock()
	ready := r.ready
	lost := r.loseCommit && bytes.Contains(said, []byte("COMMIT\x00"))
	r.loseCommit = r.loseCommit && !lost
	r.said += len(said)
	r.answers += bytes.Count(said, []byte("Z\x00\x00\x00\x05")) // ReadyForQuery
	r.mu.Unlock()
	<-ready
	return !lost
}

// cut ends every connection; new ones are led as before.
func (r *road) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.conns {
		_ = conn.Close()
	}
	clear(r.conns)
}

// hang has the server be silent until go on is called.
func (r *road) hang() (goOn func()) {
	ready := make(chan struct{})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ready = ready
	return sync.OnceFunc(func() { close(ready) })
}

// loseNextCommit has the answer to the next COMMIT be lost with its connection.
func (r *road) loseNextCommit() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loseCommit = true
}

// cancelled answers how often the server was asked to leave off.
func (r *road) cancelled() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cancels
}

// answered answers how often the server said that it is done.
func (r *road) answered() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answers
}
