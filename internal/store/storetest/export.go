package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// All tests that read the list of everything that matches a filter compare it with an export.
var exportGuarantees = []guarantee{
	{"an export of many pages has each action with its items and each update once", exportPages},
	{"an export doesn't change while it is read", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		var got []int64
		err := f.Export(f.Context(), account, func(r store.ExportReader) error {
			for a, err := range r.ExportActions(search.ActionFilter{}, true) {
				if err != nil {
					return err
				}
				got = append(got, a.ID.Number)
				f.accept(reverse("a"), f.order(fmt.Sprint("c", a.ID.Number)))
				f.apply()
			}
			for a, err := range r.ExportActions(search.ActionFilter{}, true) {
				if err != nil || a.Reversed {
					return fmt.Errorf("action %s, reversed %t: %w", a.ID, a.Reversed, err)
				}
				got = append(got, a.ID.Number)
			}
			return nil
		})
		same(f, nil, err, "error")
		same(f, []int64{2, 1, 2, 1}, got, "actions")
	}},
	{"an export sums the adjustments of each action", func(f *fixture) {
		f.lateOrder()
		f.accept(f.order("b"), setQuantity("a", "12345", 1), setQuantity("a", "67890", 0), setQuantity("b", "12345", 1))
		f.apply()
		adjusted := func(filter search.ActionFilter) []store.AdjustedAction {
			return export(f, func(r store.ExportReader) iter.Seq2[store.AdjustedAction, error] { return r.ExportAdjusted(filter) })
		}
		all := adjusted(search.ActionFilter{})
		same(f, 2, len(all), "actions")
		same(f, store.AdjustedAction{Action: all[0].Action}, all[0], "the order without adjustments")
		locked, effective := f.action(1), f.effective()
		want := store.AdjustedAction{Action: all[1].Action, DeltaAmount: effective.Amount - locked.Amount, DeltaPayout: effective.Payout - locked.Payout}
		same(f, want, all[1], "the adjusted order")
		same(f, true, want.DeltaAmount < 0 && want.DeltaPayout < 0, "both sums are below zero")
		same(f, all[1:], adjusted(search.ActionFilter{Order: "a"}), "of an order")
	}},
	{"an export ends when its context ends", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		ctx, cancel := context.WithCancelCause(f.Context())
		gone := errors.New("the caller is gone")
		err := f.Export(ctx, account, func(r store.ExportReader) error {
			cancel(gone)
			for _, err := range r.ExportActions(search.ActionFilter{}, true) {
				return err
			}
			return nil
		})
		same(f, true, errors.Is(err, gone), "the cause is returned")
	}},
	{"an unknown account has no export", func(f *fixture) {
		err := f.Export(f.Context(), 999, func(store.ExportReader) error { return nil })
		same(f, true, errors.Is(err, ledger.ErrNotFound), "not found")
	}},
}

// exportPages exports more actions than the first page and the first chunks have.
func exportPages(f *fixture) {
	const orders = 600
	for n := range orders {
		f.accept(f.order(fmt.Sprint(n)))
	}
	f.apply()
	everyAction := func(filter search.ActionFilter) func(r store.ExportReader) iter.Seq2[ledger.Action, error] {
		return func(r store.ExportReader) iter.Seq2[ledger.Action, error] { return r.ExportActions(filter, true) }
	}
	for name, filter := range map[string]search.ActionFilter{
		"all":         {},
		"by an index": {SKU: "12345"},
	} {
		got := export(f, everyAction(filter))
		same(f, orders, len(got), name)
		for i, a := range got {
			if want := f.action(int64(orders - i)); i%100 == 99 {
				same(f, want, a, fmt.Sprintf("%s: action %d", name, orders-i))
			}
		}
		updates := export(f, func(r store.ExportReader) iter.Seq2[store.UpdateView, error] { return r.ExportUpdates(filter) })
		for i := 1; i < len(updates); i++ {
			if updates[i].Number >= updates[i-1].Number {
				f.Errorf("%s: update %d follows %d", name, updates[i].Number, updates[i-1].Number)
			}
		}
		items := 2
		if filter.SKU != "" {
			items = 1
		}
		same(f, items*orders, len(updates), name+": updates")
	}
}
