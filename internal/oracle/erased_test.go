package oracle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/personal"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestErasedSubmissionsHaveTheSameEffect decides random sequences again without personal data. It
// compares each action with the erased one, and all updates with their hashes.
func TestErasedSubmissionsHaveTheSameEffect(t *testing.T) {
	t.Parallel()
	erased, priced := 0, 0
	for number := range uint64(testenv.Scale(300, 2000)) {
		c := random(fixedSeed, number)
		s := scenario.New(c)
		g := scenario.NewGenerator(c, s)
		before := &comparison{memory: g.Memory, oracle: oracle.New(s.History, s.Clicks), seen: newCounts()}
		var steps []scenario.Step
		rejected := make(map[int64]bool)
		for step := range g.Steps() {
			steps = append(steps, step)
			if step.ModificationLimit != 0 {
				before.setLimit(step.ModificationLimit)
			}
			_, err := g.Memory.Apply(step.Submission, step.At)
			rejected[step.Number] = err != nil
		}
		results := make(map[int64]*program.Erased)
		for _, a := range g.Memory.Actions {
			e := personal.ResultsOf(a, s.History[len(s.History)-1].Reference)
			if a.Erased != nil {
				e = a.Erased
			}
			results[a.ID.Number], erased, priced = e, erased+1, priced+len(e.Groups)
		}
		after := &comparison{memory: oracle.NewMemory(s.History, s.Clicks), oracle: oracle.New(s.History, s.Clicks), seen: newCounts()}
		for _, step := range steps {
			if step.ModificationLimit != 0 {
				after.setLimit(step.ModificationLimit)
			}
			e := results[step.Number]
			if e == nil {
				e = new(program.Erased)
			}
			step.Command = personal.Command(step.Command, e)
			if _, err := after.memory.Apply(step.Submission, step.At); (err != nil) != rejected[step.Number] {
				t.Fatalf("scenario %d, submission %d: the error is %v, and it was rejected before: %t", number, step.Number, err, rejected[step.Number])
			}
		}
		var want []ledger.Action
		for _, a := range g.Memory.Actions {
			want = append(want, personal.Action(a, results[a.ID.Number]))
		}
		if diff := cmp.Diff(want, after.memory.Actions); diff != "" {
			t.Fatalf("scenario %d: actions (-before +after)\n%s", number, diff)
		}
		if diff := cmp.Diff(g.Memory.Updates, after.memory.Updates); diff != "" {
			t.Fatalf("scenario %d: updates (-before +after)\n%s", number, diff)
		}
	}
	if erased == 0 || priced == 0 {
		t.Errorf("%d actions were erased, with %d terms that had rules about the customer", erased, priced)
	}
}
