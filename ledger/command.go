package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Command is the content of a submission: a [Conversion], [Modification], [Reversal] or
// [Undo]. Its JSON form is stored, so field names are never changed or reused.
type Command interface {
	// Kind returns the kind of the command.
	Kind() Kind
	// Validate checks the command against the time and the account, without a lookup. It
	// returns a rejection for each invalid field that it finds. An invalid command is not
	// accepted.
	Validate(at time.Time, account program.Account) []*rejection.Rejection

	decide(d decision) (Change, error)
}

// Kind is the kind of a command. It is stored with the command.
type Kind string

// The kinds of command.
const (
	KindConversion   Kind = "Conversion"
	KindModification Kind = "Modification"
	KindReversal     Kind = "Reversal"
	KindUndo         Kind = "Undo"
)

// Address identifies an action by its id, or as the newest action with the event type and
// order id. If both are given, they must agree.
type Address struct {
	Action    ids.ActionID `json:",omitzero"`
	EventType int64        `json:",omitzero"`
	Order     string       `json:",omitzero"`
}

// Find returns the addressed action, or [ErrNotFound]. If the address has an action id,
// Find doesn't compare the event type and order id.
func (addr Address) Find(lookup Lookup) (Action, error) {
	if addr.Action == (ids.ActionID{}) {
		return lookup.ActionOfOrder(addr.EventType, addr.Order)
	}
	a, err := lookup.Action(addr.Action.Number)
	if err == nil && a.ID != addr.Action {
		return Action{}, ErrNotFound
	}
	return a, err
}

// agrees reports whether the event type and order id, if given, are those of a.
func (addr Address) agrees(a Action) bool {
	return (addr.EventType == 0 || addr.EventType == a.ID.EventType) && (addr.Order == "" || addr.Order == a.Order)
}

// deref returns *p, or the zero value if p is nil.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
