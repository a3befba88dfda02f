// Package metrics collects the metrics of a server for Prometheus. Other packages don't know
// it: they call functions of a [Metrics] after their work, and a scrape reads the rest.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Limits of scrapes.
const (
	maxScrapes    = 2
	scrapeTimeout = 10 * time.Second
)

// Metrics holds the metrics of a server. Create it with [New]. Its methods are safe for
// concurrent use.
type Metrics struct {
	registry           *prometheus.Registry
	requests           *prometheus.HistogramVec
	commit, apply      transactions
	accepted, applied  prometheus.Counter
	rejected           *prometheus.CounterVec
	checkpoints        prometheus.Observer
	checkpointFailures prometheus.Counter
	attempts           *prometheus.HistogramVec
	rows               *prometheus.CounterVec
	backup             backups
}

// transactions are the metrics of one kind of transaction.
type transactions struct {
	duration, size prometheus.Observer
	failures       prometheus.Counter
}

// backups are the metrics of scheduled backups. Gauges have no value until they are set.
type backups struct {
	time, duration, size *prometheus.GaugeVec
	failures             prometheus.Counter
}

// New returns metrics. A scrape reads the source.
func New(source Source) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), snapshot{source})
	m.requests = m.newHistogram(httpRequest)
	m.commit = m.newTransactions(commitDuration, commitSize, commitFailures)
	m.apply = m.newTransactions(applyDuration, applySize, applyFailures)
	m.accepted, m.applied = m.newCounter(submissionsAccepted).With(nil), m.newCounter(submissionsApplied).With(nil)
	m.rejected = m.newCounter(submissionsRejected)
	m.checkpoints, m.checkpointFailures = m.newHistogram(checkpointDuration).With(nil), m.newCounter(checkpointFailures).With(nil)
	m.attempts, m.rows = m.newHistogram(webhookAttempt), m.newCounter(fileRows)
	m.backup = backups{m.newGauge(backupTime), m.newGauge(backupDuration), m.newGauge(backupSize), m.newCounter(backupFailures).With(nil)}
	m.initialize()
	return m
}

// initialize makes the metrics with known labels start at 0, so that the first increase counts.
func (m *Metrics) initialize() {
	for _, code := range rejection.Codes() {
		m.rejected.WithLabelValues(string(code))
	}
	for _, result := range []string{acknowledged, failed, givenUp} {
		m.attempts.WithLabelValues(result)
	}
	for _, result := range []string{queued, rejected} {
		m.rows.WithLabelValues(result)
	}
}

func (m *Metrics) newCounter(id metric) *prometheus.CounterVec {
	c := definitions[id].counter()
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) newGauge(id metric) *prometheus.GaugeVec {
	g := definitions[id].gauge()
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) newHistogram(id metric) *prometheus.HistogramVec {
	h := definitions[id].histogram()
	m.registry.MustRegister(h)
	return h
}

func (m *Metrics) newTransactions(duration, size, failures metric) transactions {
	return transactions{m.newHistogram(duration).With(nil), m.newHistogram(size).With(nil), m.newCounter(failures).With(nil)}
}

// Handler returns the handler of /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes, Timeout: scrapeTimeout, ErrorHandling: promhttp.ContinueOnError})
}
