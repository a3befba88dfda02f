package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Administration performs the operations of operators on single actions and submissions,
// and reads the audit log.
type Administration interface {
	// SetModificationLimit gives an action a modification limit of its own, under the
	// rules of [ledger.Action.WithModificationLimit], whose rejection it returns. The
	// outcomes of applied submissions keep the limit that they were decided under.
	SetModificationLimit(ctx context.Context, account int64, now time.Time, action ids.ActionID, limit int, e AuditEvent) error

	// Park marks a queued submission so that [Queue.Apply] completes it as parked,
	// without effect. If the submission is complete, Park returns [ErrComplete].
	Park(ctx context.Context, account int64, now time.Time, id SubmissionID, e AuditEvent) error

	// Retry accepts the command of a failed submission as a new submission, as
	// [Queue.Accept] does, and returns the new submission. If the submission did not
	// fail, Retry returns [ErrNotFailed]. If it was retried before, Retry returns a
	// [*RetriedError]; a retry that failed can be retried in turn.
	//
	// If the submission is the conversion of an inquiry, the retry becomes the inquiry's
	// submission. If the inquiry was answered again in the meantime, Retry returns
	// [ErrAnsweredAgain].
	Retry(ctx context.Context, account int64, now time.Time, id SubmissionID, e AuditEvent) (Submission, error)

	// AuditEvents returns up to limit of an account's audit events with numbers below
	// before, newest first. If before is 0, it begins with the newest event. Events that
	// belong to no account are those of [Operator].
	AuditEvents(ctx context.Context, account, before int64, limit int) ([]AuditEvent, error)
}

// Errors of [Administration].
var (
	ErrComplete  = errors.New("the submission is complete")
	ErrNotFailed = errors.New("the submission did not fail")
	// ErrAnsweredAgain reports that the inquiry of a submission was answered again after
	// the submission was accepted.
	ErrAnsweredAgain = errors.New("the submission's inquiry has been answered again")
)

// RetriedError reports that a submission was retried before.
type RetriedError struct {
	// Retry is the id of the retry.
	Retry SubmissionID
}

// Error names the retry.
func (e *RetriedError) Error() string { return fmt.Sprintf("it was submitted again as %s", e.Retry) }
