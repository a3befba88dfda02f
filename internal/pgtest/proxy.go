package pgtest

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Proxy is a TCP proxy in front of the server, which a test can cut or stall.
type Proxy struct {
	// URL connects to an empty schema through the proxy.
	URL string
	// Direct connects to the same schema without the proxy.
	Direct string
	// Server is the server's address.
	Server string

	mu    sync.Mutex
	conns map[net.Conn]bool
	// ready is closed unless the proxy is stalled.
	ready chan struct{}
	// loseCommit reports whether to cut the connection at the next reply to a COMMIT.
	loseCommit bool
	// replies counts completed replies, cancels cancel requests, and sent the bytes that the
	// server sent.
	replies, cancels, sent int
}

// NewProxy starts a proxy that runs until the test ends.
func NewProxy(t testing.TB) *Proxy {
	t.Helper()
	p := &Proxy{Direct: Schema(t), conns: make(map[net.Conn]bool), ready: make(chan struct{})}
	close(p.ready)
	location, err := url.Parse(p.Direct)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Server, location.Host = location.Host, listener.Addr().String()
	p.URL = location.String()
	t.Cleanup(func() {
		_ = listener.Close()
		p.Cut()
	})
	ctx := t.Context()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go p.forward(ctx, client)
		}
	}()
	return p
}

// forward forwards a connection until either side closes it.
func (p *Proxy) forward(ctx context.Context, client net.Conn) {
	server, err := new(net.Dialer).DialContext(ctx, "tcp", p.Server)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	p.conns[client], p.conns[server] = true, true
	p.mu.Unlock()
	go func() {
		first := make([]byte, len(cancelRequest))
		n, _ := io.ReadFull(client, first)
		if bytes.Equal(first, cancelRequest) {
			p.mu.Lock()
			p.cancels++
			p.mu.Unlock()
		}
		_, _ = server.Write(first[:n])
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	defer func() { _ = client.Close() }()
	for b := make([]byte, 64<<10); ; {
		n, err := server.Read(b)
		if err != nil || !p.passes(b[:n]) {
			return
		}
		if _, err := client.Write(b[:n]); err != nil {
			return
		}
	}
}

// cancelRequest is the beginning of a CancelRequest message.
var cancelRequest = []byte{0, 0, 0, 16, 4, 210, 22, 46}

// passes waits while the proxy is stalled, and reports whether to forward a message of the
// server.
func (p *Proxy) passes(message []byte) bool {
	p.mu.Lock()
	ready := p.ready
	lost := p.loseCommit && bytes.Contains(message, []byte("COMMIT\x00"))
	p.loseCommit = p.loseCommit && !lost
	p.sent += len(message)
	p.replies += bytes.Count(message, []byte("Z\x00\x00\x00\x05")) // ReadyForQuery
	p.mu.Unlock()
	<-ready
	return !lost
}

// Cut closes every connection. New ones are forwarded.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
	clear(p.conns)
}

// Stall delays everything that the server sends until resume is called.
func (p *Proxy) Stall() (resume func()) {
	ready := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = ready
	return sync.OnceFunc(func() { close(ready) })
}

// LoseNextCommit drops the reply to the next COMMIT and closes its connection.
func (p *Proxy) LoseNextCommit() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.loseCommit = true
}

// CancelRequests returns the number of cancel requests that were sent to the server.
func (p *Proxy) CancelRequests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cancels
}

// RoundTrips returns the number of replies that the server has completed.
func (p *Proxy) RoundTrips() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.replies
}

// BytesSent returns the number of bytes that the server has sent.
func (p *Proxy) BytesSent() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent
}
