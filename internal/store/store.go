// Package store defines the contract of a store of ledgers: the interfaces by which
// other packages use it, the records that it holds. Package verify checks a
// whole store against the ledger's invariants.
//
// Package sqlstore implements the contract on SQL databases. Package storetest holds
// the conformance suite that an implementation must pass.
//
// # Guarantees
//
// All methods are safe for concurrent use. If a method that writes returns nil, its
// changes survive a crash. If it returns an error, it changed nothing, unless it documents
// otherwise or the connection to the database was lost during the commit. Times have a
// precision of one microsecond.
package store

import (
	"context"
	"io"
	"time"
)

// Store is a store in all its roles. A package that uses a store declares an interface
// with the methods that it calls; a Store implements every such interface. A test that
// changes the behavior of a role replaces its field.
type Store struct {
	Queue
	References
	Snapshots
	Exports
	Scanner
	Keys
	Tokens
	Files
	Inquiries
	Biller
	Accounting
	Administration
	Eraser
	Retainer
	Webhooks
	Bridges
	People
	Sessions
	Coordinator
	Monitor
	Clock
	// Closer waits for running calls and releases the store. Closing a closed store
	// does nothing.
	io.Closer
}

// Snapshots reads accounts.
type Snapshots interface {
	// Read calls f with a consistent snapshot of an account and returns its error. It
	// returns [ledger.ErrNotFound] for an unknown account.
	Read(ctx context.Context, account int64, f func(Reader) error) error
}

// Clock holds what a store knows about time.
type Clock interface {
	// NewestInstant returns the newest instant at which anything was recorded in any account,
	// or the zero time in an empty store.
	NewestInstant(ctx context.Context) (time.Time, error)

	// LogClock writes the audit event of an operator who accepts the clock of a server or
	// moves its test clock. The detail is the reason why it was not trusted, or the move.
	LogClock(ctx context.Context, detail string, e AuditEvent) error
}

// Coordinator coordinates the processes that share a store. On a store that only one
// process can serve, NotifyQueued does nothing, Listen waits for ctx, and RunAsLeader
// calls lead at once.
type Coordinator interface {
	// NotifyQueued announces to all listening processes that an account has queued
	// submissions. An announcement can be lost.
	NotifyQueued(ctx context.Context, account int64) error

	// Listen calls queued with each account that NotifyQueued announces, and applied with
	// each account of which a process completed submissions, until ctx ends. It then
	// returns nil. After an error, announcements are lost until Listen is called again.
	Listen(ctx context.Context, queued, applied func(account int64)) error

	// PollInterval returns the interval at which a process should look for work of which it
	// got no announcement. It is longer if each poll queries many nodes.
	PollInterval() time.Duration

	// RunAsLeader waits until no other process is the leader, calls lead, and remains the
	// leader until ctx ends. If it returns an error, this process is not the leader, and
	// may have ceased to be it shortly before.
	RunAsLeader(ctx context.Context, lead func()) error
}
