// Package submissions stores the queue of submissions of an account, their outcomes and
// their idempotency keys.
package submissions

import (
	"encoding/json"
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

// encode returns the stored form of a command.
func encode(command ledger.Command) ([]byte, error) {
	switch c := command.(type) {
	case nil:
		return nil, errors.New("a submission has no command")
	case ledger.Conversion:
		c.EventDate = column.Truncate(c.EventDate)
		command = c
	}
	return json.Marshal(command)
}

// ErrUnreadable is the error of a stored command that this program can't decode.
var ErrUnreadable = errors.New("the command cannot be read")

// Queued is a stored submission without its outcome.
type Queued struct {
	Number   int64
	Accepted time.Time
	Kind     ledger.Kind
	// Command is nil if Err is not.
	Command ledger.Command
	// Err is an [ErrUnreadable] if the command can't be decoded.
	Err error
	// text is the stored form of the command.
	text []byte
}

// QueuedColumns is the select list of a [Queued] from the table submissions s.
const QueuedColumns = "s.number, s.accepted, s.kind, s.command"

// Dest returns the scan targets of [QueuedColumns].
func (q *Queued) Dest() []any {
	return []any{&q.Number, (*column.Instant)(&q.Accepted), &q.Kind, &q.text}
}

// Decode decodes the scanned command into q.Command and q.Err.
func (q *Queued) Decode() {
	q.Command, q.Err = ledger.DecodeCommand(q.Kind, q.text)
	if q.Err != nil {
		q.Err = fmt.Errorf("submission %d: %w: %w", q.Number, ErrUnreadable, q.Err)
	}
}

// Size returns the size of the stored command in bytes.
func (q *Queued) Size() int { return len(q.text) }

// Submission returns the submission as the rules see it.
func (q *Queued) Submission() ledger.Submission {
	return ledger.Submission{Number: q.Number, Accepted: q.Accepted, Command: q.Command}
}
