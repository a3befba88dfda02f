package sqldb

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

// Timeouts are the timeouts of connections to a PostgreSQL server. Zero means no timeout.
type Timeouts struct {
	// Response is the longest time for which the server may stay silent while a reply is
	// due.
	Response time.Duration
	// Lock is the longest time for which a writer waits for a lock, and Read the longest
	// time for which a reading statement runs. The server enforces both, and the connection
	// survives. They must be shorter than Response: when that expires, the client closes
	// the connection, and the server would continue to wait or read while new connections
	// are opened. Statements that write have no timeout of their own, since a COMMIT that
	// waits for a standby must not have one.
	Lock, Read time.Duration
}

// DefaultTimeouts returns the timeouts of a process that serves requests. Each is longer
// than the time after which the server ends a write transaction that hangs, and thereby
// releases its locks.
func DefaultTimeouts() Timeouts {
	return Timeouts{Response: 15 * time.Second, Lock: 12 * time.Second, Read: 14 * time.Second}
}

// withTimeout returns a dial function whose connections fail when the server stays silent
// for longer than the timeout.
func withTimeout(dial pgconn.DialFunc, timeout time.Duration) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &timeoutConn{Conn: conn, timeout: timeout}, nil
	}
}

// timeoutConn sets a deadline for each read and write, which is cheap. A context for each
// statement would cost a goroutine.
type timeoutConn struct {
	net.Conn
	timeout time.Duration

	mu sync.Mutex
	// driverDeadline reports whether the driver has set a deadline of its own, and lost
	// whether the connection ended or timed out.
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
		_ = set(time.Now().Add(c.timeout)) // the read or write returns the error of a closed connection
	}
}

// mapTimeout converts an exceeded deadline to [failure.ErrUnresponsive] and closes the connection,
// which the driver would otherwise continue to use.
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
	return failure.ErrUnresponsive
}

// SetDeadline implements [net.Conn]. The driver calls it when a context ends.
func (c *timeoutConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.driverDeadline = !t.IsZero()
	return c.Conn.SetDeadline(t)
}

// RemoteAddr implements [net.Conn]. Once the connection is lost, it returns an unreachable
// address, since the driver would send a cancel request to the server. A COMMIT that is
// canceled while it waits for a standby becomes visible to everyone, and can still be lost
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
