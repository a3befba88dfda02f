package store

import (
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// What was done once and is refused when it is done again is a failure of the
// replay: taken for a refusal, it would complete an undo with a code of its past.
func TestARefusalOfTheReplayIsNotOneOfItsCaller(t *testing.T) {
	steps := func(yield func(Step, error) bool) {
		yield(Step{Submission: ledger.Submission{Number: 2, Command: ledger.Reversal{}}}, nil)
	}
	reference := func(time.Time) (*ledger.Reference, error) { return nil, ledger.ErrNotFound }
	for name, decided := range map[string]error{
		"a refusal": &ledger.Rejection{Code: ledger.CodeActionLocked},
		"a lookup":  ledger.ErrNotFound,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Replay(ledger.Action{}, steps, reference,
				func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) {
					return ledger.Change{}, decided
				},
				func(Step, ledger.Action, ledger.Change) bool { return true })
			if refusal := (*ledger.Rejection)(nil); !errors.Is(err, ErrNotRepeated) || errors.As(err, &refusal) || errors.Is(err, ledger.ErrNotFound) {
				t.Errorf("error is %v, want only %v", err, ErrNotRepeated)
			}
		})
	}
}
