package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Limits of one call.
const (
	// MaxBatch is the largest number of submissions in one commit, both when they are
	// accepted and when they are applied.
	MaxBatch = 1000
	// MaxAttempts is the number of errors after which Apply parks a submission.
	MaxAttempts = 3
)

var (
	// ErrBusy reports that too many submissions are waiting to be accepted.
	ErrBusy = errors.New("too many submissions are waiting to be accepted")
	// ErrHeldElsewhere reports that another process is applying the account's submissions.
	ErrHeldElsewhere = errors.New("another process is applying the account's submissions")
)

// Queue accepts the submissions of accounts and applies them.
type Queue interface {
	// Accept appends submissions to an account's queue in one commit and returns them
	// with their numbers and times, in the order of batch. The time is now, or the time
	// of the account's newest submission if that is later. Numbers increase in commit
	// order.
	//
	// A submission whose key was seen before, also earlier in batch, is not accepted
	// again: its result is the submission that first had the key, or [ErrKeyReused].
	Accept(ctx context.Context, account int64, now time.Time, batch []Submission) ([]Accepted, error)

	// Commit accepts the submissions of many accounts in one transaction and usually applies
	// them in it, after the few that were queued before. Submissions that it doesn't apply
	// remain queued: if many are queued, decide fails, another process applies submissions of
	// the account, or applying takes too long or can't be stored. If decide is nil, Commit
	// applies nothing. It returns a result for each batch that it took from source. If it
	// returns an error, it returns no results; only after a lost connection the submissions may
	// be stored all the same.
	Commit(ctx context.Context, source BatchSource, decide Decide) ([]Committed, error)

	// CommitLimits returns the number of calls of Commit that can run at once, and the largest
	// number of accounts in one.
	CommitLimits() (commits, accounts int)

	// Apply decides up to limit of an account's oldest queued submissions, one after
	// another, and stores the results in one commit. Each sees the changes of those
	// before it. It returns the number of submissions that it completed.
	//
	// A [*rejection.Rejection] from decide completes the submission without effect. Any
	// other error, or a panic, ends the batch before that submission, counts as an
	// attempt, and is returned; after [MaxAttempts] the submission completes as parked
	// instead. One process at a time applies the submissions of an account: Apply returns
	// [ErrHeldElsewhere] while another one does.
	Apply(ctx context.Context, account int64, now time.Time, limit int, decide Decide) (int, error)

	// Preview returns the effect that command would have if it were accepted and applied
	// now, and changes nothing. A rejection is part of the result.
	Preview(ctx context.Context, account int64, now time.Time, command ledger.Command, decide Decide) (Preview, error)

	// PreviewBatch calls f with the preview of each command, in order, until f returns
	// false. Each command sees the effects of those before it. PreviewBatch may end early,
	// to bound its memory.
	PreviewBatch(ctx context.Context, account int64, now time.Time, commands []ledger.Command, decide Decide, f func(Preview) bool) error

	// Applied returns the number of an account's last completed submission.
	Applied(ctx context.Context, account int64) (int64, error)

	// QueuedAccounts returns the accounts that have queued submissions.
	QueuedAccounts(ctx context.Context) ([]int64, error)
}

// Decide returns the change that a submission makes, or a [*rejection.Rejection]. The
// result must depend on the arguments alone: a store may call Decide again for the same
// submission and discard the earlier result.
type Decide func(l ledger.Lookup, s ledger.Submission, c ledger.ApplyContext) (ledger.Change, error)

// Submission is a command in an account's queue and, once it is complete, its outcome.
type Submission struct {
	// Number and Accepted of the embedded submission are set by [Queue.Accept].
	ledger.Submission
	// ID is set by [Queue.Accept].
	ID SubmissionID
	// Payload is the request as a query string, without personal data.
	Payload string
	// Key makes repeated requests take effect once. It is zero in a submission that was
	// read from the store.
	Key Key
	// Outcome is zero until the submission is complete.
	Outcome Outcome
}

// Accepted is the result of [Queue.Accept] for one submission.
type Accepted struct {
	// Submission is the accepted submission with its number, time and id. If Replayed is
	// set, it is the earlier submission that first had the key.
	Submission
	Replayed bool
	// Err is [ErrKeyReused] if another request had the key before; the submission was
	// not accepted.
	Err error
}

// BatchSource supplies the submissions of [Queue.Commit].
type BatchSource interface {
	// Accounts returns the accounts that have waiting submissions. It is called once the
	// transaction has begun. Commit leaves out those that another process holds. With wait, it
	// waits for the first of them instead, and fails with [ledger.ErrNotFound] if that
	// account doesn't exist.
	Accounts() (accounts []int64, wait bool)

	// Take returns the waiting submissions of the accounts that the transaction holds, and
	// the time, so that submissions that arrived during the wait join the commit. It is called
	// at most once. The submissions of all batches are at most [MaxBatch].
	Take(held []int64) (now time.Time, batches []Batch)
}

// Batch holds submissions of one account.
type Batch struct {
	Account     int64
	Submissions []Submission
}

// Committed is the result of [Queue.Commit] for one batch.
type Committed struct {
	Account int64
	// Accepted are the results for the submissions, as those of [Queue.Accept]. The
	// submissions that were applied have their outcomes.
	Accepted []Accepted
	// Applied is the number of submissions that were applied.
	Applied int
	// Queued reports whether the account has submissions that were not applied.
	Queued bool
	// Failure is the error that kept submissions from being applied, or nil.
	Failure error
}

// Preview is the effect that a command would have.
type Preview struct {
	// Before is the action before the command, or zero if there is none yet.
	Before ledger.Action
	// After is the action after the command. It equals Before if nothing changes.
	After ledger.Action
	// Adjustments are those that the command makes of a locked action. Then Before and After
	// are effective actions.
	Adjustments []ledger.Adjustment
	// At is the time at which the command would be applied.
	At time.Time
	// Rejection is the reason why the command would fail, or nil.
	Rejection *rejection.Rejection
	// Accepted and Applied are the numbers of the account's last accepted and last
	// completed submission. The preview ignores the submissions between them.
	Accepted, Applied int64
}
