// Package server runs a Trueup server: it starts the applier, the ingest, the file
// inbox, the biller, the webhooks and the HTTP listeners on a store, and shuts them down
// gracefully.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/biller"
	"github.com/trueup-ledger/trueup/internal/certificate"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/forwarded"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/httpapi/fault"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/metrics"
	"github.com/trueup-ledger/trueup/internal/retainer"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testclock"
	"github.com/trueup-ledger/trueup/internal/tracing"
	"github.com/trueup-ledger/trueup/internal/waiter"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Limits of connections. Handlers set write deadlines of their own, for lists and for
// requests that wait for a submission. The next request on the connection starts with
// writeTimeout again.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10

	// maxStreams bounds the requests of an HTTP/2 connection that run at the same time. A
	// connection that was silent for pingAfter is closed unless it responds to a ping.
	maxStreams  = 100
	pingAfter   = 30 * time.Second
	pingTimeout = 15 * time.Second

	// certificateInterval is the interval between two checks of the certificates.
	certificateInterval = time.Minute

	// drainTimeout bounds, during a shutdown, the time for the requests in flight and then
	// that for the queues.
	drainTimeout = 20 * time.Second
)

// Config configures a server.
type Config struct {
	Store store.Store
	// Listen is the TCP address of the protocol; port 0 picks a free port. AdminListen is
	// that of the admin API, which is off if AdminListen is "" and shares the listener of
	// the protocol if the addresses are equal.
	Listen, AdminListen string
	// Socket and AdminSocket, if not nil, are inherited listeners, which replace those of the
	// addresses.
	Socket, AdminSocket net.Listener
	// TLS and AdminTLS are the certificates of the listeners, or nil for plain HTTP.
	TLS, AdminTLS *certificate.File
	// Proxies are those that forward requests of other callers.
	Proxies forwarded.Proxies
	// Webhooks configure how receivers of event notifications are reached.
	Webhooks webhook.Options
	// AccessLog makes the server log each request.
	AccessLog bool
	// MetricsListen is the TCP address of the metrics. If it is "", they are on the listener of
	// the admin API, unless that is off or shared.
	MetricsListen string
	// Tracer, if not nil, traces requests, commits and deliveries.
	Tracer *tracing.Tracer
	Log    *slog.Logger
	// Clock guards the clock of the server.
	Clock *clockguard.Guard
	// Spool is the folder for uploads that are being received, or "" for the system's.
	Spool string
	// InvoiceFont is a TrueType font for the characters of invoices that the embedded fonts
	// lack, or nil.
	InvoiceFont []byte
	// Archive is the folder of the archives of removed records. Without one, nothing is removed.
	Archive store.ArchiveFolder
	// Watch selects a folder whose files are imported.
	Watch Watch
	// Bridges are the platforms whose webhooks are accepted.
	Bridges []program.Platform
	// Console makes the server serve the console on the listener of the protocol.
	Console bool
	// Emulation, if not nil, makes the server emulate the Brand API.
	Emulation *Emulation
	// Ready, if not nil, is called once the server accepts requests, with the URL of the
	// protocol and that of the admin API, which is "" if it is off.
	Ready func(url, admin string)
	// Background, if not nil, runs beside the server until its context ends, and reports to the
	// metrics.
	Background func(ctx context.Context, m *metrics.Metrics) error
	// Wrap, if not nil, returns the handler to serve in place of that of a listener. Tests
	// validate requests and responses with it.
	Wrap func(http.Handler) http.Handler
}

// Emulation makes a server enforce the documented limits of the Brand API and inject faults.
type Emulation struct {
	// Faults selects the fault of a request.
	Faults fault.Func
	// Decide wraps the function that decides submissions, to inject rejections.
	Decide func(store.Decide) store.Decide
	// Clock is the test clock that the server's guard reads, or nil for the system's clock.
	Clock *testclock.Clock
	// Admin holds additional routes of the admin API, below [adminapi.Root].
	Admin []httpapi.OperatorRoute
}

// services holds the background services behind the listeners.
type services struct {
	metrics  *metrics.Metrics
	waiters  *waiter.Waiters
	ingest   *ingest.Ingest
	inbox    *batchfile.Inbox
	applier  *applier.Applier
	leader   *leadership
	biller   *biller.Biller
	notifier *webhook.Notifier
	retainer *retainer.Retainer
}

// newServices creates the services and schedules the submissions that are still queued.
func newServices(ctx context.Context, c Config) (*services, error) {
	decide := store.Decide(ledger.Decide)
	if c.Emulation != nil {
		decide = c.Emulation.Decide(decide)
	}
	s := &services{waiters: waiter.New(c.Store.Applied, c.Log), leader: newLeadership()}
	s.metrics = c.newMetrics(s)
	c.observeStore(s.metrics)
	c.Store = guardStore(c.Store, c.Clock)
	c.Store.Files = countedFiles{c.Store.Files, s.metrics.QueuedRows}
	s.notifier = webhook.New(c.Store, c.Clock.Now, c.Log, s.leader.isLeader.Load, c.Webhooks)
	s.notifier.Observe(c.attempted(s.metrics))
	s.biller = biller.New(c.Store, c.Clock.Now, s.notifier.Wake, c.Log, s.leader.isLeader.Load)
	s.retainer = retainer.New(c.Store, c.Archive, c.Clock.Now, c.Log, s.leader.isLeader.Load)
	s.applier = applier.NewWith(c.Store, decide, c.Clock.Now, s.applied, c.Log)
	if err := s.applier.ScheduleAll(ctx); err != nil {
		return nil, fmt.Errorf("schedule queued submissions: %w", err)
	}
	accepting := ingest.Config{Decide: decide, Now: c.Clock.Now, Queued: s.applier.Notify, Applied: s.applied, Log: c.Log}
	if c.Tracer != nil {
		accepting.Trace = c.Tracer.Commit
	}
	s.ingest = ingest.New(c.Store, accepting)
	s.inbox = batchfile.New(c.Store, c.Clock.Now, c.Log, s.applier.Notify)
	return s, nil
}

// applied announces that submissions of the account were applied.
func (s *services) applied(account int64) {
	s.waiters.Notify(account)
	s.biller.Wake(account)
	s.notifier.Wake(account)
}

// Run serves until ctx is done. Then it shuts down gracefully: it accepts no more
// requests, finishes those in flight and drains the queues for a bounded time. Submissions
// that are still queued are on disk, and the next start applies them.
func Run(ctx context.Context, c Config) error {
	listeners, err := c.listen(ctx)
	if err != nil {
		return err
	}
	serveSFTP, stopSFTP, err := c.listenSFTP(ctx)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	s, err := newServices(ctx, c)
	if err != nil {
		return errors.Join(err, listeners.close(), stopSFTP())
	}
	servers := c.servers(s)
	group, groupCtx := errgroup.WithContext(ctx)
	for i, srv := range servers {
		group.Go(func() error { return serve(srv, listeners[i]) })
	}
	group.Go(func() error { return poll(groupCtx, c.Log, clockInterval, c.watchClock) })
	group.Go(func() error { return poll(groupCtx, c.Log, certificateInterval, c.watchCertificates) })
	group.Go(func() error {
		return poll(groupCtx, c.Log, c.Store.PollInterval(), s.applier.ScheduleAll, s.inbox.WakeAll, s.biller.WakeAll, s.notifier.WakeAll, s.retainer.WakeAll)
	})
	group.Go(func() error {
		return c.runAsLeader(groupCtx, s.leader, s.biller.WakeAll, s.notifier.WakeAll, s.retainer.WakeAll)
	})
	if c.Background != nil {
		group.Go(func() error { return c.Background(groupCtx, s.metrics) })
	}
	group.Go(func() error { return c.watch(groupCtx, s) })
	group.Go(func() error { return serveSFTP(groupCtx) })
	group.Go(func() error { return c.listenToOthers(groupCtx, s.applier.Schedule, s.applied) })
	group.Go(func() error {
		<-groupCtx.Done()
		c.stop(context.WithoutCancel(ctx), servers, s)
		return nil
	})
	c.Log.Info("serving", "address", listeners[0].Addr().String(), "admin", c.adminURL(listeners), "metrics", c.metricsURL(listeners))
	if c.Ready != nil {
		c.Ready(c.urlOf(listeners, 0), c.adminURL(listeners))
	}
	if err := group.Wait(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	c.Log.Info("stopped")
	return nil
}

// stop shuts down in order: it releases waiting callers, finishes the requests in flight,
// drains each queue before the queue that it feeds, and stops invoices and webhooks last.
func (c Config) stop(ctx context.Context, servers []*http.Server, s *services) {
	c.Log.Info("stopping: finishing the requests in flight")
	drain, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	s.waiters.Stop()
	shutdown(drain, servers, c.Log)
	queues, cancelQueues := context.WithTimeout(ctx, drainTimeout)
	defer cancelQueues()
	s.ingest.Stop(queues)
	s.inbox.Stop(queues)
	s.applier.Stop(queues)
	s.biller.Stop()
	s.retainer.Stop()
	s.notifier.Stop()
}

// shutdown waits for the requests in flight. Once ctx is done, it closes their
// connections.
func shutdown(ctx context.Context, servers []*http.Server, log *slog.Logger) {
	var wait sync.WaitGroup
	for _, srv := range servers {
		wait.Go(func() {
			if err := srv.Shutdown(ctx); err != nil {
				log.Warn("closing connections with requests in flight", "error", errors.Join(err, srv.Close()))
			}
		})
	}
	wait.Wait()
}
