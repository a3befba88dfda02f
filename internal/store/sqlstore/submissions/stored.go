package submissions

import (
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// Address returns the order and the action that a command names. A conversion names
// the order of the action that it creates.
func Address(command ledger.Command) ledger.Address {
	switch c := command.(type) {
	case ledger.Conversion:
		return ledger.Address{EventType: c.EventType, Order: c.Order}
	case ledger.Modification:
		return c.Address
	case ledger.Reversal:
		return c.Address
	}
	return ledger.Address{}
}

// ErrUnreadable is the error of a stored command that this program can't decode.
var ErrUnreadable = errors.New("the command can't be decoded")

// Stored is a submission as it is stored, without its outcome.
type Stored struct {
	Number   int64
	Accepted time.Time
	Kind     ledger.Kind
	// Command is nil if Err is not.
	Command ledger.Command
	// Err wraps [ErrUnreadable] if the command can't be decoded.
	Err error
	// text is the stored form of the command.
	text []byte
}

// QueuedColumns is the select list of a [Stored] from the table submissions s.
const StoredColumns = "s.number, s.accepted, s.kind, s.command"

// Dest returns the scan targets of [StoredColumns].
func (q *Stored) Dest() []any {
	return []any{&q.Number, (*column.Instant)(&q.Accepted), &q.Kind, &q.text}
}

// Decode decodes the scanned command into q.Command and q.Err.
func (q *Stored) Decode() {
	q.Command, q.Err = ledger.DecodeCommand(q.Kind, q.text)
	if q.Err != nil {
		q.Err = fmt.Errorf("submission %d: %w: %w", q.Number, ErrUnreadable, q.Err)
	}
}

// Size returns the size of the stored command in bytes.
func (q *Stored) Size() int { return len(q.text) }

// Submission returns the argument of [ledger.Decide].
func (q *Stored) Submission() ledger.Submission {
	return ledger.Submission{Number: q.Number, Accepted: q.Accepted, Command: q.Command}
}
