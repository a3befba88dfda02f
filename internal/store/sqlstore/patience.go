package sqlstore

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// errSilent says that a server was there and did not answer: it hangs, or its host is
// gone and nobody says so.
var errSilent = errors.New("the server does not answer")

// impatient makes connections whose server is given up when it is silent for so long.
func impatient(dial pgconn.DialFunc, patience time.Duration) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &impatientConn{Conn: conn, patience: patience}, nil
	}
}

// impatientConn gives a read and a write so much time each: a deadline costs next to
// nothing, and a context for each statement a goroutine.
type impatientConn struct {
	net.Conn
	patience time.Duration

	mu sync.Mutex
	// given says that the driver has set a deadline of its own; lost, that the
	// connection ended or was given up.
	given, lost bool
}

func (c *impatientConn) Read(b []byte) (int, error) {
	c.prepare(c.Conn.SetReadDeadline)
	n, err := c.Conn.Read(b)
	return n, c.told(err)
}

func (c *impatientConn) Write(b []byte) (int, error) {
	c.prepare(c.Conn.SetWriteDeadline)
	n, err := c.Conn.Write(b)
	return n, c.told(err)
}

func (c *impatientConn) prepare(deadline func(time.Time) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.given {
		_ = deadline(time.Now().Add(c.patience)) // a closed connection says so itself
	}
}

// told makes an end of a deadline that passed: as a timeout the driver would go on.
func (c *impatientConn) told(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || c.given {
		return err
	}
	c.lost = true
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	_ = c.Conn.Close() // nobody is there to hear of it
	return errSilent
}

// SetDeadline is the driver's, when a context ends.
func (c *impatientConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.given = !t.IsZero()
	return c.Conn.SetDeadline(t)
}

// RemoteAddr leads nowhere once the connection is lost: the driver would send it a
// request to cancel what it does. A COMMIT that waits for a standby would be there for
// all to see by that, and be lost with the server although others were told of it.
func (c *impatientConn) RemoteAddr() net.Addr {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost {
		return nowhere{}
	}
	return c.Conn.RemoteAddr()
}

type nowhere struct{}

func (nowhere) Network() string { return "nowhere" }
func (nowhere) String() string  { return "nowhere" }
