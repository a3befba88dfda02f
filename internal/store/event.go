package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// EventID identifies an event of an account. Its text form is that of the last update or
// adjustment of the submission, such as "1000.4636.158133.95095059", or that of the invoice with
// the number, such as "10001-7.95095059".
type EventID struct {
	// Number is that of the event's last record in the account's sequence of updates,
	// adjustments, invoices and payments.
	Number int64
	// Action is the action that changed, or zero.
	Action ids.ActionID
	// Invoice is the invoice that was issued or paid, or zero.
	Invoice invoice.ID
}

// EventOfUpdate returns the id of the event whose last update or adjustment has an id.
func EventOfUpdate(id ids.UpdateID) EventID { return EventID{Number: id.Number, Action: id.Action} }

// ParseEventID parses the text form of an id.
func ParseEventID(s string) (EventID, error) {
	if !strings.Contains(s, "-") {
		id, err := ids.ParseUpdateID(s)
		return EventOfUpdate(id), err
	}
	text, number, _ := strings.Cut(s, ".")
	v, err := invoice.ParseID(text)
	n, numberErr := strconv.ParseUint(number, 10, 63)
	if err != nil || numberErr != nil || n == 0 || number[0] == '0' || number[0] == '+' {
		return EventID{}, fmt.Errorf("%q is not the id of an event, such as 10001-7.95095059", s)
	}
	return EventID{Number: int64(n), Invoice: v}, nil
}

// String returns the text form of the id. The zero id is "".
func (id EventID) String() string {
	if id.Invoice != (invoice.ID{}) {
		return id.Invoice.String() + "." + strconv.FormatInt(id.Number, 10)
	}
	return ids.UpdateID{Action: id.Action, Number: id.Number}.String()
}

// MarshalText implements [encoding.TextMarshaler].
func (id EventID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// Subject identifies the subject of the event: the action, or the partner whose invoice was issued
// or paid. Events of one subject are delivered in order.
func (id EventID) Subject() int64 {
	if id.Invoice != (invoice.ID{}) {
		return -id.Invoice.Partner
	}
	return id.Action.Number
}

// Event is the change that one submission made to an action, or an invoice that was issued or
// paid.
type Event struct {
	ID   EventID
	Kind program.Event
	// Update is the last update that the submission wrote, and Action the action after it.
	Update ledger.Update
	Action ledger.Action
	// Invoice is the invoice after the event, or nil if it is the event of an action.
	Invoice *invoice.Record
	// Stored reports whether a delivery of the event is stored, and Attempts is its number
	// of attempts.
	Stored   bool
	Attempts int
	// Blocked reports whether an earlier event of the same subject is waiting.
	Blocked bool
	// Problem is the reason why Kind and Action could not be determined, or "".
	Problem string
}

// EventOf returns the event of a submission that changed before to after. A zero before
// means that the submission tracked the action.
func EventOf(before, after ledger.Action) program.Event {
	switch {
	case before.ID == (ids.ActionID{}):
		return program.EventTracked
	case after.Reversed && !before.Reversed:
		return program.EventReversed
	default:
		return program.EventModified
	}
}
