package sftpserver

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	// maxConnections is the maximum number of connections, maxPerNetwork that of a network and
	// maxPerAccount that of an account.
	maxConnections = 32
	maxPerNetwork  = 8
	maxPerAccount  = 4
	// maxFailures is the number of failed logins of a network within failureWindow after which its
	// connections are refused for the rest of it.
	maxFailures   = 10
	failureWindow = time.Minute
	// maxTracked is the maximum number of networks whose failures are counted.
	maxTracked = 10_000
)

// limits counts the connections and the failed logins of networks.
type limits struct {
	mu          sync.Mutex
	connections int
	perNetwork  map[string]int
	failures    map[string]failures
}

// failures counts the failed logins of a network since the first one.
type failures struct {
	count int
	since time.Time
}

func (f failures) isOver(now time.Time) bool { return now.Sub(f.since) >= failureWindow }

// connect counts a connection, and reports whether it is allowed.
func (l *limits) connect(network string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.failures[network]
	if l.connections >= maxConnections || l.perNetwork[network] >= maxPerNetwork || f.count >= maxFailures && !f.isOver(now) {
		return false
	}
	if l.perNetwork == nil {
		l.perNetwork = make(map[string]int)
	}
	l.connections++
	l.perNetwork[network]++
	return true
}

// disconnect ends a connection that was counted.
func (l *limits) disconnect(network string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connections--
	if l.perNetwork[network]--; l.perNetwork[network] == 0 {
		delete(l.perNetwork, network)
	}
}

// fail counts a failed login.
func (l *limits) fail(network string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.failures) >= maxTracked {
		for n, f := range l.failures {
			if f.isOver(now) {
				delete(l.failures, n)
			}
		}
	}
	if l.failures == nil || len(l.failures) >= maxTracked {
		l.failures = make(map[string]failures)
	}
	f := l.failures[network]
	if f.isOver(now) {
		f = failures{since: now}
	}
	f.count++
	l.failures[network] = f
}

// networkOf returns the address of a caller, or for IPv6 its network of 64 bits.
func networkOf(a net.Addr) string {
	parsed, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return a.String()
	}
	address := parsed.Addr().Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	network, _ := address.Prefix(64)
	return network.String()
}

// idleConn is a connection that ends after idleTimeout without a byte.
type idleConn struct{ net.Conn }

func (c idleConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(idleTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c idleConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(idleTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
