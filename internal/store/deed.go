package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger"
)

// Limits of what is kept of a deed, in characters: longer texts are cut.
const (
	// MaxReason is also the longest that an operator may give.
	MaxReason = 500
	maxDetail = 2000
	maxActor  = 255
)

// AuditEvent is what an operator did, kept in the commit that did it and never changed.
// By, Verb and Reason are the caller's to give, and At where a method is given no
// instant; a method that takes a Deed fills in the rest. Nothing secret is in it.
type AuditEvent struct {
	// Account is the one that it concerns, 0 for what is the operator's own.
	Account int64
	// Number grows within the account.
	Number int64
	At     time.Time
	Actor  Actor
	// Operation is what was done, as "record" or "raise cap".
	Operation string
	// Subject is what it was done to, as "action 1000.4636.158133"; Detail says more.
	Subject string
	Reason  string
	Detail  string
}

// The verbs of deeds: the list is closed.
const (
	OperationRecord        = "record"
	OperationEnd           = "end"
	OperationSetLimit      = "set cap"
	OperationPark          = "park"
	OperationRetry         = "retry"
	OperationCreateInquiry = "create inquiry"
	OperationResend        = "send again"
	// VerbCreate, VerbRotate, VerbExpire and VerbDisable are of tokens.
	OperationCreateToken  = "create token"
	OperationRotateToken  = "rotate token"
	OperationExpireToken  = "expire token"
	OperationDisableToken = "disable token"
)

// Actor is who did something.
type Actor struct {
	Source Source
	// ID is a token's SID or a user of the operating system.
	ID   string
	Name string
}

// Source is the way by which somebody changed something.
type Source string

// The doors.
const (
	SourceAdminAPI Source = "ADMIN API"
	SourceCommand  Source = "COMMAND"
	// SourceProgram is the program itself: the demo's accounts, a measurement.
	SourceProgram Source = "PROGRAM"
)

// ErrNoDeed says that a change was asked for without saying whose it is.
var ErrNoActor = errors.New("nobody is named as doing it")

// Complete answers the deed as it is to be kept, or ErrNoDeed.
func (d AuditEvent) Complete(account int64, at time.Time, subject, detail string) (AuditEvent, error) {
	if d.Actor.Source == "" || d.Actor.ID == "" || d.Operation == "" || at.IsZero() {
		return AuditEvent{}, ErrNoActor
	}
	d.Account, d.At, d.Subject = account, at, cut(subject, maxDetail)
	d.Detail, d.Reason = cut(detail, maxDetail), cut(d.Reason, MaxReason)
	d.Actor.ID, d.Actor.Name = cut(d.Actor.ID, maxActor), cut(d.Actor.Name, maxActor)
	return d, nil
}

// CheckReason answers the fault of a reason that must be there, or "".
func CheckReason(reason string) string {
	switch n := utf8.RuneCountInString(reason); {
	case strings.TrimSpace(reason) == "":
		return "Required: say why, for whoever looks at the deeds later"
	case n > MaxReason:
		return fmt.Sprintf("Has %d characters: at most %d", n, MaxReason)
	}
	return ""
}

// cut answers as much of a text as is kept: a user of the operating system may have a
// name that is no UTF-8.
func cut(text string, limit int) string {
	text = Text(text)
	for i := range text {
		if limit--; limit < 0 {
			return text[:i]
		}
	}
	return text
}

// Errors of what an operator asks for at the wrong time.
var (
	// ErrComplete says that a submission took effect or failed already.
	ErrComplete = errors.New("the submission is complete")
	// ErrNotFailed says that a submission is queued or took effect.
	ErrNotFailed = errors.New("the submission did not fail")
	// ErrAnsweredAnew says that the inquiry of a submission was answered again since.
	ErrAnsweredAnew = errors.New("the submission's inquiry was answered again since")
)

// RetriedError says that a submission was submitted again before.
type RetriedError struct{ As SubmissionID }

// Error names the submission that it was submitted again as.
func (e *RetriedError) Error() string { return fmt.Sprintf("it was submitted again as %s", e.As) }

// Administration are what an operator does to single actions and submissions.
type Administration interface {
	// SetModificationLimit gives an action a cap of its own, as [ledger.Action.WithModificationLimit] says; its
	// refusal is passed on. Submissions that were applied keep the cap they were judged by.
	SetModificationLimit(ctx context.Context, account int64, now time.Time, action ledger.ActionID, limit int, d AuditEvent) error

	// Park has a queued submission complete as parked when its turn comes, instead of
	// being applied. One that is complete is ErrComplete.
	Park(ctx context.Context, account int64, now time.Time, id SubmissionID, d AuditEvent) error

	// Retry accepts the command of a failed submission again, as [Store.Accept] does,
	// and answers the new submission. One that did not fail is ErrNotFailed; each is
	// retried once, then it is a [*RetriedError]: the retry can be retried in its turn.
	// A retry of an inquiry's conversion becomes the inquiry's submission; if the
	// inquiry was answered again since, it is ErrAnsweredAnew.
	Retry(ctx context.Context, account int64, now time.Time, id SubmissionID, d AuditEvent) (Submission, error)

	// AuditEvents answers up to limit of an account's deeds below a number, newest first;
	// account 0 has the operator's own, and a number of 0 means the newest of all.
	AuditEvents(ctx context.Context, account, below int64, limit int) ([]AuditEvent, error)
}
