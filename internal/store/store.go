// Package store says what a store of ledgers promises. Its implementation for
// SQL databases is in sqlstore, the suite that every store passes in storetest.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Limits of one call.
const (
	// MaxBatch is how many submissions one commit takes, in the intake and in the applier.
	MaxBatch = 1000
	// MaxAttempts is how often a submission may make the applier fail before it is parked.
	MaxAttempts = 3
)

// ErrBusy says that more is waiting to be accepted than the program takes on.
var ErrBusy = errors.New("too much is waiting to be accepted")

// Latest is an instant as of which everything recorded counts, whatever the clock
// shows.
var Latest = time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)

// Submission is a command on its way through the queue, and what became of it.
type Submission struct {
	// The number and the instant are given by [Store.Accept].
	ledger.Submission
	// ID is given by [Store.Accept] too.
	ID SubmissionID
	// Payload is what was sent, as a query string without personal secrets.
	Payload string
	// Key has it accepted once, however often it is sent. It is not read back.
	Key Key
	// Outcome is zero until the submission is complete.
	Outcome Outcome
}

// Outcome is how a submission ended. It is written once and never changed.
type Outcome struct {
	// Completed is the instant of application; zero while the submission is queued.
	Completed time.Time
	// Action is the one that it named or made; zero if there is none.
	Action ledger.ActionID
	// Partner is that action's.
	Partner int64
	// ErrorType is "Validation", "Contract Error", "Internal" or "".
	ErrorType ErrorType
	Code      ledger.Code
	Message   string
	Changed   bool
	Basis     ledger.PricingBasis
}

// ErrorType is a class of error codes on the wire.
type ErrorType string

// The error types of submissions.
const (
	NoError         ErrorType = ""
	ErrorValidation ErrorType = "Validation"
	ErrorContract   ErrorType = "Contract Error"
	ErrorInternal   ErrorType = "Internal"
)

// ErrAtWork says that another process applies an account's submissions.
var ErrHeldElsewhere = errors.New("another process is at work on the account")

// Decide is asked what a submission makes of the world when its turn comes. It
// depends on its arguments alone: a store may ask twice and keep only the last answer.
type Decide func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error)

// Store keeps the ledgers of many accounts. Its methods are safe for concurrent
// use. When one that writes returns nil, what it wrote survives a crash; when it
// returns an error, nothing of it is there. Instants have microseconds.
type Store interface {
	// Accept appends submissions to one account's queue, in one commit, and answers
	// them with their numbers and instants: now, or the newest instant given before
	// in the account if that is later. Commit order is number order. One whose key was
	// seen before, in the same batch too, is not accepted again: it yields the one that
	// the key was first given to, or a conflict of its own.
	Accept(ctx context.Context, account int64, now time.Time, batch []Submission) ([]Accepted, error)

	// Apply takes up to limit of the oldest queued submissions of one account, asks
	// decide about each in turn, and keeps the answers in one commit. What one did is
	// seen by the next. A *ledger.Rejection completes a submission without effect. Any
	// other error of decide (a panic included) ends the batch before that submission
	// and counts an attempt; at MaxAttempts it completes as parked instead. Apply
	// answers how many submissions are now complete that were not, and the error of
	// decide that ended the batch, if one did. One applier at a time works on an
	// account: it is ErrAtWork while another process does.
	Apply(ctx context.Context, account int64, now time.Time, limit int, decide Decide) (int, error)

	// Preview answers what decide makes of a command that were accepted now, on a
	// snapshot: nothing is queued or kept. A refusal is part of the answer.
	Preview(ctx context.Context, account int64, now time.Time, command ledger.Command, decide Decide) (Preview, error)

	// Applied answers the number of an account's last submission that is complete.
	Applied(ctx context.Context, account int64) (int64, error)

	// Waiting answers the accounts that have queued submissions.
	Waiting(ctx context.Context) ([]int64, error)

	// Record changes an account's reference data in one commit: change is given what
	// is there (an empty Reference for a new account) and the instant of recording,
	// which is later than every instant that Accept gave in the account, and answers
	// what is to be created or replaced. From that instant on submissions are judged
	// by it; what was there stays readable as of earlier ones. Record answers how
	// many entries were new or differed from what was there; an error of change is
	// passed on and nothing is kept. The change may be asked for twice. A change that
	// records something is kept as a deed.
	Record(ctx context.Context, account int64, now time.Time, d AuditEvent, change AmendReference) (int, error)

	// Reference answers an account's reference data as they stood at an instant.
	Reference(ctx context.Context, account int64, at time.Time) (*ledger.Reference, error)

	// HashKey answers the account's own random key, with which personal data are
	// hashed before they are kept; ErrNotFound for an unknown account.
	HashKey(ctx context.Context, account int64) ([]byte, error)

	// Accounts answers the ids of all accounts, in order.
	Accounts(ctx context.Context) ([]int64, error)

	// Read runs f on one consistent snapshot of an account.
	Read(ctx context.Context, account int64, f func(Reader) error) error

	Tokens
	Files
	Keys
	Inquiries
	Administration
	Webhooks

	// Close waits for what is under way and releases the store.
	Close() error
}

// Notifier is a store that tells of what other processes do with it.
type Notifier interface {
	// NotifyQueued has all processes that hear look at an account's queue. It can be lost.
	NotifyQueued(ctx context.Context, account int64) error

	// Listen calls queued with an account of which Tell told, and applied with one whose
	// submissions are complete, until ctx ends. An error says that nothing is heard any more; what happened
	// meanwhile is not told later.
	Listen(ctx context.Context, queued, applied func(account int64)) error

	// RunAsLeader calls lead once no other process leads, and leads until ctx ends. An error
	// says that it does not lead any more, for a moment already, or never did.
	RunAsLeader(ctx context.Context, lead func()) error
}

// InTurn is a store whose writes wait for each other.
type InTurn interface {
	// AcceptInTurn does what Accept does of the batch that take answers, but asks for
	// it when its turn to write has come, so that what comes while it waits is in the
	// same commit. It calls take once, or not at all if it fails before.
	AcceptInTurn(ctx context.Context, account int64, take func() (now time.Time, batch []Submission)) ([]Accepted, error)
}

// AmendReference answers a change of reference data, given what is there.
type AmendReference func(was *ledger.Reference, at time.Time) (ReferenceChange, error)

// ReferenceChange is reference data to be recorded: every entry in it is created
// or replaced, nothing is removed, and a version of terms is never replaced.
type ReferenceChange struct {
	ledger.Reference
	Clicks []ledger.Click
}
