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

// addItems returns the actions with their items, which it loads for a chunk of actions at a
// time.
func addItems(r *account.Snapshot, actions iter.Seq2[ledger.Action, error]) iter.Seq2[ledger.Action, error] {
	return func(yield func(ledger.Action, error) bool) {
		chunk := make([]ledger.Action, 0, listing.Chunk)
		flush := func() bool {
			err := loadItemsOf(r.Session, r.Account, chunk)
			for _, a := range chunk {
				if !yield(a, err) || err != nil {
					return false
				}
			}
			chunk = chunk[:0]
			return true
		}
		for a, err := range actions {
			if err != nil {
				yield(a, err)
				return
			}
			if chunk = append(chunk, a); len(chunk) == cap(chunk) && !flush() {
				return
			}
		}
		flush()
	}
}

// selectItemsOf reads the items of a chunk of actions.
var selectItemsOf = "SELECT i.action, i.position, " + itemTable.List("i") + " FROM items i WHERE i.account = ? AND i.action IN (" + listing.Marks(listing.Chunk) + ")"

// loadItemsOf loads the items of a chunk of actions.
func loadItemsOf(s *sqldb.Session, account int64, chunk []ledger.Action) error {
	if len(chunk) == 0 {
		return nil
	}
	index := make(map[int64]int, len(chunk))
	keys := make([]Key, len(chunk))
	for i := range chunk {
		index[chunk[i].ID.Number] = i
		keys[i] = Key{account, chunk[i].ID.Number}
	}
	text, args := selectItemsOf, []any{account}
	if s.Dialect().Arrays {
		text, args = byKey(s.Dialect(), "items", "action", "r.action, r.position, "+itemTable.List("r")), arrays(s.Dialect(), keys)
	} else {
		for i := range listing.Chunk {
			args = append(args, keys[min(i, len(keys)-1)].Number)
		}
	}
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
