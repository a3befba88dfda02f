package server

import (
	"context"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/biller"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/metrics"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

// metricsPath is the path of the metrics.
const metricsPath = "/metrics"

// newMetrics returns the metrics of services, which need not be created yet.
func (c Config) newMetrics(s *services) *metrics.Metrics {
	return metrics.New(metrics.Source{
		Now: c.Clock.Now, Clock: c.Clock.Check, Store: c.Store.Status,
		Biller:   func() biller.Status { return s.biller.Status() },
		IsLeader: s.leader.isLeader.Load,
		Waiting:  func() int { return s.ingest.WaitingCalls() },
	})
}

// observeStore makes the store report to the metrics, and to the tracer if there is one.
func (c Config) observeStore(m *metrics.Metrics) {
	o := store.Observer{
		Committed:    func(_ context.Context, t store.Transaction) { m.Committed(t) },
		Applied:      func(_ context.Context, t store.Transaction) { m.Applied(t) },
		Checkpointed: m.Checkpointed,
	}
	if tracer := c.Tracer; tracer != nil {
		o.Committed = func(ctx context.Context, t store.Transaction) {
			m.Committed(t)
			tracer.Committed(ctx, t)
		}
		o.Applied = func(ctx context.Context, t store.Transaction) {
			m.Applied(t)
			tracer.Applied(ctx, t)
		}
	}
	c.Store.Observe(o)
}

// attempted returns the observer of deliveries.
func (c Config) attempted(m *metrics.Metrics) func(webhook.Attempt) {
	if c.Tracer == nil {
		return m.Attempted
	}
	return func(a webhook.Attempt) {
		m.Attempted(a)
		c.Tracer.Attempted(a)
	}
}

// served returns the observer of requests.
func (c Config) served(m *metrics.Metrics) httpapi.Observer {
	return func(ctx context.Context, pattern string, status int, begun time.Time) {
		m.Served(pattern, status, begun)
		if c.Tracer != nil {
			c.Tracer.Served(ctx, pattern, status)
		}
	}
}

// traced returns a handler with a span for each request if there is a tracer.
func (c Config) traced(handler http.Handler) http.Handler {
	if c.Tracer == nil {
		return handler
	}
	return c.Tracer.Handler(handler)
}

// accepter returns the accepter of the protocol.
func (c Config) accepter(s *services) httpapi.Accepter {
	if c.Tracer == nil {
		return s.ingest
	}
	return c.Tracer.Accepter(s.ingest)
}

// countedFiles is a store of files that reports the rows that it queued.
type countedFiles struct {
	store.Files
	queued func(store.RowBatch)
}

// QueueRows implements [store.Files].
func (f countedFiles) QueueRows(ctx context.Context, account int64, now time.Time, b store.RowBatch) error {
	err := f.Files.QueueRows(ctx, account, now, b)
	if err == nil {
		f.queued(b)
	}
	return err
}

// withMetrics returns a handler that serves the metrics beside another handler.
func withMetrics(m *metrics.Metrics, handler http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+metricsPath, m.Handler())
	mux.Handle("/", handler)
	return mux
}
