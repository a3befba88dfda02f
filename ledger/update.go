package ledger

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Hash is a SHA-256 sum.
type Hash [sha256.Size]byte

// ChainPosition is an update's place in its action's chain.
type ChainPosition struct {
	// Number orders the updates of an account; it never decreases.
	Number int64
	Hash   Hash
}

// Update is one line item's part of one submission: the trace that everyone can
// trust. It is written once and never changed.
type Update struct {
	ChainPosition
	// Previous is the hash of the update before it in its action.
	Previous Hash

	Action ActionID
	// Submission is the number of the submission that caused it.
	Submission int64
	// At is the instant of application.
	At time.Time
	// Item is the item's index in the action.
	Item int
	SKU  string
	// Disposition is the reason: the code applied, or one of the Disposition constants.
	Disposition string
	Category    string
	// Quantity is the item's after the submission; the deltas are its changes.
	Quantity int64
	Delta    Totals
	// Terms and Group are what priced the item; Group 0 is the default.
	Terms TermsKey
	Group int64
	Level Level
	Rate  money.Decimal
}

// Dispositions that no caller sends for an item.
const (
	DispositionTracked = "IR_BLANK"
	DispositionRecalc  = "RECALC_COMM"
	DispositionUndo    = "UNDO"
)

// UpdateID names an update on the wire: "1000.4636.158133.95095059".
type UpdateID struct {
	Action ActionID
	Number int64
}

// String answers the id's text, or "" for the zero id.
func (id UpdateID) String() string {
	if id == (UpdateID{}) {
		return ""
	}
	return fmt.Sprintf("%s.%d", id.Action, id.Number)
}

// ParseUpdateID reads what [UpdateID.String] writes.
func ParseUpdateID(s string) (UpdateID, error) {
	n, err := parseNumbers(s, 4)
	if err != nil {
		return UpdateID{}, err
	}
	return UpdateID{ActionID{n[0], n[1], n[2]}, n[3]}, nil
}

// MarshalText writes what [UpdateID.String] does.
func (id UpdateID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what [ParseUpdateID] does; an empty text is the zero id.
func (id *UpdateID) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*id = UpdateID{}
		return nil
	}
	*id, err = ParseUpdateID(string(text))
	return err
}

// ID answers the update's id.
func (u Update) ID() UpdateID { return UpdateID{u.Action, u.Number} }

// Sum answers the hash that belongs into u.Hash: over the hash before it and a
// fixed, versioned list of fields. Personal data are not among them, so that
// they can be erased; neither are the action's present state and dates.
func (u Update) Sum() Hash {
	h := sha256.New()
	fmt.Fprintf(h, "trueup-update-1\n%x\n%s\n%d\n%d\n%d\n%d\n%q\n%q\n%q\n%d\n%d\n%d\n%s\n%d\n%s\n%s\n",
		u.Previous, u.Action, u.Number, u.Submission, u.At.UnixMicro(), u.Item, u.SKU, u.Disposition, u.Category,
		u.Quantity, u.Delta.Amount, u.Delta.Payout, u.Terms, u.Group, u.Level, u.Rate)
	return Hash(h.Sum(nil))
}
