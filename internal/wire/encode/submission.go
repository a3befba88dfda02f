package encode

import (
	"cmp"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Submission is a command with its result.
type Submission struct {
	// ID is the BatchId: "A-" and a UUID.
	ID       string
	Account  int64
	Accepted time.Time
	Command  ledger.Command
	Payload  string
	// Completed is the time at which the submission completed. While it is queued,
	// Completed and the fields below are zero.
	Completed time.Time
	// Action is the action that the command named or created, and Partner its partner.
	// They are zero if unknown.
	Action  ids.ActionID
	Partner int64
	// ErrorType is "" unless the submission failed. ErrorMessage is a sentence for the
	// caller.
	ErrorType, ErrorCode, ErrorMessage string
}

// AppendSubmission appends a submission to dst.
func (e *Encoder) AppendSubmission(dst []byte, s Submission) []byte {
	o := e.open(dst, Submissions.Element)
	o.submissionFields(s)
	return o.close(Submissions.Element)
}

func (o *objectWriter) submissionFields(s Submission) {
	subject := subjectOf(s.Command)
	eventType := cmp.Or(s.Action.EventType, subject.EventType)
	o.text("BatchId", s.ID)
	o.integer("AccountId", s.Account)
	o.timestamp("SubmissionDate", s.Accepted)
	o.integer("CampaignId", cmp.Or(s.Action.Campaign, subject.Campaign))
	if o.atLeast(versionEventCodes) {
		o.integer("ActionTrackerId", eventType)
	}
	o.integer("MediaPartnerId", cmp.Or(s.Partner, subject.Partner))
	if o.atLeast(versionEventCodes) {
		o.text("EventCode", cmp.Or(subject.EventCode, o.Reference.EventTypes[eventType].Code))
	}
	o.text("OrderId", subject.Order)
	o.text("Payload", s.Payload)
	o.text("Type", string(typeOf(s.Command)))
	if s.Completed.IsZero() {
		o.text("Status", search.StatusQueued)
	} else {
		o.text("Status", search.StatusComplete)
	}
	o.timestamp("CompletionDate", s.Completed)
	o.text("ErrorType", s.ErrorType)
	o.text("ErrorReason", s.ErrorCode)
	o.text("ErrorMessage", s.ErrorMessage)
	o.actionID("ActionId", s.Action)
	o.actionURI("ActionUri", s.Action)
	o.uri("/APISubmissions/", s.ID)
}

// subjectOf returns the identifiers that a command itself contains. The action may have
// more of them.
func subjectOf(c ledger.Command) wire.Subject {
	switch c := c.(type) {
	case ledger.Conversion:
		return wire.Subject{
			Campaign: c.Campaign, EventType: c.EventType, Partner: c.Partner, EventCode: c.EventTypeCode, Order: c.Order,
		}
	case ledger.Modification:
		return subjectOfAddress(c.Address)
	case ledger.Reversal:
		return subjectOfAddress(c.Address)
	default:
		return wire.Subject{}
	}
}

func subjectOfAddress(a ledger.Address) wire.Subject {
	return wire.Subject{
		Campaign:  a.Action.Campaign,
		EventType: cmp.Or(a.Action.EventType, a.EventType),
		Order:     a.Order,
	}
}

// typeOf returns the type of a command on the wire, where an undo is a modification.
func typeOf(c ledger.Command) ledger.Kind {
	if c.Kind() == ledger.KindUndo {
		return ledger.KindModification
	}
	return c.Kind()
}
