package oracle_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var (
	oracleSeed      = flag.Uint64("oracle.seed", 0, "seed of the random half of the sequences; 0 takes a new one")
	oracleScenarios = flag.Int("oracle.scenarios", 0, "scenarios for each seed; fewer than the default don't cover every outcome")
)

// Sizes of a run. Each of the two seeds has its own sequences.
const (
	sequencesPerScenario = 50
	shards               = 8
)

// TestDecideAgreesWithOracle compares the rules with their second implementation
// after each submission of many random sequences. The short run is long enough to see every
// outcome. The full run, of both seeds, has 120,000 sequences.
func TestDecideAgreesWithOracle(t *testing.T) {
	perSeed := testenv.Scale(400, 1200)
	if *oracleScenarios != 0 {
		perSeed = *oracleScenarios
	}
	seed := *oracleSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	for _, seed := range []uint64{fixedSeed, seed} {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			seen := newCounts()
			t.Run("sequences", func(t *testing.T) {
				for shard := range shards {
					t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
						t.Parallel()
						compareShard(t, seed, shard, perSeed, seen)
					})
				}
			})
			// Chance may leave a rare state out of the sequences of another seed.
			if !t.Failed() && *oracleScenarios == 0 && seed == fixedSeed {
				seen.checkComplete(t, perSeed)
			}
		})
	}
}

// compareShard compares the sequences of one shard of the scenarios. It ends with the first
// difference, reduced to a few steps.
func compareShard(t *testing.T, seed uint64, shard, scenarios int, seen *counts) {
	local := newCounts()
	for number := shard; number < scenarios; number += shards {
		c := random(seed, uint64(number))
		s := scenario.New(c)
		for range sequencesPerScenario {
			steps, difference := newComparison(s, local).run(scenario.NewGenerator(c, s))
			if difference != "" {
				steps, difference = shrink(s, steps, difference)
				t.Fatalf("seed %d, scenario %d: %s", seed, number, describe(s, steps, difference))
			}
		}
	}
	seen.add(local)
}

// counts holds the numbers of outcomes and of visited states of reference data.
type counts struct {
	mu sync.Mutex
	of map[string]int
}

func newCounts() *counts { return &counts{of: make(map[string]int)} }

func (c *counts) add(d *counts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, n := range d.of {
		c.of[name] += n
	}
}

// comparison applies steps by both implementations.
type comparison struct {
	memory *oracle.Memory
	oracle *oracle.Oracle
	seen   *counts
}

func newComparison(s scenario.Scenario, seen *counts) *comparison {
	return &comparison{oracle.NewMemory(s.History, s.Clicks), oracle.New(s.History, s.Clicks), seen}
}

// run applies the generator's steps until there is a difference.
func (c *comparison) run(g *scenario.Generator) (steps []scenario.Step, difference string) {
	c.memory = g.Memory
	for step := range g.Steps() {
		steps = append(steps, step)
		if difference = c.apply(step); difference != "" {
			break
		}
	}
	if len(g.Memory.Actions) > 0 {
		c.seen.of[withAction]++
	}
	return steps, difference
}

// apply returns the difference between the implementations after the step, or "".
func (c *comparison) apply(s scenario.Step) (difference string) {
	defer func() {
		if r := recover(); r != nil {
			difference = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	if s.ModificationLimit != 0 {
		c.setLimit(s.ModificationLimit)
	}
	for _, state := range c.oracle.States(s.Submission) {
		c.seen.of[state]++
	}
	want := c.oracle.Judge(s.Submission, ledger.ApplyContext{At: s.At, Update: c.memory.LastUpdate + 1})
	got, err := c.memory.Apply(s.Submission, s.At)
	c.count(s, want)
	if difference := compare(want, got, err); difference != "" {
		return difference
	}
	for i, want := range c.oracle.Actions {
		if got := oracle.Convert(c.memory.Actions[i]); !got.Equal(want) {
			return "an action (-oracle +rules):\n" + cmp.Diff(want, got)
		}
	}
	return ""
}

func (c *comparison) setLimit(limit int) {
	if last := len(c.oracle.Actions) - 1; last >= 0 {
		c.oracle.Actions[last].ModificationLimit, c.memory.Actions[last].ModificationLimit = limit, limit
	}
}

// compare returns the difference between the two results, and between the states of
// their actions over time.
func compare(want oracle.Verdict, got ledger.Change, err error) string {
	var rejection *rejection.Rejection
	switch {
	case err != nil && !errors.As(err, &rejection):
		return "failed: " + err.Error()
	case err != nil && !slices.Contains(want.Codes, rejection.Code), err == nil && len(want.Codes) > 0:
		return fmt.Sprintf("oracle rejects with %v; rules: %v", want.Codes, err)
	case err != nil:
		return ""
	}
	if updates := oracle.ConvertUpdates(got.Updates); !slices.Equal(want.Updates, updates) {
		return "updates (-oracle +rules):\n" + cmp.Diff(want.Updates, updates)
	}
	if adjustments := oracle.ConvertAdjustments(got.Adjustments); !slices.Equal(want.Adjustments, adjustments) {
		return "adjustments (-oracle +rules):\n" + cmp.Diff(want.Adjustments, adjustments)
	}
	if len(want.Adjustments) > 0 {
		if effective := oracle.Convert(got.Effective.Action); !effective.Equal(want.Effective) {
			return "the effective action (-oracle +rules):\n" + cmp.Diff(want.Effective, effective, cmpopts.IgnoreUnexported(oracle.Action{}))
		}
	}
	if action := oracle.Convert(got.Action); !action.Equal(want.Action) {
		return "the change's action (-oracle +rules):\n" + cmp.Diff(want.Action, action)
	}
	if len(want.Updates)+len(want.Adjustments) > 0 && (got.Basis.Terms != want.Terms || got.Basis.FeeRate != want.Action.State.FeeRate) {
		return fmt.Sprintf("basis is %+v, oracle %v, %v", got.Basis, want.Terms, want.Action.State.FeeRate)
	}
	for _, at := range []time.Time{got.Action.LockingDate, got.Action.LockingDate.Add(-1), got.Action.Updated} {
		if state, wanted := got.Action.State(at), want.Action.StateAt(at); state != wanted {
			return fmt.Sprintf("state at %s is %s, oracle %s", at, state, wanted)
		}
	}
	return ""
}

// count counts the outcome of the step.
func (c *comparison) count(s scenario.Step, v oracle.Verdict) {
	kind := string(s.Command.Kind())
	switch {
	case len(v.Codes) > 0:
		c.seen.of[string(v.Codes[0])]++
		return
	case len(v.Adjustments) > 0:
		c.countAdjustments(kind, v)
		return
	case len(v.Updates) == 0:
		c.seen.of[kind+" unchanged"]++
		return
	}
	c.seen.of[kind+" changed"]++
	for _, u := range v.Updates {
		c.seen.of["update "+u.Disposition]++
	}
	if u := v.Updates[0]; u.DeltaAmount == 0 && u.DeltaPayout == 0 && v.Action.Items[u.Item].Adjusted != u.Recorded {
		c.seen.of["update of the action alone"]++
	}
}

func (c *comparison) countAdjustments(kind string, v oracle.Verdict) {
	c.seen.of[kind+" adjusted"]++
	for _, d := range v.Adjustments {
		c.seen.of["adjustment "+d.Reason]++
	}
	if v.Effective.Payout == v.Action.Payout && v.Effective.Amount < v.Action.Amount {
		c.seen.of["adjusted payout at its limit"]++
	}
	if (v.Terms != program.TermsKey{} && v.Terms != v.Action.Terms) {
		c.seen.of["adjustment by other terms than the conversion"]++
	}
}

func (c *counts) names() []string { return slices.Sorted(maps.Keys(c.of)) }
