package store_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestEventOfSubmission(t *testing.T) {
	id := ids.ActionID{Campaign: 1, EventType: 2, Number: 3}
	pending, reversed := ledger.Action{ID: id}, ledger.Action{ID: id, Reversed: true}
	for name, c := range map[string]struct {
		before, after ledger.Action
		want          program.Event
	}{
		"a new action is tracked":                {ledger.Action{}, pending, program.EventTracked},
		"a new action without units is tracked":  {ledger.Action{}, reversed, program.EventTracked},
		"a change is a modification":             {pending, pending, program.EventModified},
		"the last item's reversal is a reversal": {pending, reversed, program.EventReversed},
		"a change of a reversed action":          {reversed, reversed, program.EventModified},
		"the restoration of an item":             {reversed, pending, program.EventModified},
	} {
		t.Run(name, func(t *testing.T) {
			if got := store.EventOf(c.before, c.after); got != c.want {
				t.Errorf("event is %s, want %s", got, c.want)
			}
		})
	}
}
