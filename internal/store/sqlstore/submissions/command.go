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

// encode returns the stored form of a command, and the order and the action that it
// names: "" and 0 if it names none.
func encode(command ledger.Command) (text []byte, order string, action int64, err error) {
	switch c := command.(type) {
	case ledger.Conversion:
		c.EventDate = column.Truncate(c.EventDate)
		command, order = c, c.Order
	case ledger.Modification:
		order, action = c.Order, c.Action.Number
	case ledger.Reversal:
		order, action = c.Order, c.Action.Number
	case ledger.Undo:
	default:
		return nil, "", 0, fmt.Errorf("cannot store a command of type %T", command)
	}
	text, err = json.Marshal(command)
	return text, order, action, err
}

// decode returns the command with the given stored form.
func decode(kind ledger.Kind, text []byte) (ledger.Command, error) {
	switch kind {
	case ledger.KindConversion:
		return decodeAs[ledger.Conversion](text)
	case ledger.KindModification:
		return decodeAs[ledger.Modification](text)
	case ledger.KindReversal:
		return decodeAs[ledger.Reversal](text)
	case ledger.KindUndo:
		return decodeAs[ledger.Undo](text)
	default:
		return nil, fmt.Errorf("unknown kind of command %q", kind)
	}
}

func decodeAs[C ledger.Command](text []byte) (ledger.Command, error) {
	var c C
	err := json.Unmarshal(text, &c)
	return c, err
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
	q.Command, q.Err = decode(q.Kind, q.text)
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
