package invoice

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// Kind is the kind of an entry.
type Kind string

// The kinds of entries.
const (
	// KindAction is the payout of an action when it locked.
	KindAction Kind = "ACTION"
	// KindAdjustment is the change of a payout by a return after locking.
	KindAdjustment Kind = "ADJUSTMENT"
	// KindBonus is a payment or deduction that an operator recorded.
	KindBonus Kind = "BONUS"
	// KindWriteOff balances entries that are not to be paid.
	KindWriteOff Kind = "WRITE_OFF"
)

// Kinds lists every Kind.
var Kinds = []Kind{KindAction, KindAdjustment, KindBonus, KindWriteOff}

// Description returns the description of the lines that hold entries of the kind.
func (k Kind) Description() Description {
	if k == KindAction || k == KindAdjustment {
		return MediaPayout
	}
	return Bonus
}

// Entry is an amount that an account owes a partner. Every entry is on at most one invoice.
type Entry struct {
	Kind Kind
	// ID identifies the entry's record among those of its kind, as the id of an action.
	ID       string
	Partner  int64
	Campaign int64
	// Date decides the period of the entry.
	Date time.Time
	// EventDate is that of the entry's action. An entry without an action has its Date.
	EventDate time.Time
	// Amount is in the account's currency. Below zero, the partner owes it.
	Amount money.Amount
	// Reason is why an operator recorded a bonus or a write-off. It is not part of the digest.
	Reason string
}

// Digest returns the digest of the entry.
func (e Entry) Digest() ids.Hash { return e.follow(ids.Hash{}) }

// follow returns the digest of the entries up to e, whose predecessors have the digest
// previous.
func (e Entry) follow(previous ids.Hash) ids.Hash {
	text := append(make(ids.HashText, 0, 160), "trueup-entry-1\n"...)
	text = append(text, previous[:]...)
	text = text.Strings(string(e.Kind)).Quoted(e.ID)
	return text.Ints(e.Partner, e.Campaign, e.Date.UnixMicro(), e.EventDate.UnixMicro(), int64(e.Amount)).Sum()
}
