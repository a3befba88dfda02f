package metrics

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

// Values of the label result.
const (
	acknowledged = "acknowledged"
	failed       = "failed"
	givenUp      = "given_up"
	queued       = "queued"
	rejected     = "rejected"
)

// statuses are the values of the label status, by the first digit of the status.
var statuses = [...]string{"aborted", "1xx", "2xx", "3xx", "4xx", "5xx"}

// Served counts a request to the route with a pattern. See [httpapi.Observer].
func (m *Metrics) Served(pattern string, status int, begun time.Time) {
	method, route, found := strings.Cut(pattern, " ")
	if !found {
		method, route = "none", "none"
	}
	m.requests.WithLabelValues(method, route, statuses[min(status/100, len(statuses)-1)]).Observe(time.Since(begun).Seconds())
}

// Committed counts a group commit.
func (m *Metrics) Committed(t store.Transaction) {
	m.commit.count(t, t.Accepted)
	m.accepted.Add(float64(t.Accepted))
	m.countApplied(t)
}

// Applied counts a transaction that applied queued submissions.
func (m *Metrics) Applied(t store.Transaction) {
	m.apply.count(t, t.Applied)
	m.countApplied(t)
}

func (ts transactions) count(t store.Transaction, size int) {
	ts.duration.Observe(t.Ended.Sub(t.Begun).Seconds())
	ts.size.Observe(float64(size))
	if t.Err != nil {
		ts.failures.Inc()
	}
}

func (m *Metrics) countApplied(t store.Transaction) {
	m.applied.Add(float64(t.Applied))
	for _, code := range t.Rejected {
		m.rejected.WithLabelValues(string(code)).Inc()
	}
}

// Checkpointed counts a checkpoint.
func (m *Metrics) Checkpointed(d time.Duration, err error) {
	m.checkpoints.Observe(d.Seconds())
	if err != nil {
		m.checkpointFailures.Inc()
	}
}

// Attempted counts an attempt to deliver an event.
func (m *Metrics) Attempted(a webhook.Attempt) {
	result := failed
	switch {
	case a.Delivery.Acknowledged:
		result = acknowledged
	case a.Delivery.Due.IsZero():
		result = givenUp
	}
	m.attempts.WithLabelValues(result).Observe(a.Ended.Sub(a.Begun).Seconds())
}

// QueuedRows counts the rows of a batch that was queued.
func (m *Metrics) QueuedRows(b store.RowBatch) {
	for _, e := range b.Entries {
		result := queued
		if e.Error != nil {
			result = rejected
		}
		m.rows.WithLabelValues(result).Add(float64(len(e.Rows)))
	}
}

// BackupsScheduled reports that backups are taken on a schedule, with the time and the size of the
// newest one. Without one, made is zero.
func (m *Metrics) BackupsScheduled(made time.Time, size int64) {
	if made.IsZero() {
		m.backup.time.With(nil).Set(0)
		return
	}
	m.backup.time.With(nil).Set(float64(made.Unix()))
	m.backup.size.With(nil).Set(float64(size))
}

// BackedUp counts an attempt to take a scheduled backup, which was made at an instant unless it
// failed.
func (m *Metrics) BackedUp(made time.Time, took time.Duration, size int64, err error) {
	if err != nil {
		m.backup.failures.Inc()
		return
	}
	m.BackupsScheduled(made, size)
	m.backup.duration.With(nil).Set(took.Seconds())
}
