package metrics

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/trueup-ledger/trueup/internal/biller"
	"github.com/trueup-ledger/trueup/internal/buildinfo"
	"github.com/trueup-ledger/trueup/internal/store"
)

// statusTimeout is the time for which a scrape waits for the store.
const statusTimeout = 5 * time.Second

// Source holds functions that a scrape calls.
type Source struct {
	Now      func() time.Time
	Store    func(ctx context.Context) (store.Status, error)
	Biller   func() biller.Status
	IsLeader func() bool
	// Clock returns an error while the clock is not trusted.
	Clock func() error
	// Waiting returns the number of calls that wait for their commit.
	Waiting func() int
}

// snapshot collects the metrics that are read by a scrape.
type snapshot struct{ Source }

// Describe implements [prometheus.Collector]. It describes nothing, since the registry would
// otherwise call Collect.
func (s snapshot) Describe(chan<- *prometheus.Desc) {}

// send sends the value of a metric.
type send func(id metric, value float64, labels ...string)

// Collect implements [prometheus.Collector].
func (s snapshot) Collect(metrics chan<- prometheus.Metric) {
	var send send = func(id metric, value float64, labels ...string) {
		kind := prometheus.GaugeValue
		if definitions[id].kind == counter {
			kind = prometheus.CounterValue
		}
		metrics <- prometheus.MustNewConstMetric(definitions[id].desc(), kind, value, labels...)
	}
	now := s.Now()
	s.sendProcess(send, now)
	ctx, cancel := context.WithTimeout(context.Background(), statusTimeout)
	defer cancel()
	st, err := s.Store(ctx)
	send(storeReadable, number(err == nil))
	if err != nil {
		return
	}
	sendQueues(send, st.Queues, now)
	sendNotifications(send, st, now)
	send(filesUnread, float64(st.UnreadFiles))
	send(walSize, float64(st.LogSize))
}

// sendProcess sends the metrics of the process.
func (s snapshot) sendProcess(send send, now time.Time) {
	send(buildInfo, 1, build()...)
	send(leader, number(s.IsLeader()))
	send(clockTrusted, number(s.Clock() == nil))
	send(ingestWaiting, float64(s.Waiting()))
	b := s.Biller()
	send(invoicesIssued, float64(b.Issued))
	send(invoicesHeld, float64(b.Held))
	send(invoicesLate, float64(b.Late))
	send(invoicesLateAge, age(now, b.Since))
}

// queueClasses are the classes of accounts, by their largest number of queued submissions. A
// group commit applies a small queue; a large one is an import.
var queueClasses = []struct {
	name string
	most int64
}{{"small", 100}, {"medium", 10_000}, {"large", 1 << 62}}

func sendQueues(send send, queues []store.QueueStatus, now time.Time) {
	for i, class := range queueClasses {
		accounts, submissions, oldest := 0, int64(0), 0.0
		for _, q := range queues {
			if q.Queued <= class.most && (i == 0 || q.Queued > queueClasses[i-1].most) {
				accounts, submissions, oldest = accounts+1, submissions+q.Queued, max(oldest, age(now, q.Oldest))
			}
		}
		send(queueAccounts, float64(accounts), class.name)
		send(queueSubmissions, float64(submissions), class.name)
		send(queueAge, oldest, class.name)
	}
}

func sendNotifications(send send, st store.Status, now time.Time) {
	behind, lag := int64(0), 0.0
	for _, n := range st.Notifications {
		behind, lag = behind+n.Behind, max(lag, age(now, n.Oldest))
	}
	send(webhookNotifications, float64(len(st.Notifications)))
	send(webhookBehind, float64(behind))
	send(webhookLag, lag)
	send(webhookWaiting, float64(st.WaitingDeliveries))
}

// age returns the seconds since an instant, or 0 if it is zero or later than now.
func age(now, since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, now.Sub(since).Seconds())
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// build returns the version and the revision of the program, and the version of Go.
func build() []string {
	revision := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				revision = setting.Value
			}
		}
	}
	return []string{buildinfo.Version(), revision, runtime.Version()}
}
