package ledger

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Update is the change that one submission made to one item. It is an entry of the
// action's hash chain, and is never modified.
type Update struct {
	ids.ChainPosition
	// Previous is the hash of the preceding update of the action.
	Previous ids.Hash

	Action ids.ActionID
	// Submission is the number of the submission that caused the update.
	Submission int64
	// At is the instant of application.
	At time.Time
	// Item is the item's index in the action.
	Item int
	SKU  string
	// Disposition is the reason of the change: a predefined reason, a custom code or one of
	// the Disposition constants.
	Disposition string
	Category    string
	// Quantity is the item's quantity after the submission. Delta is the change of its
	// amount and payout.
	Quantity int64
	Delta    Totals
	// Terms and Group priced the item. Group 0 is the default payout. If nothing was
	// priced, as by a reversal, Terms are those of the conversion and Group is 0.
	Terms program.TermsKey
	Group int64
	// Level and Rate are those of Terms. Rate is 0 if the default payout is flat.
	Level program.Level
	Rate  money.Decimal

	// RecordedState is the state of the action after the submission.
	RecordedState
	// Version selects the fields that Sum hashes. Updates that trueup 0.1 wrote have
	// version 1, which leaves out RecordedState.
	Version int

	// Before is what the submission replaced. It is nil in an update of a conversion, and in
	// one that was read without it. The hash doesn't include it: it derives from the rest.
	Before *Before
}

// UpdateVersion is the [Update.Version] of new updates.
const UpdateVersion = 2

// RecordedState is the state of an action as an update records it. It doesn't follow later
// changes of the action.
type RecordedState struct {
	State State
	// Detail and Description are those of [Action.StateDetail]. The description of a
	// reversed action names the disposition of the update.
	Detail         StateDetail
	Description    string
	CustomerStatus string
	LockingDate    time.Time
	// OpenEnded means that a custom code could still lock the action before LockingDate.
	OpenEnded bool
}

// recordedState returns the state of the action as of an update.
func (a Action) recordedState(at time.Time, disposition string, eventType program.EventType) RecordedState {
	r := RecordedState{
		State: a.State(at), CustomerStatus: a.CustomerStatus, LockingDate: a.LockingDate, OpenEnded: a.OpenEnded,
	}
	r.Detail, r.Description = a.StateDetail(at, eventType, "")
	if r.State == Reversed {
		r.Description += "/" + disposition
	}
	return r
}

// VisibleLockingDate returns the locking date that callers see in an update. An open-ended
// action has none until it locks.
func (u Update) VisibleLockingDate() time.Time {
	if u.OpenEnded && u.At.Before(u.LockingDate) {
		return time.Time{}
	}
	return u.LockingDate
}

// Dispositions that the ledger sets by itself.
const (
	DispositionTracked = "IR_BLANK"
	DispositionRecalc  = "RECALC_COMM"
	DispositionUndo    = "UNDO"
)

// ID returns the update's id.
func (u Update) ID() ids.UpdateID { return ids.UpdateID{Action: u.Action, Number: u.Number} }

// Follow appends the update to the hash chain that ends with previous.
func (u *Update) Follow(previous ids.Hash) {
	u.Previous = previous
	u.Hash = u.Sum()
}

// Sum returns the hash of the update. It hashes Previous and the fields that Version
// selects. None of them is personal data, so that personal data can be erased.
func (u Update) Sum() ids.Hash {
	text := append(make(ids.HashText, 0, 512), "trueup-update-"...).Ints(int64(u.Version)).Strings(hex.EncodeToString(u.Previous[:]), u.Action.String())
	text = text.Ints(u.Number, u.Submission, u.At.UnixMicro(), int64(u.Item)).Quoted(u.SKU, u.Disposition, u.Category)
	text = text.Ints(u.Quantity, int64(u.Delta.Amount), int64(u.Delta.Payout)).Strings(u.Terms.String())
	text = text.Ints(u.Group).Strings(string(u.Level), u.Rate.String())
	if u.Version >= 2 {
		text = text.Strings(string(u.State), string(u.Detail)).Quoted(u.Description, u.CustomerStatus)
		text = text.Ints(u.LockingDate.UnixMicro()).Strings(strconv.FormatBool(u.OpenEnded))
	}
	return text.Sum()
}
