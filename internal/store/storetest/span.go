package storetest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
)

var spanGuarantees = []guarantee{
	{"ActionsIn returns the actions with an EventDate in the range, and Steps the same steps in and after it", func(f *fixture) {
		begin := f.now
		for i := range 70 { // more than a chunk with prefetched steps
			f.now = begin.Add(time.Duration(i) * time.Minute)
			c := f.order(fmt.Sprintf("o%d", i))
			c.EventDate = f.now
			f.accept(c)
		}
		random := rand.New(rand.NewPCG(1, 1))
		for range 150 {
			f.accept(f.randomCommand(random, 70, 200))
		}
		f.apply()
		minute := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Minute) }
		var all, steps map[int64]int
		for span, want := range map[search.TimeRange]int{
			{}: 70, {Start: minute(3)}: 67, {End: minute(3)}: 3, {Start: minute(3), End: minute(5)}: 2, {Start: minute(90)}: 0,
		} {
			all, steps = f.actionsIn(span)
			same(f, want, len(all), fmt.Sprintf("the actions from %v until %v", span.Start, span.End))
			same(f, all, steps, "the modifications of actions and their steps")
		}
	}},
}

// actionsIn returns the actions that ActionsIn returns, with their modifications and the number
// of their steps. It compares both with those of other methods.
func (f *fixture) actionsIn(span search.TimeRange) (modifications, steps map[int64]int) {
	f.Helper()
	modifications, steps = make(map[int64]int), make(map[int64]int)
	err := f.Scan(f.Context(), account, func(c store.Contents) error {
		direct := make(map[int64][]replay.Step)
		every := make(map[int64]ledger.Action)
		for _, a := range collected(f, c.Actions(search.TimeRange{})) {
			direct[a.ID.Number] = collected(f, iter.Seq2[replay.Step, error](c.Steps(a.ID.Number)))
			every[a.ID.Number] = a
		}
		last := int64(0)
		for a, err := range c.Actions(span) {
			if err != nil {
				return err
			}
			same(f, every[a.ID.Number], a, "the action")
			read := collected(f, iter.Seq2[replay.Step, error](c.Steps(a.ID.Number)))
			same(f, direct[a.ID.Number], read, "the steps of an action in ActionsIn")
			modifications[a.ID.Number], steps[a.ID.Number] = a.Modifications, len(read)
			if a.ID.Number <= last {
				f.Errorf("action %d follows action %d", a.ID.Number, last)
			}
			last = a.ID.Number
		}
		return nil
	})
	wantError(f, nil, err)
	return modifications, steps
}

// collected returns the values of a sequence without errors.
func collected[T any](f *fixture, seq iter.Seq2[T, error]) []T {
	f.Helper()
	return slices.Collect(func(yield func(T) bool) {
		for value, err := range seq {
			if err != nil {
				f.Fatal(err)
			}
			if !yield(value) {
				return
			}
		}
	})
}
