package webhook

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Attempts is the number of attempts of a delivery.
const Attempts = 1 + len(backoff)

// Backoff returns the pause after the given number of attempts.
func Backoff(attempts int) time.Duration { return backoff[attempts-1] }

// Deliver delivers the next batch of a notification's pending events.
func (n *Notifier) Deliver(ctx context.Context, key store.NotificationKey) (more bool, err error) {
	return n.deliverBatch(ctx, key)
}

// SetTimeout sets the time limit of a request.
func (n *Notifier) SetTimeout(timeout time.Duration) { n.timeout = timeout }

// NewTransport returns the transport for requests.
var NewTransport = newTransport

// SetTransport makes requests use the options.
func (n *Notifier) SetTransport(o Options) {
	n.transport.CloseIdleConnections()
	n.transport = newTransport(o)
}

// SetPolicy makes requests reach public and allowed addresses only. A resolver that is not nil
// resolves their names.
func (n *Notifier) SetPolicy(allowed []netip.Prefix, r *net.Resolver) {
	n.SetTransport(Options{Allowed: allowed})
	dialer := newDialer(allowed)
	dialer.Resolver = r
	n.transport.DialContext = dialer.DialContext
}
