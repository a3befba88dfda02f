package sqldb

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Timeouts bound how long a PostgreSQL server may take. Zero is without bound.
type Timeouts struct {
	// Response is how long the server may stay silent while a reply is due.
	Response time.Duration
	// Lock is how long a writer waits for a lock, and Read how long a reading statement
	// runs. The server enforces both, and the connection survives. They must be shorter
	// than Response: a connection that exceeds that is dropped without a word, and the
	// server would go on waiting or reading while new connections come in its place.
	// Writes have no such bound, since a COMMIT that waits for a standby must not have one.
	Lock, Read time.Duration
}

// DefaultTimeouts returns the timeouts of a process that serves requests. Each is longer
// than idleInWrite, which frees a row that another process holds.
func DefaultTimeouts() Timeouts {
	return Timeouts{Response: 15 * time.Second, Lock: 12 * time.Second, Read: 14 * time.Second}
}

// errUnresponsive is returned when a server accepted a connection and sent no reply in
// time: it hangs, or its host is gone.
var errUnresponsive = errors.New("the server does not respond")

// withTimeout returns a dial function whose connections fail when the server stays
// silent for so long.
func withTimeout(dial pgconn.DialFunc, timeout time.Duration) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &timeoutConn{Conn: conn, timeout: timeout}, nil
	}
}

// timeoutConn sets a deadline for each read and write. That costs next to nothing, while
// a context for each statement costs a goroutine.
type timeoutConn struct {
	net.Conn
	timeout time.Duration

	mu sync.Mutex
	// driverDeadline reports that the driver has set a deadline of its own; lost, that
	// the connection ended or timed out.
	driverDeadline, lost bool
}

func (c *timeoutConn) Read(b []byte) (int, error) {
	c.setDeadline(c.Conn.SetReadDeadline)
	n, err := c.Conn.Read(b)
	return n, c.mapTimeout(err)
}

func (c *timeoutConn) Write(b []byte) (int, error) {
	c.setDeadline(c.Conn.SetWriteDeadline)
	n, err := c.Conn.Write(b)
	return n, c.mapTimeout(err)
}

func (c *timeoutConn) setDeadline(set func(time.Time) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.driverDeadline {
		_ = set(time.Now().Add(c.timeout)) // the read or write reports a closed connection
	}
}

// mapTimeout converts an exceeded deadline to errUnresponsive and closes the connection:
// the driver would keep using it after a timeout.
func (c *timeoutConn) mapTimeout(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || c.driverDeadline {
		return err
	}
	c.lost = true
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	_ = c.Conn.Close()
	return errUnresponsive
}

// SetDeadline implements [net.Conn]. The driver calls it when a context ends.
func (c *timeoutConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.driverDeadline = !t.IsZero()
	return c.Conn.SetDeadline(t)
}

// RemoteAddr implements [net.Conn]. It returns an unreachable address once the
// connection is lost, since the driver would send a cancel request there. A cancelled
// COMMIT that waits for a standby becomes visible to everyone, and can still be lost
// with the server.
func (c *timeoutConn) RemoteAddr() net.Addr {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost {
		return unreachable{}
	}
	return c.Conn.RemoteAddr()
}

type unreachable struct{}

func (unreachable) Network() string { return "unreachable" }
func (unreachable) String() string  { return "unreachable" }
