package store

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of the texts of an audit event in characters. Longer texts are truncated.
const (
	// MaxReason is the limit of a reason. [CheckReason] rejects a longer one.
	MaxReason = 500
	maxDetail = 2000
	maxActor  = 255
)

// AuditEvent records an operation of an operator. It is written by the commit of the
// operation, never changes and holds no secrets.
//
// The caller of a method that writes an audit event sets Actor, Operation and Reason, and
// At if the method has no time argument. The method sets the other fields.
type AuditEvent struct {
	// Account is the affected account, or [Operator].
	Account int64
	// Number increases within the account.
	Number    int64
	At        time.Time
	Actor     Actor
	Operation Operation
	// Subject names the object of the operation, as in "action 1000.4636.158133", and
	// Detail describes the change.
	Subject string
	Reason  string
	Detail  string
	// Key is the idempotency key of an operator's request, if it has one. The commit of
	// the operation stores it under [Operator]. It is not part of the stored event. A
	// method that writes an event with a key that was seen before changes nothing and
	// returns [ErrKeyReused].
	Key Key
}

// Operation names an operation in the audit log. Names are stored and shown to operators.
type Operation string

// The operations that are recorded in the audit log.
const (
	OperationRecord        Operation = "record"
	OperationEnd           Operation = "end"
	OperationSetLimit      Operation = "set cap"
	OperationPark          Operation = "park"
	OperationRetry         Operation = "retry"
	OperationImport        Operation = "import"
	OperationCreateInquiry Operation = "create inquiry"
	OperationResend        Operation = "send again"
	OperationCreateToken   Operation = "create token"
	OperationRotateToken   Operation = "rotate token"
	OperationExpireToken   Operation = "expire token"
	OperationStrictToken   Operation = "strict token"
	OperationDisableToken  Operation = "disable token"
	OperationAcceptClock   Operation = "accept clock"
	OperationMoveClock     Operation = "move clock"
	OperationIssue         Operation = "issue invoice"
	OperationBonus         Operation = "record bonus"
	OperationWriteOff      Operation = "write off"
	OperationPay           Operation = "record payment"
	OperationErase         Operation = "erase customer"
	OperationRestore       Operation = "restore"
	OperationRetain        Operation = "archive"
	OperationRotateSecret  Operation = "rotate secret"
	OperationRetryBridge   Operation = "retry order"
	OperationInvite        Operation = "invite person"
	OperationSetRole       Operation = "set role"
	OperationResetPerson   Operation = "reset sign-in"
	OperationDisablePerson Operation = "disable person"
	OperationLink          Operation = "create link"
	OperationSignIn        Operation = "sign in"
	OperationLockOut       Operation = "lock out"
	OperationRedeem        Operation = "redeem link"
	OperationSetPassword   Operation = "set password"
	OperationSetTOTP       Operation = "set one-time codes"
	OperationRemoveTOTP    Operation = "remove one-time codes"
)

// Actor identifies the author of an operation.
type Actor struct {
	Source Source
	// ID is the SID of a token, the name of an operating system user or the e-mail address of a
	// person.
	ID   string
	Name string
}

// Source is the interface by which an operation was requested.
type Source string

// The sources.
const (
	SourceAdminAPI Source = "ADMIN API"
	// SourceAPI is the protocol. Its actors are tokens of accounts.
	SourceAPI     Source = "API"
	SourceCommand Source = "COMMAND"
	// SourceConsole is the console. Its actors are people, by their e-mail addresses.
	SourceConsole Source = "CONSOLE"
	// SourceProgram is the program itself, as for the accounts of the demo.
	SourceProgram Source = "PROGRAM"
)

// ErrNoActor reports an audit event without an actor, an operation or a time.
var ErrNoActor = errors.New("audit event without actor or operation")

// Complete returns the event as a store writes it: with all fields set, and all texts
// truncated to their limits. If the actor, the operation or the time is missing, Complete
// returns [ErrNoActor].
func (e AuditEvent) Complete(account int64, at time.Time, subject, detail string) (AuditEvent, error) {
	if e.Actor.Source == "" || e.Actor.ID == "" || e.Operation == "" || at.IsZero() {
		return AuditEvent{}, ErrNoActor
	}
	e.Account, e.At, e.Subject = account, at, truncate(subject, maxDetail)
	e.Detail, e.Reason = truncate(detail, maxDetail), truncate(e.Reason, MaxReason)
	e.Actor.ID, e.Actor.Name = truncate(e.Actor.ID, maxActor), truncate(e.Actor.Name, maxActor)
	return e, nil
}

// CheckReason checks a reason that is required. It returns a sentence for the operator,
// or "" if the reason is valid.
func CheckReason(reason string) string {
	switch n := utf8.RuneCountInString(reason); {
	case strings.TrimSpace(reason) == "":
		return "Required: say why, for the readers of the audit log"
	case n > MaxReason:
		return fmt.Sprintf("Has %d characters: at most %d", n, MaxReason)
	}
	return ""
}

// truncate returns the first limit characters of a text, in the form of [CleanText].
func truncate(text string, limit int) string {
	text = CleanText(text)
	for i := range text {
		if limit--; limit < 0 {
			return text[:i]
		}
	}
	return text
}
