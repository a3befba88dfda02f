package wire

import (
	"cmp"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Submission is what an answer tells of a command and of what became of it.
type Submission struct {
	// ID is the BatchId, as "A-" and a UUID.
	ID       string
	Account  int64
	Accepted time.Time
	Command  ledger.Command
	Payload  string
	// Completed is zero while the submission is queued, and so is what follows.
	Completed time.Time
	// Action is the one that it named or made, Partner that action's; zero if unknown.
	Action  ledger.ActionID
	Partner int64
	// ErrorType is "" unless it failed, with the code and a sentence for the caller.
	ErrorType, ErrorCode, ErrorMessage string
}

// named is what a command tells of its action before the ledger has found it.
type named struct {
	campaign, eventType, partner int64
	code, order                  string
}

// AppendSubmission writes a submission.
func (e *Encoder) AppendSubmission(dst []byte, s Submission) []byte {
	o := e.open(dst, "APISubmission")
	o.submission(s)
	return o.close("APISubmission")
}

func (o *object) submission(s Submission) {
	n := nameOf(s.Command)
	eventType := cmp.Or(s.Action.EventType, n.eventType)
	o.text("BatchId", s.ID)
	o.integer("AccountId", s.Account)
	o.instant("SubmissionDate", s.Accepted)
	o.integer("CampaignId", cmp.Or(s.Action.Campaign, n.campaign))
	if o.has(versionNames) {
		o.integer("ActionTrackerId", eventType)
	}
	o.integer("MediaPartnerId", cmp.Or(s.Partner, n.partner))
	if o.has(versionNames) {
		o.text("EventCode", cmp.Or(n.code, o.Reference.EventTypes[eventType].Code))
	}
	o.text("OrderId", n.order)
	o.text("Payload", s.Payload)
	o.text("Type", string(typeOf(s.Command)))
	if s.Completed.IsZero() {
		o.text("Status", statusQueued)
	} else {
		o.text("Status", statusComplete)
	}
	o.instant("CompletionDate", s.Completed)
	o.text("ErrorType", s.ErrorType)
	o.text("ErrorReason", s.ErrorCode)
	o.text("ErrorMessage", s.ErrorMessage)
	o.action("ActionId", s.Action)
	o.actionURI("ActionUri", s.Action)
	o.uri("/APISubmissions/", s.ID)
}

func nameOf(c ledger.Command) named {
	switch c := c.(type) {
	case ledger.Conversion:
		return named{c.Campaign, c.EventType, c.Partner, c.EventTypeCode, c.Order}
	case ledger.Modification:
		return nameOfAddress(c.Address)
	case ledger.Reversal:
		return nameOfAddress(c.Address)
	default:
		return named{}
	}
}

func nameOfAddress(a ledger.Address) named {
	return named{
		campaign:  a.Action.Campaign,
		eventType: cmp.Or(a.Action.EventType, a.EventType),
		order:     a.Order,
	}
}

// typeOf answers a command's type on the wire, where undoing is modifying.
func typeOf(c ledger.Command) ledger.Kind {
	if c.Kind() == ledger.KindUndo {
		return ledger.KindModification
	}
	return c.Kind()
}
