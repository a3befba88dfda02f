package replay_test

import (
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// An undo needs a replay. A wrapped rejection of a replayed submission would complete the
// undo with the code of that rejection.
func TestReplayDoesNotWrapRejections(t *testing.T) {
	steps := func(yield func(replay.Step, error) bool) {
		yield(replay.Step{Submission: ledger.Submission{Number: 2, Command: ledger.Reversal{}}}, nil)
	}
	reference := func(time.Time) (*program.Reference, error) { return nil, ledger.ErrNotFound }
	for name, decided := range map[string]error{
		"a rejection":     &rejection.Rejection{Code: rejection.CodeActionLocked},
		"a failed lookup": ledger.ErrNotFound,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := replay.Action(ledger.Action{}, time.Time{}, steps, reference,
				func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) {
					return ledger.Change{}, decided
				},
				func(replay.Step, ledger.Action, ledger.Change) bool { return true })
			if rejection := (*rejection.Rejection)(nil); !errors.Is(err, replay.ErrNotReplayable) || errors.As(err, &rejection) || errors.Is(err, ledger.ErrNotFound) {
				t.Errorf("error is %v, want only %v", err, replay.ErrNotReplayable)
			}
		})
	}
}
