package store

import (
	"errors"
	"testing"
	"time"

	trueup "github.com/trueup-ledger/trueup"
)

// What was done once and is refused when it is done again is a failure of the
// replay: taken for a refusal, it would complete an undo with a code of its past.
func TestARefusalOfTheReplayIsNotOneOfItsCaller(t *testing.T) {
	steps := func(yield func(Step, error) bool) {
		yield(Step{Submission: trueup.Submission{Number: 2, Command: trueup.Reversal{}}}, nil)
	}
	reference := func(time.Time) (*trueup.Reference, error) { return nil, trueup.ErrNotFound }
	for name, decided := range map[string]error{
		"a refusal": &trueup.Refusal{Code: trueup.CodeActionLocked},
		"a lookup":  trueup.ErrNotFound,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Replay(trueup.Action{}, steps, reference,
				func(trueup.World, trueup.Submission, trueup.Turn) (trueup.Change, error) {
					return trueup.Change{}, decided
				},
				func(Step, trueup.Action, trueup.Change) bool { return true })
			if refusal := (*trueup.Refusal)(nil); !errors.Is(err, ErrNotRepeated) || errors.As(err, &refusal) || errors.Is(err, trueup.ErrNotFound) {
				t.Errorf("error is %v, want only %v", err, ErrNotRepeated)
			}
		})
	}
}
