package ledger_test

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

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// settings are made once: what a fuzzer learns of its input is not to depend on them.
var settings = sync.OnceValue(func() (all [256]setting) {
	for i := range all {
		all[i] = newSetting(choices{chance{rand.New(rand.NewPCG(fixedSeed, uint64(i)))}})
	}
	return all
})

// kept is a step with what it changed, and where its updates began.
type kept struct {
	step
	update int64
	action int64
}

// trial writes a sequence of submissions and checks after each of them what
// docs/rules.md, section 9, says must always hold.
type trial struct {
	author *author
	kept   []kept
	// tracked are the actions as their conversions left them.
	tracked map[int64]ledger.Action
}

func newTrial(c choices, s setting) *trial {
	return &trial{author: newAuthor(c, s), tracked: make(map[int64]ledger.Action)}
}

func (r *trial) run() error {
	for range 3 {
		if err := r.play(r.author.order()); err != nil {
			return err
		}
		if len(r.tracked) > 0 {
			break
		}
	}
	for range r.author.choose(13) {
		r.author.wait()
		if err := r.play(r.author.command()); err != nil {
			return err
		}
	}
	for _, a := range r.author.world.actions {
		number := a.ID.Number
		if err := r.replay(number); err != nil {
			return fmt.Errorf("action %d: %w", number, err)
		}
	}
	return nil
}

func (r *trial) play(command ledger.Command) error {
	w := r.author.world
	s, at := r.author.submit(command)
	before := slices.Clone(w.actions)
	for i := range before {
		before[i].Items = slices.Clone(before[i].Items)
	}
	update := w.updated + 1
	change, err := w.apply(s, at)
	if refusal := new(ledger.Rejection); err != nil && !errors.As(err, &refusal) {
		return err
	}
	if command.Kind() == ledger.KindReversal && err == nil && change.Action.State(at) != ledger.Reversed {
		return fmt.Errorf("submission %d reversed nothing of %+v", s.Number, change.Action)
	}
	if changed := err == nil && len(change.Updates) > 0; !changed {
		if !reflect.DeepEqual(before, w.actions) {
			return fmt.Errorf("submission %d was refused or changed nothing, yet: %s", s.Number, cmp.Diff(before, w.actions))
		}
		return nil
	}
	number := change.Action.ID.Number
	if command.Kind() == ledger.KindConversion {
		r.tracked[number] = change.Action
	} else {
		r.kept = append(r.kept, kept{step{Submission: s, At: at}, update, number})
		if was := before[w.index(number)]; !reflect.DeepEqual(was, w.changes[s.Number].was) {
			return fmt.Errorf("submission %d changed its input: %s", s.Number, cmp.Diff(was, w.changes[s.Number].was))
		}
	}
	if m, is := command.(ledger.Modification); is && m.Reason == ledger.ReasonReset {
		if a := change.Action; !reflect.DeepEqual(states(a), states(r.tracked[number])) || a.Totals != a.Intended {
			return fmt.Errorf("RESET does not return to what was tracked: %s", cmp.Diff(r.tracked[number], a))
		}
	}
	return lawful(change.Action, w.updates[number])
}

func states(a ledger.Action) (states []ledger.ItemState) {
	for _, item := range a.Items {
		states = append(states, item.ItemState)
	}
	return states
}

// lawful checks the sums over items and over updates, their chain, and that
// nothing is below zero.
func lawful(a ledger.Action, updates []ledger.Update) error {
	var sum ledger.Totals
	traced := make([]ledger.Totals, len(a.Items))
	var last ledger.ChainPosition
	for _, u := range updates {
		traced[u.Item].Amount += u.Delta.Amount
		traced[u.Item].Payout += u.Delta.Payout
		if u.Previous != last.Hash || u.Hash != u.Sum() || u.Number <= last.Number {
			return fmt.Errorf("update %d breaks the chain", u.Number)
		}
		last = u.ChainPosition
	}
	reversed := true
	for i, item := range a.Items {
		sum.Amount += item.Amount
		sum.Payout += item.Payout
		reversed = reversed && item.Quantity == 0
		switch {
		case item.Amount < 0 || item.Payout < 0 || item.Quantity < 0 || item.Line.Amount < 0 || item.Line.Quantity <= 0:
			return fmt.Errorf("below zero: %+v", item)
		case item.Quantity == 0 && (item.Amount != 0 || item.Payout != 0):
			return fmt.Errorf("reversed, yet worth something: %+v", item)
		case traced[i] != ledger.Totals{Amount: item.Amount, Payout: item.Payout}:
			return fmt.Errorf("updates add up to %+v, item is %+v", traced[i], item)
		}
	}
	switch {
	case a.Totals != sum:
		return fmt.Errorf("totals %+v, items add up to %+v", a.Totals, sum)
	case a.Reversed != reversed:
		return fmt.Errorf("reversed is %t, of the items %t", a.Reversed, reversed)
	case a.Last != last:
		return fmt.Errorf("last update is %+v, of the action %+v", last, a.Last)
	}
	return nil
}

// replay decides an action's submissions again, from where
// [ledger.Action.AsTracked] begins, and compares what comes of it.
func (r *trial) replay(number int64) error {
	tracked := r.tracked[number]
	is, err := r.author.world.Action(number)
	if err != nil {
		return err
	}
	if back, err := is.AsTracked(tracked.Last); err != nil || !reflect.DeepEqual(back, tracked) {
		return fmt.Errorf("as tracked: %v (-was +is): %s", err, cmp.Diff(tracked, back))
	}
	w := newWorld(r.author.history, r.author.clicks)
	w.actions = []ledger.Action{tracked}
	for _, k := range r.kept {
		if k.action != number {
			continue
		}
		w.updated = k.update - 1
		if _, err := w.apply(k.Submission, k.At); err != nil {
			return fmt.Errorf("submission %d, again: %w", k.Number, err)
		}
	}
	if again := w.actions[0]; !reflect.DeepEqual(is, again) {
		return fmt.Errorf("replayed (-was +is): %s", cmp.Diff(is, again))
	}
	return nil
}

// drawn is a chooser by rapid's draws.
type drawn struct{ *rapid.T }

func (d drawn) choose(n int) int { return rapid.IntRange(0, n-1).Draw(d.T, "choice") }

func TestLawsHoldAfterEverySubmission(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		setting := settings()[rapid.Byte().Draw(t, "setting")]
		if err := newTrial(choices{drawn{t}}, setting).run(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestLawsHoldOverManySequences tries what rapid, which keeps its sequences
// small, seldom comes to.
func TestLawsHoldOverManySequences(t *testing.T) {
	for seed := range uint64(5000) {
		c := choices{chance{rand.New(rand.NewPCG(fixedSeed, seed))}}
		if err := newTrial(c, settings()[seed%256]).run(); err != nil {
			t.Fatalf("sequence %d: %v", seed, err)
		}
	}
}

// fuzzed is a chooser by a fuzzer's bytes; without more of them it chooses 0.
type fuzzed struct{ left []byte }

func (b *fuzzed) choose(n int) int {
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
	f.Fuzz(func(t *testing.T, setting byte, data []byte) {
		if err := newTrial(choices{&fuzzed{data}}, settings()[setting]).run(); err != nil {
			t.Fatal(err)
		}
	})
}

// smallOrder draws an order of items with amounts and quantities.
func smallOrder(t *rapid.T) ledger.Conversion {
	c := report()
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		c.Lines = append(c.Lines, ledger.ConversionLine{
			Number: i + 1, SKU: fmt.Sprint(i), Quantity: ptr(rapid.Int64Range(1, 50).Draw(t, "quantity")),
			Amount: ptr(money.Decimal(rapid.Int64Range(0, 1e9).Draw(t, "amount"))),
		})
	}
	return c
}

func termsFor(t *rapid.T) *memWorld {
	payouts := []ledger.Payout{rate("4"), rate("7.5"), rate("33.3333"), flat("0.25"), flat("5")}
	level := rapid.SampledFrom([]ledger.Level{ledger.LevelItem, ledger.LevelOrder}).Draw(t, "level")
	currency := rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD", "CLF"}).Draw(t, "currency")
	return exampleWorld(currency, level, rapid.SampledFrom(payouts).Draw(t, "payout"))
}

func TestQuantityThereAndBackReturnsToTheVeryAmount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, c := termsFor(rt), smallOrder(rt)
		was := applied(t, w, 1, c).Action
		line := rapid.SampledFrom(c.Lines).Draw(rt, "line")
		number := int64(1)
		for range rapid.IntRange(1, 4).Draw(rt, "detours") {
			number++
			applied(t, w, number, setQuantity(line.SKU, rapid.Int64Range(0, 60).Draw(rt, "detour")))
		}
		is := applied(t, w, number+1, setQuantity(line.SKU, *line.Quantity)).Action
		if diff := cmp.Diff(states(was), states(is)); diff != "" || is.Totals != was.Totals {
			rt.Fatalf("(-was +is):\n%s", diff)
		}
	})
}

func TestTheOrderOfTwoReturnsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, c := termsFor(rt), smallOrder(rt)
		other := newWorld(w.history, nil)
		var returns []ledger.Command
		for range 2 {
			line := rapid.SampledFrom(c.Lines).Draw(rt, "line")
			back := rapid.Int64Range(0, *line.Quantity/2).Draw(rt, "back")
			returns = append(returns, itemChange(ledger.ItemChange{SKU: line.SKU, QuantityDelta: ptr(-back)}))
		}
		applied(t, w, 1, c)
		applied(t, other, 1, c)
		applied(t, w, 2, returns[0])
		applied(t, other, 2, returns[1])
		is, isToo := applied(t, w, 3, returns[1]).Action, applied(t, other, 3, returns[0]).Action
		if diff := cmp.Diff(states(is), states(isToo)); diff != "" {
			rt.Fatalf("(-one way +the other):\n%s", diff)
		}
	})
}

// The undo of a modification from before a reversal brings its item back to an
// action that stays marked as reversed as a whole.
func TestAReversalReversesWhatAnUndoBroughtBack(t *testing.T) {
	w := exampleWorld("USD", ledger.LevelItem, rate("4"))
	applied(t, w, 1, report("1 × 2 = 20.00", "2 × 1 = 10.00"))
	applied(t, w, 2, setQuantity("1", 0))
	applied(t, w, 3, ledger.Reversal{Address: theOrder, Reason: "REJECTED"})
	applied(t, w, 4, ledger.Undo{Submission: 2})
	got := tell(applied(t, w, 5, ledger.Reversal{Address: theOrder, Reason: "REJECTED"}).Action, ordered)
	want := "1 × 0 = 0.00 pays 0.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Payouts that stood at different times may add up to more than an action can pay:
// an undo must not put them side by side, not even until it prices anew.
func TestAnUndoDoesNotAddUpPayoutsOfDifferentTimes(t *testing.T) {
	w := exampleWorld("USD", ledger.LevelOrder, flat("900000000000"))
	applied(t, w, 1, report("1 × 1 = 10.00", "2 × 1 = 10.00"))
	applied(t, w, 2, setQuantity("1", 0))
	got := tell(applied(t, w, 3, ledger.Undo{Submission: 2}).Action, ordered)
	want := "1 × 1 = 10.00 pays 450000000000.00, 2 × 1 = 10.00 pays 450000000000.00; 20.00 pays 900000000000.00, PENDING"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
