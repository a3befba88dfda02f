package submissions

import (
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// ErrUnreadable is the error of a stored command that this program can't decode.
var ErrUnreadable = errors.New("the command can't be decoded")

// Stored is a submission as it is stored, without its outcome.
type Stored struct {
	Number   int64
	Accepted time.Time
	Rules    ledger.Rules
	Kind     ledger.Kind
	// Command is nil if Err is not.
	Command ledger.Command
	// Err wraps [ErrUnreadable] if the command can't be decoded.
	Err error
	// kind and text are the stored forms of the kind and the command.
	kind, text string
}

// NewStored returns an accepted submission as it is stored.
func NewStored(s ledger.Submission) Stored {
	return Stored{Number: s.Number, Accepted: s.Accepted, Rules: s.Rules, Kind: s.Command.Kind(), Command: s.Command}
}

// StoredColumns is the select list of a [Stored] from the table submissions s.
const StoredColumns = "s.number, s.accepted, s.rules, s.kind, s.command"

// Dest returns the scan targets of [StoredColumns].
func (s *Stored) Dest() []any {
	return []any{&s.Number, (*column.Instant)(&s.Accepted), &s.Rules, &s.kind, &s.text}
}

// Decode decodes the scanned kind and command into s.Kind, s.Command and s.Err.
func (s *Stored) Decode() {
	s.Kind = ledger.Kind(kinds.Expand(s.kind))
	s.Command, s.Err = store.DecodeCommand(s.Kind, []byte(commands.Expand(s.text)))
	if s.Err != nil {
		s.Err = fmt.Errorf("submission %d: %w: %w", s.Number, ErrUnreadable, s.Err)
	}
}

// Size returns the size of the stored command in bytes.
func (s *Stored) Size() int { return len(s.text) }

// Submission returns the argument of [ledger.Decide].
func (s *Stored) Submission() ledger.Submission {
	return ledger.Submission{Number: s.Number, Accepted: s.Accepted, Rules: s.Rules, Command: s.Command}
}
