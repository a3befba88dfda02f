package actions

import (
	"fmt"
	"iter"
	"slices"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// ExportActions implements [store.ExportReader].
func (r Reader) ExportActions(f search.ActionFilter, withItems bool) iter.Seq2[ledger.Action, error] {
	l, err := listActions(r.Snapshot, f)
	return export("actions", l, err, func(numbers []int64) iter.Seq2[ledger.Action, error] {
		actions := loader.Stream(r.Snapshot, numbers)
		if withItems {
			actions = addItems(r.Snapshot, actions)
		}
		return actions
	})
}

// ExportAdjusted implements [store.ExportReader].
func (r Reader) ExportAdjusted(f search.ActionFilter) iter.Seq2[store.AdjustedAction, error] {
	l, err := listActions(r.Snapshot, f)
	return export("adjusted actions", l, err, func(numbers []int64) iter.Seq2[store.AdjustedAction, error] {
		return addAdjustments(r.Snapshot, loader.Stream(r.Snapshot, numbers))
	})
}

// ExportUpdates implements [store.ExportReader].
func (r Reader) ExportUpdates(f search.ActionFilter) iter.Seq2[store.UpdateView, error] {
	l, err := listUpdates(r.Snapshot, f)
	return export("updates", l, err, func(numbers []int64) iter.Seq2[store.UpdateView, error] {
		return updateLoader.Stream(r.Snapshot, numbers)
	})
}

// ExportAdjustments implements [store.ExportReader].
func (r Reader) ExportAdjustments(f search.AdjustmentFilter) iter.Seq2[store.AdjustmentView, error] {
	return export("adjustments", listAdjustments(r.Snapshot, f), nil, func(numbers []int64) iter.Seq2[store.AdjustmentView, error] {
		return streamAdjustments(r.Snapshot, numbers)
	})
}

// export returns everything in a listing, or the error with which the listing failed. The
// function stream returns the objects with the given numbers.
func export[T any](name string, l *listing.Listing, failed error, stream func(numbers []int64) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if failed != nil {
			yield(none, fmt.Errorf("export %s: %w", name, failed))
			return
		}
		for numbers, err := range l.All() {
			if err != nil {
				yield(none, fmt.Errorf("export %s: %w", name, err))
				return
			}
			for v, err := range stream(numbers) {
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}

// addItems returns the actions with their items.
func addItems(r *account.Snapshot, actions iter.Seq2[ledger.Action, error]) iter.Seq2[ledger.Action, error] {
	return inChunks(actions, func(chunk []ledger.Action) error { return loadItemsOf(r.Session, r.Account, chunk) })
}

// addAdjustments returns the actions with the sums of their adjustments.
func addAdjustments(r *account.Snapshot, actions iter.Seq2[ledger.Action, error]) iter.Seq2[store.AdjustedAction, error] {
	bare := func(yield func(store.AdjustedAction, error) bool) {
		for a, err := range actions {
			if !yield(store.AdjustedAction{Action: a}, err) {
				return
			}
		}
	}
	return inChunks(bare, func(chunk []store.AdjustedAction) error { return sumAdjustmentsOf(r.Session, r.Account, chunk) })
}

// inChunks returns the objects once complete has completed a chunk of them.
func inChunks[T any](objects iter.Seq2[T, error], complete func(chunk []T) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		chunk := make([]T, 0, listing.Chunk)
		flush := func() bool {
			if len(chunk) == 0 {
				return true
			}
			err := complete(chunk)
			for _, object := range chunk {
				if !yield(object, err) || err != nil {
					return false
				}
			}
			chunk = chunk[:0]
			return true
		}
		for object, err := range objects {
			if err != nil {
				yield(object, err)
				return
			}
			if chunk = append(chunk, object); len(chunk) == cap(chunk) && !flush() {
				return
			}
		}
		flush()
	}
}

// ownedRows reads the rows of a table that belong to a chunk of actions. The columns in list are
// those of r.
type ownedRows struct{ table, list string }

// query returns the query of the rows of the actions with the given numbers, of which there is at
// least one.
func (o ownedRows) query(s *sqldb.Session, account int64, numbers []int64) (text string, args []any) {
	if s.Dialect().Arrays {
		keys := make([]Key, len(numbers))
		for i, number := range numbers {
			keys[i] = Key{account, number}
		}
		return byKey(s.Dialect(), o.table, "action", o.list), arrays(s.Dialect(), keys)
	}
	args = []any{account}
	for i := range listing.Chunk { // the same text for each chunk
		args = append(args, numbers[min(i, len(numbers)-1)])
	}
	return "SELECT " + o.list + " FROM " + o.table + " r WHERE r.account = ? AND r.action IN (" + listing.Marks(listing.Chunk) + ")", args
}

var (
	ownedItems       = ownedRows{"items", "r.action, r.position, " + itemTable.List("r")}
	ownedAdjustments = ownedRows{"adjustments", "r.action, r.from_amount, r.to_amount, r.payout"}
)

// numbersOf returns the numbers of actions, and the index of each in the chunk.
func numbersOf[T any](chunk []T, number func(*T) int64) (numbers []int64, index map[int64]int) {
	numbers, index = make([]int64, len(chunk)), make(map[int64]int, len(chunk))
	for i := range chunk {
		numbers[i] = number(&chunk[i])
		index[numbers[i]] = i
	}
	return numbers, index
}

// loadItemsOf loads the items of a chunk of actions.
func loadItemsOf(s *sqldb.Session, account int64, chunk []ledger.Action) error {
	numbers, index := numbersOf(chunk, func(a *ledger.Action) int64 { return a.ID.Number })
	text, args := ownedItems.query(s, account, numbers)
	type placed struct {
		action, position int64
		item             ledger.Item
	}
	var row placed
	var rows []placed
	err := s.Rows(text, args, append([]any{&row.action, &row.position}, itemTable.Dest(&row.item)...), func() error {
		rows = append(rows, row)
		return nil
	})
	slices.SortFunc(rows, func(a, b placed) int { return int(a.position - b.position) })
	for _, r := range rows {
		a := &chunk[index[r.action]]
		a.Items = append(a.Items, r.item)
	}
	return err
}

// sumAdjustmentsOf adds up the adjustments of a chunk of actions.
func sumAdjustmentsOf(s *sqldb.Session, account int64, chunk []store.AdjustedAction) error {
	numbers, index := numbersOf(chunk, func(a *store.AdjustedAction) int64 { return a.ID.Number })
	text, args := ownedAdjustments.query(s, account, numbers)
	var action int64
	var from, to, payout money.Amount
	return s.Rows(text, args, []any{&action, &from, &to, &payout}, func() (err error) {
		a := &chunk[index[action]]
		if a.DeltaAmount, err = a.DeltaAmount.Plus(to - from); err != nil {
			return err
		}
		a.DeltaPayout, err = a.DeltaPayout.Plus(payout)
		return err
	})
}
