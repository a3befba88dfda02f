package store

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Monitor reports the health of a store.
type Monitor interface {
	// CheckWritable returns an error while writes fail, for instance because the disk is
	// full. It remembers the last failure and tries again from time to time.
	CheckWritable(ctx context.Context) error

	// Status returns the work that waits in all accounts. It blocks no writer, and its cost
	// is bounded by the number of accounts and notifications.
	Status(ctx context.Context) (Status, error)

	// Observe makes the store call the functions of o. It must be called before other goroutines
	// write.
	Observe(o Observer)
}

// Observer holds functions that a store calls at the end of its work. They are called by
// writers, so they must return at once. Those that are nil are not called.
type Observer struct {
	// Committed is called after [Queue.Commit] took submissions, with its context.
	Committed func(ctx context.Context, t Transaction)
	// Applied is called after [Queue.Apply] applied submissions or failed.
	Applied func(ctx context.Context, t Transaction)
	// Checkpointed is called after a checkpoint of SQLite's write-ahead log.
	Checkpointed func(d time.Duration, err error)
}

// Transaction describes a transaction that accepted or applied submissions.
type Transaction struct {
	// Account is that of [Queue.Apply]. It is 0 for [Queue.Commit].
	Account int64
	// Accepted and Applied are numbers of submissions, without replayed ones.
	Accepted, Applied int
	// Rejected are the codes of the applied submissions that were rejected or parked.
	Rejected []rejection.Code
	// Begun, Decided and Ended are the times at which the transaction had begun, the
	// submissions were decided, and the transaction had ended. Stored is the time at which those
	// of [Queue.Commit] were stored. A time is zero if the transaction failed before.
	Begun, Stored, Decided, Ended time.Time
	// Err is the error that kept submissions from being accepted or applied, or nil.
	Err error
}

// Status is the work that waits in a store.
type Status struct {
	// Queues are those of the accounts that have queued submissions.
	Queues []QueueStatus
	// Notifications are those that are ACTIVE.
	Notifications []NotificationStatus
	// WaitingDeliveries is the number of deliveries that wait for another attempt, up to
	// [MaxCounted].
	WaitingDeliveries int
	// UnreadFiles is the number of batch files with rows that are not queued yet.
	UnreadFiles int
	// LogSize is the length of SQLite's write-ahead log in bytes after the last transaction of
	// this process. It is 0 on PostgreSQL.
	LogSize int64
}

// MaxCounted is the largest number of rows that [Monitor.Status] counts.
const MaxCounted = 100_000

// QueueStatus is the queue of an account.
type QueueStatus struct {
	// Queued is the number of submissions, and Oldest the time at which the first one was
	// accepted.
	Queued int64
	Oldest time.Time
}

// NotificationStatus is the progress of an event notification.
type NotificationStatus struct {
	// Behind is the number of records after the cursor, and Oldest the time of the first one,
	// or zero if there is none.
	Behind int64
	Oldest time.Time
}
