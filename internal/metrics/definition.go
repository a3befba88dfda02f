package metrics

import (
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// metric identifies a metric of this package.
type metric int

const (
	httpRequest metric = iota
	commitDuration
	commitSize
	commitFailures
	applyDuration
	applySize
	applyFailures
	submissionsAccepted
	submissionsApplied
	submissionsRejected
	ingestWaiting
	queueAccounts
	queueSubmissions
	queueAge
	walSize
	checkpointDuration
	checkpointFailures
	webhookAttempt
	webhookNotifications
	webhookBehind
	webhookLag
	webhookWaiting
	invoicesIssued
	invoicesHeld
	invoicesLate
	invoicesLateAge
	fileRows
	filesUnread
	backupTime
	backupDuration
	backupSize
	backupFailures
	storeReadable
	leader
	clockTrusted
	buildInfo
	metricCount
)

// definition declares a metric.
type definition struct {
	name, kind string
	labels     []string
	help       string
	buckets    []float64
}

// Kinds of metrics.
const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
)

// Buckets of durations in seconds, and of numbers of submissions in a transaction.
var (
	seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	sizes   = []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}
)

// definitions declares all metrics, in the order of the documentation. Labels have few values:
// no metric has a label for accounts, partners or paths.
var definitions = [metricCount]definition{
	httpRequest: {
		"trueup_http_request_duration_seconds", histogram,
		[]string{"method", "route", "status"},
		"Time to serve a request, by the pattern of its route and the class of the status (2xx; aborted if the connection was closed first). " +
			"Requests that are refused before they have a route, for instance without credentials, have the route none.", seconds,
	},
	commitDuration: {
		"trueup_commit_duration_seconds", histogram, nil,
		"Time of a group commit, which accepts and usually applies the submissions of waiting callers.", seconds,
	},
	commitSize:     {"trueup_commit_submissions", histogram, nil, "Submissions that a group commit accepted.", sizes},
	commitFailures: {"trueup_commit_failures_total", counter, nil, "Group commits that failed, or did not apply the submissions of an account.", nil},
	applyDuration:  {"trueup_apply_duration_seconds", histogram, nil, "Time of a transaction that applies queued submissions.", seconds},
	applySize:      {"trueup_apply_submissions", histogram, nil, "Queued submissions that a transaction applied.", sizes},
	applyFailures: {
		"trueup_apply_failures_total", counter, nil,
		"Attempts to apply queued submissions that failed. They are retried, and a submission is parked after three failures.", nil,
	},
	submissionsAccepted: {"trueup_submissions_accepted_total", counter, nil, "Submissions that group commits accepted. Rows of batch files are not among them.", nil},
	submissionsApplied:  {"trueup_submissions_applied_total", counter, nil, "Submissions that were applied, rejected ones among them.", nil},
	submissionsRejected: {"trueup_submissions_rejected_total", counter, []string{"code"}, "Submissions that were rejected, by code. PARKED are those that could not be applied.", nil},
	ingestWaiting:       {"trueup_ingest_waiting", gauge, nil, "Calls that wait for their group commit.", nil},
	queueAccounts: {
		"trueup_queue_accounts", gauge,
		[]string{"class"},
		"Accounts with queued submissions, by the number of these: small (up to 100), medium (up to 10000) and large.", nil,
	},
	queueSubmissions:     {"trueup_queue_submissions", gauge, []string{"class"}, "Queued submissions, by the class of their account.", nil},
	queueAge:             {"trueup_queue_oldest_age_seconds", gauge, []string{"class"}, "Age of the oldest queued submission, by the class of its account.", nil},
	walSize:              {"trueup_wal_bytes", gauge, nil, "Length of SQLite's write-ahead log. It is 0 on PostgreSQL.", nil},
	checkpointDuration:   {"trueup_checkpoint_duration_seconds", histogram, nil, "Time of a checkpoint of SQLite's write-ahead log.", seconds},
	checkpointFailures:   {"trueup_checkpoint_failures_total", counter, nil, "Checkpoints of SQLite's write-ahead log that failed.", nil},
	webhookAttempt:       {"trueup_webhook_attempt_duration_seconds", histogram, []string{"result"}, "Time of an attempt to deliver an event: acknowledged, failed or given_up (failed for the last time).", seconds},
	webhookNotifications: {"trueup_webhook_notifications", gauge, nil, "Event notifications that are ACTIVE.", nil},
	webhookBehind:        {"trueup_webhook_records_behind", gauge, nil, "Records of the log that event notifications have not read yet.", nil},
	webhookLag:           {"trueup_webhook_lag_seconds", gauge, nil, "Age of the oldest record of the log that an event notification has not read yet.", nil},
	webhookWaiting:       {"trueup_webhook_deliveries_waiting", gauge, nil, "Deliveries that wait for another attempt, counted up to 100000.", nil},
	invoicesIssued:       {"trueup_invoices_issued_total", counter, nil, "Invoices that this process issued.", nil},
	invoicesHeld:         {"trueup_invoices_held_total", counter, nil, "Invoices that this process did not issue because the sums of their entries have too many digits.", nil},
	invoicesLate:         {"trueup_invoices_late_accounts", gauge, nil, "Accounts whose invoices are late: their period ended more than a minute ago.", nil},
	invoicesLateAge:      {"trueup_invoices_late_seconds", gauge, nil, "Time since the end of the oldest period whose invoices are late, or 0.", nil},
	fileRows:             {"trueup_file_rows_total", counter, []string{"result"}, "Rows of batch files that were queued or rejected.", nil},
	filesUnread:          {"trueup_files_unread", gauge, nil, "Batch files with rows that are not queued yet.", nil},
	backupTime:           {"trueup_backup_timestamp_seconds", gauge, nil, "Time of the newest scheduled backup, in seconds since 1970, or 0 if there is none. Without scheduled backups it is missing.", nil},
	backupDuration:       {"trueup_backup_duration_seconds", gauge, nil, "Time that the newest scheduled backup took with its checks. It is missing until this process has taken one.", nil},
	backupSize:           {"trueup_backup_bytes", gauge, nil, "Size of the newest scheduled backup. Without one it is missing.", nil},
	backupFailures:       {"trueup_backup_failures_total", counter, nil, "Scheduled backups that failed. Each is tried again after 10 minutes at most.", nil},
	storeReadable:        {"trueup_store_readable", gauge, nil, "1, or 0 if the store failed to return its status within 5 seconds. Then the metrics of queues, webhook progress, files and the write-ahead log are missing.", nil},
	leader:               {"trueup_leader", gauge, nil, "1 if this process is the leader, which delivers webhooks and issues invoices.", nil},
	clockTrusted:         {"trueup_clock_trusted", gauge, nil, "0 while writes are refused because of the clock.", nil},
	buildInfo:            {"trueup_build_info", gauge, []string{"version", "revision", "goversion"}, "1, with the version of the program.", nil},
}

func (d definition) opts() prometheus.Opts { return prometheus.Opts{Name: d.name, Help: d.help} }

func (d definition) counter() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts(d.opts()), d.labels)
}

func (d definition) gauge() *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts(d.opts()), d.labels)
}

func (d definition) histogram() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: d.name, Help: d.help, Buckets: d.buckets}, d.labels)
}

func (d definition) desc() *prometheus.Desc {
	return prometheus.NewDesc(d.name, d.help, d.labels, nil)
}

// Table returns the table of all metrics for the documentation, in Markdown.
func Table() string {
	var b strings.Builder
	b.WriteString("| metric | kind | labels | meaning |\n| --- | --- | --- | --- |\n")
	for _, d := range definitions {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.name, d.kind, strings.Join(d.labels, ", "), d.help)
	}
	return b.String()
}
