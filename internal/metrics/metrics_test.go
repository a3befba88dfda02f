package metrics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/biller"
	"github.com/trueup-ledger/trueup/internal/metrics"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// source returns a source with the given status of the store.
func source(st store.Status, err error) metrics.Source {
	return metrics.Source{
		Now: func() time.Time { return now }, Clock: func() error { return nil }, IsLeader: func() bool { return true }, Waiting: func() int { return 3 },
		Store:  func(context.Context) (store.Status, error) { return st, err },
		Biller: func() biller.Status { return biller.Status{Issued: 5, Held: 1, Late: 2, Since: now.Add(-time.Hour)} },
	}
}

// scrape returns the lines of a scrape.
func scrape(t *testing.T, m *metrics.Metrics) []string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return strings.Split(w.Body.String(), "\n")
}

func want(t *testing.T, m *metrics.Metrics, lines ...string) {
	t.Helper()
	got := scrape(t, m)
	for _, line := range lines {
		if !slices.Contains(got, line) {
			t.Errorf("the scrape lacks %s", line)
		}
	}
}

func TestWorkIsCounted(t *testing.T) {
	m := metrics.New(source(store.Status{}, nil))
	begun := time.Now()
	m.Served("PUT /Advertisers/{sid}/Actions", 200, begun)
	m.Served("", 401, begun)
	m.Served("GET /Advertisers/{sid}/Actions", 0, begun)
	failed := errors.New("failed")
	m.Committed(store.Transaction{Accepted: 3, Applied: 2, Rejected: []rejection.Code{rejection.CodeItemNotFound}, Begun: now, Ended: now.Add(time.Second)})
	m.Committed(store.Transaction{Begun: now, Ended: now, Err: failed})
	m.Applied(store.Transaction{Applied: 4, Rejected: []rejection.Code{rejection.CodeParked}, Begun: now, Ended: now.Add(2 * time.Second), Err: failed})
	m.Checkpointed(time.Second, failed)
	for _, d := range []store.Delivery{{Acknowledged: true}, {Due: now}, {}} {
		m.Attempted(webhook.Attempt{Delivery: d, Begun: now, Ended: now.Add(time.Second)})
	}
	m.QueuedRows(store.RowBatch{Entries: []store.FileEntry{{Rows: make([]store.FileRow, 3)}, {Rows: make([]store.FileRow, 2), Error: &store.RowError{}}}})
	want(t, m,
		`trueup_http_request_duration_seconds_count{method="PUT",route="/Advertisers/{sid}/Actions",status="2xx"} 1`,
		`trueup_http_request_duration_seconds_count{method="GET",route="/Advertisers/{sid}/Actions",status="aborted"} 1`,
		`trueup_http_request_duration_seconds_count{method="none",route="none",status="4xx"} 1`,
		`trueup_commit_duration_seconds_sum 1`, `trueup_commit_submissions_sum 3`, `trueup_commit_failures_total 1`,
		`trueup_apply_duration_seconds_sum 2`, `trueup_apply_submissions_sum 4`, `trueup_apply_failures_total 1`,
		`trueup_submissions_accepted_total 3`, `trueup_submissions_applied_total 6`,
		`trueup_submissions_rejected_total{code="ITEM_NOT_FOUND"} 1`, `trueup_submissions_rejected_total{code="PARKED"} 1`,
		`trueup_submissions_rejected_total{code="ACTION_LOCKED"} 0`,
		`trueup_checkpoint_duration_seconds_count 1`, `trueup_checkpoint_failures_total 1`,
		`trueup_webhook_attempt_duration_seconds_count{result="acknowledged"} 1`,
		`trueup_webhook_attempt_duration_seconds_count{result="failed"} 1`,
		`trueup_webhook_attempt_duration_seconds_count{result="given_up"} 1`,
		`trueup_file_rows_total{result="queued"} 3`, `trueup_file_rows_total{result="rejected"} 2`,
	)
}

func TestBackupsAreObserved(t *testing.T) {
	m := metrics.New(source(store.Status{}, nil))
	if lines := scrape(t, m); slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "trueup_backup_timestamp") }) {
		t.Error("a server without scheduled backups has the time of one")
	}
	want(t, m, "trueup_backup_failures_total 0")
	m.BackupsScheduled(time.Time{}, 0)
	want(t, m, "trueup_backup_timestamp_seconds 0")
	m.BackupsScheduled(time.Unix(1000, 0), 512)
	want(t, m, "trueup_backup_timestamp_seconds 1000", "trueup_backup_bytes 512")
	m.BackedUp(time.Unix(5000, 0), 3*time.Second, 4096, nil)
	m.BackedUp(time.Time{}, time.Second, 0, errors.New("disk full"))
	want(t, m, "trueup_backup_timestamp_seconds 5000", "trueup_backup_duration_seconds 3", "trueup_backup_bytes 4096", "trueup_backup_failures_total 1")
}

func TestAScrapeReadsWaitingWork(t *testing.T) {
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	st := store.Status{
		Queues:            []store.QueueStatus{{Queued: 100, Oldest: ago(5 * time.Second)}, {Queued: 1, Oldest: ago(time.Second)}, {Queued: 101, Oldest: ago(time.Minute)}, {Queued: 10_001, Oldest: ago(time.Hour)}},
		Notifications:     []store.NotificationStatus{{}, {Behind: 4, Oldest: ago(7 * time.Second)}, {Behind: 2, Oldest: ago(3 * time.Second)}},
		WaitingDeliveries: 8, UnreadFiles: 2, LogSize: 4096,
	}
	want(t, metrics.New(source(st, nil)),
		`trueup_queue_accounts{class="small"} 2`, `trueup_queue_submissions{class="small"} 101`, `trueup_queue_oldest_age_seconds{class="small"} 5`,
		`trueup_queue_accounts{class="medium"} 1`, `trueup_queue_submissions{class="medium"} 101`, `trueup_queue_oldest_age_seconds{class="medium"} 60`,
		`trueup_queue_accounts{class="large"} 1`, `trueup_queue_submissions{class="large"} 10001`, `trueup_queue_oldest_age_seconds{class="large"} 3600`,
		`trueup_webhook_notifications 3`, `trueup_webhook_records_behind 6`, `trueup_webhook_lag_seconds 7`, `trueup_webhook_deliveries_waiting 8`,
		`trueup_files_unread 2`, `trueup_wal_bytes 4096`, `trueup_store_readable 1`, `trueup_leader 1`, `trueup_clock_trusted 1`, `trueup_ingest_waiting 3`,
		`trueup_invoices_issued_total 5`, `trueup_invoices_held_total 1`, `trueup_invoices_late_accounts 2`, `trueup_invoices_late_seconds 3600`,
	)
}

func TestAStoreThatFailsLeavesTheOtherMetrics(t *testing.T) {
	m := metrics.New(source(store.Status{}, errors.New("unavailable")))
	want(t, m, "trueup_store_readable 0", "trueup_leader 1", "trueup_submissions_applied_total 0")
	if lines := scrape(t, m); slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "trueup_queue") }) {
		t.Error("the scrape has queues that nobody read")
	}
}

func TestEachMetricIsDocumentedAndServed(t *testing.T) {
	if text := read(t, "docs/metrics.md"); !strings.Contains(text, metrics.Table()) {
		t.Errorf("docs/metrics.md lacks this table:\n%s", metrics.Table())
	}
	m := metrics.New(source(store.Status{}, nil))
	m.Served("GET /Advertisers/{sid}/Actions", 200, now)
	m.BackedUp(now, time.Second, 1, nil)
	text := strings.Join(scrape(t, m), "\n")
	for _, name := range documented() {
		if !strings.Contains(text, "# TYPE "+name+" ") {
			t.Errorf("no scrape has %s", name)
		}
	}
}

// documented returns the names of all metrics.
func documented() (names []string) {
	for _, match := range regexp.MustCompile("(?m)^\\| `(trueup_[a-z_]+)`").FindAllStringSubmatch(metrics.Table(), -1) {
		names = append(names, match[1])
	}
	return names
}

// read returns a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAlertsAndDashboardUseKnownMetrics(t *testing.T) {
	known := documented()
	for _, path := range []string{"deploy/prometheus/alerts.yml", "deploy/grafana/trueup.json"} {
		names := regexp.MustCompile(`\btrueup_[a-z_]+\b`).FindAllString(read(t, path), -1)
		if len(names) < 10 {
			t.Errorf("%s has %d metrics", path, len(names))
		}
		for _, name := range names {
			base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count")
			if !slices.Contains(known, base) {
				t.Errorf("%s uses the unknown metric %s", path, name)
			}
		}
	}
}

func TestEachAlertHasItsParagraphInTheRunbook(t *testing.T) {
	var alerts, headings []string
	for _, match := range regexp.MustCompile(`(?m)^ +- alert: (\w+)$`).FindAllStringSubmatch(read(t, "deploy/prometheus/alerts.yml"), -1) {
		alerts = append(alerts, match[1])
		if url := "docs/runbook.md#" + strings.ToLower(match[1]) + "\n"; !strings.Contains(read(t, "deploy/prometheus/alerts.yml"), url) {
			t.Errorf("no annotation of %s links to its paragraph", match[1])
		}
	}
	for _, match := range regexp.MustCompile(`(?m)^## (Trueup\w+)\n\n\w`).FindAllStringSubmatch(read(t, "docs/runbook.md"), -1) {
		headings = append(headings, match[1])
	}
	if len(alerts) == 0 || !slices.Equal(alerts, headings) {
		t.Errorf("alerts are %q, paragraphs of the runbook %q", alerts, headings)
	}
}

func BenchmarkServed(b *testing.B) {
	m := metrics.New(source(store.Status{}, nil))
	begun := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		m.Served("PUT /Advertisers/{sid}/Actions", 200, begun)
	}
}
