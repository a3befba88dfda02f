package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Administration stores the operations of operators on single actions and submissions,
// and the audit log.
type Administration interface {
	// SetModificationLimit gives an action a modification limit of its own, under the
	// rules of [ledger.Action.WithModificationLimit], whose rejection it returns. The
	// outcomes of applied submissions keep the limit that they were decided under.
	SetModificationLimit(ctx context.Context, account int64, now time.Time, action ledger.ActionID, limit int, e AuditEvent) error

	// Park marks a queued submission so that [Queue.Apply] completes it as parked,
	// without effect. If the submission is complete, Park returns [ErrComplete].
	Park(ctx context.Context, account int64, now time.Time, id SubmissionID, e AuditEvent) error

	// Retry accepts the command of a failed submission as a new submission, as
	// [Queue.Accept] does, and returns it. It returns [ErrNotFailed] if the submission
	// did not fail, and a [*RetriedError] if it was retried before; the retry itself can
	// be retried if it fails. The retry of a conversion of an inquiry becomes the
	// inquiry's submission; if the inquiry was answered again since, Retry returns
	// [ErrAnsweredAgain].
	Retry(ctx context.Context, account int64, now time.Time, id SubmissionID, e AuditEvent) (Submission, error)

	// AuditEvents returns up to limit of an account's audit events with numbers below
	// before, newest first. If before is 0, it begins with the newest event. The account
	// [Operator] has the events that belong to no account.
	AuditEvents(ctx context.Context, account, before int64, limit int) ([]AuditEvent, error)
}

// Errors of [Administration].
var (
	ErrComplete  = errors.New("the submission is complete")
	ErrNotFailed = errors.New("the submission did not fail")
	// ErrAnsweredAgain reports that the inquiry of a submission was answered again after
	// the submission.
	ErrAnsweredAgain = errors.New("the submission's inquiry was answered again since")
)

// RetriedError reports that a submission was retried before.
type RetriedError struct {
	// As is the id of the retry.
	As SubmissionID
}

// Error names the retry.
func (e *RetriedError) Error() string { return fmt.Sprintf("it was submitted again as %s", e.As) }
