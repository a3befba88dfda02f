package store

import (
	"context"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Scanner lists accounts and reads whole accounts, as [github.com/trueup-ledger/trueup/internal/store/verify] needs. A store that is
// open read-only implements it too.
type Scanner interface {
	// Accounts returns the ids of all accounts in ascending order.
	Accounts(ctx context.Context) ([]int64, error)
	// Scan calls f with the contents of an account in one consistent snapshot and returns
	// the error of f.
	Scan(ctx context.Context, account int64, f func(Contents) error) error
	// CheckStore checks what no account contains: the list of accounts, rows of accounts that
	// don't exist, and the database's own structures. It calls report for each problem and
	// returns its error.
	CheckStore(ctx context.Context, report ReportDamage) error
}

// ReportDamage is called for stored records that are not as the program wrote them.
// Problem continues a sentence that begins with subject.
type ReportDamage func(subject, problem string) error

// Contents reads the whole of one account. Its sequences are in ascending order of
// numbers, read from the database while they are ranged over, may be ranged over at the
// same time, and are valid until the call of [Scanner.Scan] returns.
type Contents interface {
	// Positions returns what the account's queue and numbering stored last.
	Positions() (Positions, error)
	// CheckRecords calls report for each record that is not as the program wrote it, and
	// returns its error.
	CheckRecords(report ReportDamage) error
	// Reference returns the reference data as of a time.
	Reference(at time.Time) (*program.Reference, error)
	// Submissions returns every submission.
	Submissions() iter.Seq2[Submission, error]
	// Actions returns the actions with their items whose EventDate is in the range. The zero
	// range has all of them.
	Actions(eventDate search.TimeRange) iter.Seq2[ledger.Action, error]
	// Updates returns every update with its Before, ordered by the number of its action and
	// then by its own. If the action doesn't exist, only the number of the update's Action
	// is set.
	Updates() iter.Seq2[ledger.Update, error]
	// Conversions returns the conversions that created an action, ordered by the number of
	// the action.
	Conversions() iter.Seq2[replay.Step, error]
	// LookupAsOf returns the lookups of a conversion as of its acceptance.
	LookupAsOf(s ledger.Submission) ledger.Lookup
	// Steps returns the submissions that changed an action.
	Steps(action int64) replay.Steps
	// Adjustments returns every adjustment with what it replaced, ordered like updates.
	Adjustments() iter.Seq2[ledger.Adjustment, error]
	// LateSteps returns the submissions that adjusted a locked action.
	LateSteps(action int64) replay.Steps
	// UndoOf returns the number of the submission that undid another, or 0.
	UndoOf(submission int64) (int64, error)
	// Inquiries returns every inquiry.
	Inquiries() iter.Seq2[inquiry.Inquiry, error]
	// Billing returns what the account owes its partners.
	Billing() (Billing, error)
	// Archived returns what is kept about archives.
	Archived() Archived
}

// Counters are the numbers that an account assigned last.
type Counters struct {
	// Accepted is the number of the last submission, and Applied that of the last completed
	// submission.
	Accepted, Applied int64
	// LastUpdate is the number of the last update.
	LastUpdate int64
}

// Positions are what an account stores beside its records and what follows from those.
type Positions struct {
	Counters Counters
	// Accepted and Applied are the last instants at which a submission was accepted and
	// completed. A recording of reference data moves Accepted too.
	Accepted, Applied time.Time
	// Attempts counts the failed attempts to apply the next submission.
	Attempts int
	// FirstRecorded and LastRecorded are the instants of the recordings of reference data.
	FirstRecorded, LastRecorded time.Time
	// Outcomes is the number of stored outcomes, and LastOutcome the largest of their numbers.
	Outcomes, LastOutcome int64
	// Undone is the number of submissions that were undone.
	Undone int64
	// Inquiry is the number of the last inquiry, and InquiryCreated its instant.
	Inquiry        int64
	InquiryCreated time.Time
}
