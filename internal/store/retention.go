package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// Retainer removes the records that an account's settings no longer retain (docs/rules.md,
// section 13).
type Retainer interface {
	// Retain archives and removes what may be removed at an instant. It works in many short
	// transactions. Before each, it writes a file to the archive; the transaction records the file,
	// removes the records that it contains, and writes an audit event. After an error, or if the
	// process ends, call it again. It removes nothing while submissions of the account are queued.
	// It returns [ledger.ErrNotFound] for an unknown account.
	//
	// Without an archive, Retain changes nothing and returns what it would remove.
	Retain(ctx context.Context, account int64, now time.Time, archive ArchiveFolder, e AuditEvent) (Retained, error)

	// RetentionSet reports whether the account's settings limit the retention.
	RetentionSet(ctx context.Context, account int64) (bool, error)
}

// ArchiveFolder holds the files of archives.
type ArchiveFolder interface {
	// Write writes a file. If a file with the name exists, it must have the same content. Once
	// Write returns nil, the file survives a crash.
	Write(name string, content []byte) error
	// Read returns the content of a file.
	Read(name string) ([]byte, error)
	// List returns the names of the files whose names begin with a prefix, in ascending order.
	List(prefix string) ([]string, error)
	// Remove removes a file, if it exists.
	Remove(name string) error
	// RemovePartial removes incomplete files of a prefix, which a process that was killed left,
	// if they were last written longer ago than age.
	RemovePartial(prefix string, age time.Duration) error
}

// Retained counts removed records.
type Retained struct {
	Actions, Submissions, Updates, Adjustments int64
	// BridgeOrders is the number of orders of bridges, which are not archived.
	BridgeOrders int64
	// Oldest and Newest are the earliest and the latest acceptance of the submissions.
	Oldest, Newest time.Time
	// Files are the names of the files that contain them.
	Files []string
	// Queued reports that submissions were queued, so that more may be left to remove.
	Queued bool
}

// Add adds the counts of others.
func (r *Retained) Add(o Retained) {
	r.Actions, r.Submissions = r.Actions+o.Actions, r.Submissions+o.Submissions
	r.Updates, r.Adjustments = r.Updates+o.Updates, r.Adjustments+o.Adjustments
	r.BridgeOrders += o.BridgeOrders
	if r.Oldest.IsZero() || !o.Oldest.IsZero() && o.Oldest.Before(r.Oldest) {
		r.Oldest = o.Oldest
	}
	if o.Newest.After(r.Newest) {
		r.Newest = o.Newest
	}
	r.Files = append(r.Files, o.Files...)
}

// String describes the counts for people.
func (r Retained) String() string {
	text := fmt.Sprintf("actions: %d, submissions: %d, updates: %d, adjustments: %d", r.Actions, r.Submissions, r.Updates, r.Adjustments)
	if r.Submissions > 0 {
		text += fmt.Sprintf(", accepted from %s to %s", r.Oldest.UTC().Format(time.RFC3339), r.Newest.UTC().Format(time.RFC3339))
	}
	if r.BridgeOrders > 0 {
		text += fmt.Sprintf(", orders of bridges: %d", r.BridgeOrders)
	}
	return text
}

// ErrArchived reports that the account has archives that the operation needs.
var ErrArchived = errors.New("the account has archives: name their folder with --archive")

// Archive is the record of a file with removed records. The archives of an account are numbered
// from 1.
type Archive struct {
	Number int64
	At     time.Time
	// Name is the file's name in the archive folder, and Hash the SHA-256 hash of its content.
	Name string
	Hash ids.Hash
	// Actions, Updates and Adjustments are the numbers of records in the file. Submissions are the
	// numbers of its submissions in ascending order.
	Actions              int64
	Submissions          []int64
	Updates, Adjustments int64
	// LastUpdate is the largest number of an update or adjustment, and Removed the number of
	// submissions, in all archives up to this one.
	LastUpdate, Removed int64
}

// ArchivedAction is what is kept of an archived action: later conversions need its order and
// customer, and the checks of invoices need its entries.
type ArchivedAction struct {
	ID        ids.ActionID
	Archive   int64
	Partner   int64
	Order     string
	Customer  string
	EventDate time.Time
	// Entries is the number of entries of the action and its adjustments, Amount their sum, and
	// Digest the sum of the first 8 bytes of their digests.
	Entries int64
	Amount  money.Amount
	Digest  uint64
}

// Archived is what an account keeps about its archives.
type Archived struct {
	// Archives are ordered by number, and Actions by the number of the action.
	Archives iter.Seq2[Archive, error]
	Actions  iter.Seq2[ArchivedAction, error]
}
