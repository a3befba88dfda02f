package oracle_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// scenarios are made once, so that a fuzzer's input leads to the same one each time.
var scenarios = sync.OnceValue(func() (all [256]scenario.Scenario) {
	for i := range all {
		all[i] = scenario.New(random(fixedSeed, uint64(i)))
	}
	return all
})

// sequence applies random submissions and checks after each of them the invariants
// of docs/rules.md, section 9.
type sequence struct {
	scenario.Choices

	generator *scenario.Generator
	scenario  scenario.Scenario
	// applied are the submissions that changed an action.
	applied []appliedStep
	// tracked are the actions after their conversions.
	tracked map[int64]ledger.Action
}

// appliedStep is a step with its first update and its action.
type appliedStep struct {
	scenario.Step

	update int64
	action int64
}

func newSequence(c scenario.Choices, s scenario.Scenario) *sequence {
	return &sequence{Choices: c, generator: scenario.NewGenerator(c, s), scenario: s, tracked: make(map[int64]ledger.Action)}
}

func (q *sequence) run() error {
	for range 3 {
		if err := q.apply(q.generator.Conversion()); err != nil {
			return err
		}
		if len(q.tracked) > 0 {
			break
		}
	}
	for range q.Choose(13) {
		q.generator.Advance()
		if err := q.apply(q.generator.Command()); err != nil {
			return err
		}
	}
	for _, a := range q.generator.Memory.Actions {
		if err := q.replay(a); err != nil {
			return fmt.Errorf("action %d: %w", a.ID.Number, err)
		}
	}
	return nil
}

func (q *sequence) apply(command ledger.Command) error {
	m := q.generator.Memory
	s := q.generator.Step(command)
	before := slices.Clone(m.Actions)
	for i := range before {
		before[i].Items = slices.Clone(before[i].Items)
	}
	update := m.LastUpdate + 1
	change, err := m.Apply(s.Submission, s.At)
	if rejection := new(rejection.Rejection); err != nil && !errors.As(err, &rejection) {
		return err
	}
	if err != nil || len(change.Updates) == 0 { // adjustments leave the action as it is
		if !reflect.DeepEqual(before, m.Actions) {
			return fmt.Errorf("submission %d has no effect, but changed an action: %s", s.Number, cmp.Diff(before, m.Actions))
		}
		return errors.Join(q.checkReversed(s, change, err), checkAdjustments(change))
	}
	number := change.Action.ID.Number
	if command.Kind() == ledger.KindConversion {
		q.tracked[number] = change.Action
		return checkInvariants(change.Action, m.Updates[number])
	}
	q.applied = append(q.applied, appliedStep{s, update, number})
	input, _, err := m.Change(s.Number)
	if want := before[m.Index(number)]; err != nil || !reflect.DeepEqual(want, input) {
		return fmt.Errorf("submission %d modified its input: %w %s", s.Number, err, cmp.Diff(want, input))
	}
	rewound, err := change.Action.Rewind(newestFirst(m.Updates[number]), func(u ledger.Update) bool { return u.Submission != s.Number })
	if diff := cmp.Diff(input, rewound); err != nil || diff != "" {
		return fmt.Errorf("submission %d can't be taken back: %w %s", s.Number, err, diff)
	}
	if err := errors.Join(q.checkReversed(s, change, nil), q.checkReset(s, change.Action)); err != nil {
		return err
	}
	return checkInvariants(change.Action, m.Updates[number])
}

// newestFirst returns updates in reverse.
func newestFirst(updates []ledger.Update) func(func(ledger.Update, error) bool) {
	return func(yield func(ledger.Update, error) bool) {
		for _, u := range slices.Backward(updates) {
			if !yield(u, nil) {
				return
			}
		}
	}
}

// checkReversed checks that a reversal that is not rejected leaves a reversed action.
func (q *sequence) checkReversed(s scenario.Step, change ledger.Change, rejection error) error {
	if change.Effective.Action.ID == change.Action.ID { // even if nothing changed
		change.Action = change.Effective.Action
	}
	if s.Command.Kind() == ledger.KindReversal && rejection == nil && change.Action.State(s.At) != ledger.Reversed {
		return fmt.Errorf("submission %d is a reversal and left %+v", s.Number, change.Action)
	}
	return nil
}

// checkAdjustments checks that adjustments add up to the effective action, which is worth no
// more than the locked one.
func checkAdjustments(c ledger.Change) error {
	if len(c.Adjustments) == 0 {
		return nil
	}
	locked, effective := c.Action, c.Effective.Action
	for i, item := range effective.Items {
		if most := locked.Items[i]; item.Quantity > most.Quantity || item.Amount > most.Amount || item.Quantity < 0 || item.Amount < 0 || item.Payout < 0 {
			return fmt.Errorf("item %+v exceeds the locked %+v", item, most)
		}
	}
	rebuilt, err := locked.WithAdjustments(*c.Adjustments[len(c.Adjustments)-1].State, effective.Last)
	switch diff := cmp.Diff(effective, rebuilt); {
	case err != nil || diff != "":
		return fmt.Errorf("the state of the last adjustment gives another action: %w %s", err, diff)
	case effective.Payout > locked.Payout:
		return fmt.Errorf("pays %d, and %d when it locked", effective.Payout, locked.Payout)
	}
	return nil
}

// checkReset checks that RESET returns the action to its tracked state.
func (q *sequence) checkReset(s scenario.Step, a ledger.Action) error {
	m, ok := s.Command.(ledger.Modification)
	if !ok || m.Reason != ledger.ReasonReset {
		return nil
	}
	if tracked := q.tracked[a.ID.Number]; !reflect.DeepEqual(itemStates(a), itemStates(tracked)) || a.Totals != a.Intended {
		return fmt.Errorf("RESET does not return to the tracked state: %s", cmp.Diff(tracked, a))
	}
	return nil
}

func itemStates(a ledger.Action) (states []ledger.ItemState) {
	for _, item := range a.Items {
		states = append(states, item.ItemState)
	}
	return states
}

// checkInvariants checks the sums over items and over updates, the chain of updates,
// and that nothing is below zero.
func checkInvariants(a ledger.Action, updates []ledger.Update) error {
	deltas := make([]ledger.Totals, len(a.Items))
	var last ids.ChainPosition
	for _, u := range updates {
		deltas[u.Item].Amount += u.Delta.Amount
		deltas[u.Item].Payout += u.Delta.Payout
		if u.Previous != last.Hash || u.Hash != u.Sum() || u.Number <= last.Number {
			return fmt.Errorf("update %d breaks the chain", u.Number)
		}
		last = u.ChainPosition
	}
	var sum ledger.Totals
	reversed := true
	var original money.Amount
	x := money.Exchange{From: a.Original.Currency, To: a.Currency, Rate: a.Original.Rate}
	for i, item := range a.Items {
		original += item.Original
		if x.From != "" && !x.Agree(item.Original, item.Amount) {
			return fmt.Errorf("%s %d and %s %d don't agree at %s: %+v", x.From, item.Original, x.To, item.Amount, x.Rate, item)
		}
		sum.Amount += item.Amount
		sum.Payout += item.Payout
		reversed = reversed && item.Quantity == 0
		if err := checkItem(item, deltas[i]); err != nil {
			return err
		}
	}
	switch {
	case a.Totals != sum:
		return fmt.Errorf("totals are %+v, items add up to %+v", a.Totals, sum)
	case original != a.Original.Amount:
		return fmt.Errorf("the original amount is %d, items add up to %d", a.Original.Amount, original)
	case a.Reversed != reversed:
		return fmt.Errorf("reversed is %t, of the items %t", a.Reversed, reversed)
	case a.Last != last:
		return fmt.Errorf("last update is %+v, of the action %+v", last, a.Last)
	}
	return nil
}

func checkItem(item ledger.Item, deltas ledger.Totals) error {
	switch {
	case item.Amount < 0 || item.Payout < 0 || item.Quantity < 0 || item.Line.Amount < 0 || item.Original < 0 || item.Line.Original < 0 || item.Line.Quantity <= 0:
		return fmt.Errorf("below zero: %+v", item)
	case item.Quantity == 0 && (item.Amount != 0 || item.Original != 0 || item.Payout != 0):
		return fmt.Errorf("reversed, but not worth 0: %+v", item)
	case deltas != ledger.Totals{Amount: item.Amount, Payout: item.Payout}:
		return fmt.Errorf("updates add up to %+v, item is %+v", deltas, item)
	}
	return nil
}

// replay decides an action's submissions again, from its tracked state, and compares
// the result with the stored action.
func (q *sequence) replay(stored ledger.Action) error {
	number := stored.ID.Number
	tracked := q.tracked[number]
	if got, err := stored.AsTracked(tracked.Last); err != nil || !reflect.DeepEqual(got, tracked) {
		return fmt.Errorf("as tracked: %w (-want +got): %s", err, cmp.Diff(tracked, got))
	}
	m := oracle.NewMemory(q.scenario.History, q.scenario.Clicks)
	m.Actions = []ledger.Action{tracked}
	for _, s := range q.applied {
		if s.action != number {
			continue
		}
		m.LastUpdate = s.update - 1
		if _, err := m.Apply(s.Submission, s.At); err != nil {
			return fmt.Errorf("replay of submission %d: %w", s.Number, err)
		}
	}
	if replayed := m.Actions[0]; !reflect.DeepEqual(stored, replayed) {
		return fmt.Errorf("replayed (-stored +replayed): %s", cmp.Diff(stored, replayed))
	}
	return nil
}

// drawn is a chooser by rapid's draws.
type drawn struct{ *rapid.T }

func (d drawn) Choose(n int) int { return rapid.IntRange(0, n-1).Draw(d.T, "choice") }

func TestInvariantsHoldAfterEverySubmission(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios()[rapid.Byte().Draw(t, "scenario")]
		if err := newSequence(scenario.Choices{Chooser: drawn{t}}, s).run(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestInvariantsHoldOverManySequences tries longer sequences than rapid does.
func TestInvariantsHoldOverManySequences(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5000) {
		if err := newSequence(random(fixedSeed, seed), scenarios()[seed%256]).run(); err != nil {
			t.Fatalf("sequence %d: %v", seed, err)
		}
	}
}

// fuzzed is a chooser by a fuzzer's bytes. It chooses 0 when they are used up.
type fuzzed struct{ left []byte }

func (b *fuzzed) Choose(n int) int {
	var next [4]byte
	size := 1
	if n > 256 {
		size = 4
	}
	b.left = b.left[copy(next[:size], b.left):]
	return int(binary.LittleEndian.Uint32(next[:]) % uint32(n))
}

func FuzzDecide(f *testing.F) {
	f.Add(byte(1), []byte{})
	r := rand.New(rand.NewPCG(1, 2))
	for seed := range byte(8) {
		data := make([]byte, 120)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(seed, data)
	}
	f.Fuzz(func(t *testing.T, number byte, data []byte) {
		if err := newSequence(scenario.Choices{Chooser: &fuzzed{data}}, scenarios()[number]).run(); err != nil {
			t.Fatal(err)
		}
	})
}
