package sqlstore_test

import (
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// BenchmarkUndo undoes changes of an order of 1,000 items that 990 submissions changed: a
// valid undo of one item, an undo of all items, and a stale one. It also applies a
// modification that is rejected, which a rejected undo must not exceed by much.
func BenchmarkUndo(b *testing.B) {
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) {
			st := d.openNew(b)
			changed := changedOrder(b, st) // the number of the last change
			item := &undoing{st: st, target: changed}
			b.Run("valid", func(b *testing.B) { item.run(b, true) })
			b.Run("stale", func(b *testing.B) { (&undoing{st: st, target: changed - 500}).run(b, false) })
			b.Run("rejected modification", func(b *testing.B) {
				for b.Loop() {
					submit(b, st, []store.Submission{renamed("none", 0)})
				}
			})
			submit(b, st, []store.Submission{halved()})
			all := &undoing{st: st, target: last(b, st)}
			b.Run("valid, all items", func(b *testing.B) { all.run(b, true) })
		})
	}
}

// undoing undoes a submission and then each time the undo before.
type undoing struct {
	st     *sqlstore.Store
	target int64
}

func (u *undoing) run(b *testing.B, valid bool) {
	for b.Loop() {
		submit(b, u.st, []store.Submission{undo(u.target)})
		if valid {
			u.target = last(b, u.st)
		}
	}
	b.StopTimer()
	number := last(b, u.st)
	if o := outcome(b, u.st, number); o.Changed != valid || !valid && o.Code != rejection.CodeStaleAction {
		b.Errorf("outcome is %+v", o)
	}
}

const benchItems, benchChanges = 1000, 990

// changedOrder tracks an order and changes its first items in turn. It returns the number of
// the last change.
func changedOrder(b *testing.B, st *sqlstore.Store) int64 {
	b.Helper()
	createAccount(b, st)
	c := conversion("large", now)
	lines := make([]ledger.ConversionLine, benchItems)
	for i := range lines {
		lines[i] = line(fmt.Sprint("sku-", i), 2, money.Whole(20))
	}
	command := c.Command.(ledger.Conversion)
	command.Lines = lines
	c.Command = command
	submit(b, st, []store.Submission{c})
	for i := 0; i < benchChanges; i += 10 {
		batch := make([]store.Submission, 10)
		for j := range batch {
			batch[j] = renamed(fmt.Sprint("sku-", (i+j)%100), i+j)
		}
		submit(b, st, batch)
	}
	return last(b, st)
}

// renamed returns a modification of an item's name and amount.
func renamed(sku string, change int) store.Submission {
	m := modification(1, 1)
	command := m.Command.(ledger.Modification)
	command.Items = []ledger.ItemChange{{SKU: sku, Name: new(fmt.Sprint("name ", change)), Amount: new(money.Whole(int64(1 + change%50)))}}
	m.Command = command
	return m
}

// halved returns a modification that halves the amount of the order.
func halved() store.Submission {
	m := modification(1, 1)
	command := m.Command.(ledger.Modification)
	command.Items, command.Reason, command.Amount = nil, "OTHER", new(money.Whole(7_000))
	m.Command = command
	return m
}

// last returns the number of the last submission.
func last(b *testing.B, st *sqlstore.Store) int64 {
	b.Helper()
	number, err := st.Applied(b.Context(), account)
	if err != nil {
		b.Fatal(err)
	}
	return number
}
