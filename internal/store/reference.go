package store

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// References stores the reference data of accounts with their history.
type References interface {
	// Record changes an account's reference data in one commit and returns the number of
	// entries that were created or changed. It calls amend with the current data, which
	// are empty for a new account, and with the time of recording, which is later than
	// that of every accepted submission. Submissions accepted from then on use the new
	// data; the old data remain readable for earlier times.
	//
	// Record may call amend more than once. If amend returns an error, Record returns it
	// and changes nothing. If at least one entry changes, Record writes the audit event e.
	Record(ctx context.Context, account int64, now time.Time, e AuditEvent, amend AmendReference) (int, error)

	// RecordRequest is like Record, for a request of an API caller to an existing account. It
	// stores the key with the Resource of the change in the same commit. If the key was seen
	// before, it changes nothing and returns a replayed result or [ErrKeyReused].
	RecordRequest(ctx context.Context, account int64, now time.Time, e AuditEvent, key Key, amend AmendReference) (RecordResult, error)

	// Click returns a click as it was recorded last, or [ledger.ErrNotFound].
	Click(ctx context.Context, account int64, id string) (program.Click, error)

	// RateTables returns up to limit tables of exchange rates of the days from first to last,
	// newest day first, as they were recorded last.
	RateTables(ctx context.Context, account int64, first, last program.Date, limit int) ([]program.RateTable, error)

	// Reference returns an account's reference data as of a time, or
	// [ledger.ErrNotFound] if there were none yet.
	Reference(ctx context.Context, account int64, at time.Time) (*program.Reference, error)

	// CurrentReference returns the reference data that were recorded last, even if their
	// time is in the future.
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)

	// HashKey returns the account's random secret key. Personal data are hashed with it
	// before they are stored. It returns [ledger.ErrNotFound] for an unknown account.
	HashKey(ctx context.Context, account int64) ([]byte, error)
}

// AmendReference returns the change to make to the current reference data. The change
// takes effect at the given time.
type AmendReference func(current *program.Reference, at time.Time) (ReferenceChange, error)

// ReferenceChange holds entries of reference data to create or replace. Entries are
// never removed, a version of terms is never replaced, and a table of exchange rates keeps the
// rates that its replacement omits.
type ReferenceChange struct {
	program.Reference
	Clicks     []program.Click
	RateTables []program.RateTable
	// Resource is the path, below the account's root, of the resource that a request changes.
	// [References.Record] ignores it.
	Resource string
}

// RecordResult is the result of [References.RecordRequest].
type RecordResult struct {
	// Resource is the Resource of the change that the first request with the key made.
	Resource string
	// Replayed reports whether the key was seen before.
	Replayed bool
}
