package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var applyGuarantees = []guarantee{
	{"Applied returns the number of the last completed submission", func(f *fixture) {
		applied := func() int64 { return must(f.Applied(f.Context(), account))(f) }
		f.accept(f.order("a"), f.order("b"), f.order("c"))
		same(f, int64(0), applied(), "while all are queued")
		must(f.Apply(f.Context(), account, f.now, 2, ledger.Decide))(f)
		same(f, int64(2), applied(), "after two")
		f.restart()
		same(f, int64(2), applied(), "after a restart")
		_, err := f.Applied(f.Context(), 99)
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"a conversion creates an action with the number of its submission", func(f *fixture) {
		s := f.accept(f.order("a"))[0]
		same(f, 1, f.apply(), "completed")
		a := f.action(s.Number)
		same(f, ledger.Totals{Amount: 2199, Payout: 88}, a.Totals, "totals")
		same(f, 2, len(a.Items), "items")
		o := f.submission(s).Outcome
		same(f, store.Outcome{Completed: f.now, Action: a.ID, Partner: partner, Changed: true, Basis: o.Basis}, o, "outcome")
		same(f, a.Terms, o.Basis.Terms, "pricing basis")
	}},
	{"the result of decide is stored completely", applyStoresAll},
	{"a submission sees the changes of earlier ones in the same batch", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 1), setQuantity("a", "67890", 0), ledger.Undo{Submission: 3},
			f.order("a"), setQuantity("a", "12345", 2), ledger.Undo{Submission: 2}, f.order("b"), reverse("b"))
		same(f, 9, f.apply(), "completed")
		a := f.action(1)
		same(f, ledger.Totals{Amount: 2199, Payout: 88}, a.Totals, "totals after 1, 0, undone, 2 again")
		same(f, 4, a.Modifications, "modifications")
		same(f, ledger.Reversed, f.action(8).State(f.now), "the order that was reversed")
	}},
	{"a commit has the same effect as its submissions one by one", applyOneByOne},
	{"a rejection has no effect and names the action", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		before := f.action(1)
		for _, c := range []ledger.Command{
			setQuantity("a", "none", 1),
			ledger.Modification{Address: ledger.Address{Action: before.ID}, Reason: "none", Amount: ptr(money.Whole(1))},
			ledger.Reversal{Address: ledger.Address{Action: before.ID, Order: "another"}, Reason: "REJECTED"},
		} {
			s := f.accept(c)[0]
			same(f, 1, f.apply(), "completed")
			o := f.submission(s).Outcome
			same(f, []any{before.ID, int64(partner), rejection.ErrorValidation, false}, []any{o.Action, o.Partner, o.ErrorType, o.Changed}, "outcome")
			if o.Code == "" || o.Message == "" {
				f.Errorf("code %q, message %q", o.Code, o.Message)
			}
		}
		same(f, before, f.action(1), "the action")
	}},
	{"a rejection without an action names none, and contract errors have their own type", func(f *fixture) {
		unknown := f.order("a")
		unknown.Partner, unknown.PromoCode = 0, "nobody's"
		early := f.order("b")
		early.EventDate = start.AddDate(-3, 0, 0)
		wrong := idOf(1)
		wrong.Campaign++
		f.accept(f.order("c"), unknown, early, setQuantity("none", "12345", 1),
			ledger.Reversal{Address: ledger.Address{Action: wrong}, Reason: "REJECTED"}, ledger.Undo{Submission: 4})
		same(f, 6, f.apply(), "completed")
		for number, want := range map[int64]store.Outcome{
			2: {ErrorType: rejection.ErrorValidation, Code: rejection.CodeReferralNotFound},
			3: {ErrorType: rejection.ErrorContract, Code: rejection.CodeContractNotFound},
			4: {ErrorType: rejection.ErrorValidation, Code: rejection.CodeActionNotFound},
			5: {ErrorType: rejection.ErrorValidation, Code: rejection.CodeActionNotFound},
			6: {ErrorType: rejection.ErrorValidation, Code: rejection.CodeActionNotFound},
		} {
			o := f.numbered(number).Outcome
			want.Completed, want.Message = f.now, o.Message
			same(f, want, o, "outcome")
		}
	}},
	{"a submission without effect stores only its outcome", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		before := f.action(1)
		f.now = f.now.Add(time.Hour)
		s := f.accept(setQuantity("a", "12345", 2))[0]
		same(f, 1, f.apply(), "completed")
		same(f, before, f.action(1), "the action")
		o := f.submission(s).Outcome
		same(f, []any{before.ID, false, rejection.NoError, f.now}, []any{o.Action, o.Changed, o.ErrorType, o.Completed}, "outcome")
	}},
	{"the oldest submissions are applied first, up to the limit", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), f.order("c"))
		same(f, 2, must(f.Apply(f.Context(), account, f.now, 2, ledger.Decide))(f), "completed")
		same(f, "b", f.action(2).Order, "the second")
		same(f, time.Time{}, f.numbered(3).Outcome.Completed, "the third is queued")
		same(f, 1, f.apply(), "completed")
		same(f, 0, f.apply(), "the queue is empty")
	}},
	{"times of application never decrease and are not before acceptance", func(f *fixture) {
		f.accept(f.order("a"))
		f.now = f.now.Add(time.Hour)
		f.apply()
		f.now = f.now.Add(-30 * time.Minute)
		f.accept(f.order("b"))
		f.apply()
		same(f, f.numbered(1).Outcome.Completed, f.numbered(2).Outcome.Completed, "the clock went back")
		f.now = f.now.Add(2 * time.Hour)
		late := f.accept(f.order("c"))[0]
		f.now = f.now.Add(-time.Minute)
		f.apply()
		same(f, late.Accepted, f.submission(late).Outcome.Completed, "completed, though the applier's clock is behind")
		same(f, late.Accepted, f.action(3).Created, "the action was created then")
	}},
	{"concurrent appliers apply each submission once", applyConcurrently},
	{"an account is queued only while it has submissions", func(f *fixture) {
		same(f, 0, len(must(f.QueuedAccounts(f.Context()))(f)), "queued accounts")
		f.accept(f.order("a"))
		must(f.Accept(f.Context(), otherAccount, f.now, batchOf(f.order("a"))))(f)
		same(f, []int64{account, otherAccount}, must(f.QueuedAccounts(f.Context()))(f), "queued accounts")
		f.apply()
		same(f, []int64{otherAccount}, must(f.QueuedAccounts(f.Context()))(f), "queued accounts")
	}},
	{"an unknown account can't be applied", func(f *fixture) {
		_, err := f.Apply(f.Context(), 99, f.now, 1, ledger.Decide)
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// numbered returns the account's submission with the number.
func (f *fixture) numbered(number int64) (found store.Submission) {
	f.Helper()
	page := search.Page{Size: 1, Below: number + 1}
	for _, s := range f.submissions(search.SubmissionFilter{}, page).objects {
		found = s
	}
	same(f, number, found.Number, "the submission's number")
	return found
}

func applyStoresAll(f *fixture) {
	c := f.order("a")
	c.EventType, c.CustomerStatus, c.Customer, c.PostCode, c.City, c.Region, c.Country = locksByCode, "NEW", "cu", "90210", "LA", "CA", "US"
	c.IPHash, c.SharedID, c.Note, c.CallerID, c.Disposition = "ip", "shared", "note", "caller", "checked"
	c.Extras = map[string]string{"Gift": "yes"}
	c.Lines[0].Name, c.Lines[0].SubCategory, c.Lines[0].MPN, c.Lines[0].Brand, c.Lines[0].Promo = "Boot", "sub", "mpn", "brand", "promo"
	modify := setQuantity("a", "12345", 1)
	modify.EventType, modify.CustomerStatus = locksByCode, ptr("OLD")
	modify.Items[0].Rebate, modify.Items[0].Name, modify.Items[0].Category = ptr(money.Decimal(10_000)), ptr("Shoe"), ptr("Sale")
	approve := ledger.Modification{Address: modify.Address, Reason: "checked"}
	f.accept(c, modify, approve)
	changes := map[int64]ledger.Change{}
	same(f, 3, must(f.Apply(f.Context(), account, f.now, 3, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		change, err := ledger.Decide(l, s, actx)
		changes[s.Number] = change
		return change, err
	}))(f), "completed")
	id := changes[3].Action.ID
	got := read(f, func(r store.Reader) (ledger.Action, error) { return r.Action(id) })
	same(f, changes[3].Action, got, "the action")
	for number, change := range changes {
		same(f, change.Basis, f.numbered(number).Outcome.Basis, "pricing basis")
		for _, want := range change.Updates {
			view := read(f, func(r store.Reader) (store.UpdateView, error) { return r.Update(want.ID()) })
			want.Before = nil // the test of each field of an update reads it
			want.Hash, want.Previous = ids.Hash{}, ids.Hash{}
			same(f, want, view.Update, "the update")
			got.Items = nil
			same(f, got, view.Parent, "the update's action")
		}
	}
}

func applyOneByOne(f *fixture) {
	commands := []ledger.Command{
		f.order("a"), f.order("b"), setQuantity("a", "12345", 1), setQuantity("b", "67890", 0), setQuantity("b", "12345", 0),
		ledger.Undo{Submission: 5},
		reverse("a"), setQuantity("a", "12345", 1),
		ledger.Undo{Submission: 6},
		ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset},
	}
	same(f, len(commands), f.commit(ledger.Decide, batchIn(account, commands...))[0].Applied, "applied in one commit")
	for _, c := range commands {
		must(f.Accept(f.Context(), otherAccount, f.now, batchOf(c)))(f)
		same(f, 1, must(f.Apply(f.Context(), otherAccount, f.now, 1, ledger.Decide))(f), "completed")
	}
	for _, number := range []int64{1, 2} {
		want := f.action(number)
		err := f.Read(f.Context(), otherAccount, func(r store.Reader) error {
			got, err := r.Action(idOf(number))
			same(f, want, got, "the action")
			return err
		})
		wantError(f, nil, err)
	}
}

func applyConcurrently(f *fixture) {
	const count = 40
	for i := range count {
		f.accept(f.order(string(rune('a' + i))))
	}
	var done, decided atomic.Int64
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				n, err := f.Apply(f.Context(), account, f.now, 3, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
					decided.Add(1)
					return ledger.Decide(l, s, actx)
				})
				// The applier that holds the account may release it without applying anything.
				held := errors.Is(err, store.ErrHeldElsewhere)
				if err != nil && !held {
					f.Error(err)
				}
				if done.Add(int64(n)); n == 0 && !held {
					return
				}
			}
		})
	}
	wait.Wait()
	same(f, []int64{count, count}, []int64{done.Load(), decided.Load()}, "completed and decided")
}
