package storetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var lookupGuarantees = []guarantee{
	{"OrderBetween sees orders of the same batch, strictly between the dates", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		f.lookup(2, func(l ledger.Lookup) {
			for _, c := range []struct {
				order         string
				after, before time.Duration
				want          bool
			}{
				{"a", -time.Second, time.Second, true},
				{"a", 0, time.Second, false},
				{"a", -time.Second, 0, false},
				{"b", -time.Second, time.Second, false},
			} {
				got, err := l.OrderBetween(locksByDay, c.order, f.now.Add(c.after), f.now.Add(c.before))
				wantError(f, nil, err)
				same(f, c.want, got, "order "+c.order)
			}
			got, err := l.OrderBetween(locksByCode, "a", time.Time{}, f.now.AddDate(1, 0, 0))
			wantError(f, nil, err)
			same(f, false, got, "of another event type")
		})
	}},
	{"ActionOfOrder returns the newest action of an order", func(f *fixture) {
		again := f.order("a")
		again.EventDate = f.now.AddDate(0, 0, -370)
		f.accept(f.order("a"), again, f.order("b"))
		f.lookup(3, func(l ledger.Lookup) {
			a, err := l.ActionOfOrder(locksByDay, "a")
			wantError(f, nil, err)
			same(f, int64(2), a.ID.Number, "the action")
			_, err = l.ActionOfOrder(locksByCode, "a")
			wantError(f, ledger.ErrNotFound, err)
			_, err = l.Action(3)
			wantError(f, ledger.ErrNotFound, err)
		})
	}},
	{"a submission sees the clicks that were recorded before it was accepted", lookupClicks},
	{"Referral returns the customer's newest click or action in the campaign", lookupReferral},
	{"Change returns the changes of the same batch and of earlier ones", lookupChange},
	{"Amendment and Replaced return the changes of the same batch and of earlier ones", lookupReplaced},
	{"Change doesn't find conversions, failed submissions and later ones", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 2), setQuantity("a", "none", 2), setQuantity("a", "12345", 1))
		f.lookup(4, func(l ledger.Lookup) {
			for _, number := range []int64{0, 1, 3, 4, 5} {
				_, _, err := l.Change(number)
				wantError(f, ledger.ErrNotFound, err)
				_, _, err = l.Amendment(number)
				wantError(f, ledger.ErrNotFound, err)
			}
		})
	}},
	{"Change returns two equal actions for a submission without effect", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 2), ledger.Undo{Submission: 2})
		f.lookup(3, func(l ledger.Lookup) {
			before, after, err := l.Change(2)
			wantError(f, nil, err)
			same(f, before, after, "the action")
			same(f, "a", after.Order, "its order")
		})
		o := f.numbered(3).Outcome
		same(f, []any{rejection.NoError, false}, []any{o.ErrorType, o.Changed}, "the outcome of undoing it")
	}},
}

// lookup applies all queued submissions and calls check with the Lookup of one.
func (f *fixture) lookup(number int64, check func(l ledger.Lookup)) {
	f.Helper()
	called := false
	_, err := f.Apply(f.Context(), account, f.now, store.MaxBatch, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		if s.Number == number {
			check(l)
			called = true
		}
		return ledger.Decide(l, s, actx)
	})
	wantError(f, nil, err)
	same(f, true, called, "check was called")
}

// recordClicks records clicks and returns the number of new or changed ones.
func (f *fixture) recordClicks(clicks ...program.Click) int {
	f.Helper()
	return f.record(account, store.ReferenceChange{Clicks: clicks})
}

func lookupClicks(f *fixture) {
	click := program.Click{ID: "cl", Campaign: campaign, Partner: partner, Customer: "cu", At: f.now.Add(-time.Hour)}
	moved := click
	moved.Partner, moved.Customer = otherPartner, "another"
	byClick := f.order("a")
	byClick.Partner, byClick.Click = 0, "cl"
	f.accept(byClick)
	same(f, 1, f.recordClicks(click), "clicks recorded")
	same(f, 0, f.recordClicks(click), "clicks recorded again")
	f.accept(byClick)
	same(f, 1, f.recordClicks(moved), "clicks replaced")
	f.accept(f.order("b"))
	f.lookup(3, func(l ledger.Lookup) {
		got, err := l.Click("cl")
		wantError(f, nil, err)
		same(f, moved, got, "the click as it was replaced")
		_, err = l.Referral(campaign, "cu")
		wantError(f, ledger.ErrNotFound, err)
	})
	same(f, rejection.CodeReferralNotFound, f.numbered(1).Outcome.Code, "accepted before the click was recorded")
	same(f, int64(partner), f.action(2).Partner, "accepted before it was replaced")
}

func lookupReferral(f *fixture) {
	at := func(hours int) time.Time { return f.now.Add(time.Duration(hours) * time.Hour) }
	f.recordClicks(
		program.Click{ID: "1", Campaign: campaign, Partner: partner, Customer: "cu", At: at(-3)},
		program.Click{ID: "2", Campaign: campaign, Partner: otherPartner, Customer: "cu", At: at(-2)},
		program.Click{ID: "3", Campaign: campaign + 1, Partner: partner, Customer: "cu", At: at(-1)},
		program.Click{ID: "4", Campaign: campaign, Partner: partner, At: at(-1)},
	)
	called := program.Click{
		ID: "5", Campaign: campaign, Partner: partner, At: at(-4), CustomID: "k", UniqueURL: "https://shop.example/", Profile: "p", CallerID: "+1 5",
	}
	later := called
	later.ID, later.At = "6", at(-3)
	f.recordClicks(called, later)
	bought := f.order("a")
	bought.Customer, bought.EventDate = "cu", at(-1)
	older := f.order("b")
	older.Customer, older.EventDate = "cu", at(-9)
	f.accept(f.order("c"), bought, older, f.order("d"))
	referral := func(l ledger.Lookup, want program.Click) {
		got, err := l.Referral(campaign, "cu")
		wantError(f, nil, err)
		same(f, want, got, "the referral")
		_, err = l.Referral(campaign, "")
		wantError(f, ledger.ErrNotFound, err)
	}
	_, err := f.Apply(f.Context(), account, f.now, store.MaxBatch, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		switch s.Number {
		case 1:
			for _, key := range program.ClickKeys() {
				got, err := l.ClickBy(campaign, key, *key.Field(&later))
				wantError(f, nil, err)
				same(f, later, got, "the newest click with the key")
				_, err = l.ClickBy(campaign, key, "another")
				wantError(f, ledger.ErrNotFound, err)
				_, err = l.ClickBy(campaign+1, key, *key.Field(&later))
				wantError(f, ledger.ErrNotFound, err)
			}
			referral(l, program.Click{ID: "2", Campaign: campaign, Partner: otherPartner, Customer: "cu", At: at(-2)})
		case 4:
			referral(l, program.Click{Campaign: campaign, Partner: partner, Customer: "cu", At: at(-1)})
		}
		return ledger.Decide(l, s, actx)
	})
	wantError(f, nil, err)
}

func lookupChange(f *fixture) {
	type pair struct{ Before, After ledger.Action }
	changes := map[int64]pair{}
	deciding := false // Change decides earlier submissions again
	decide := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		if deciding {
			return ledger.Decide(l, s, actx)
		}
		deciding = true
		for number, want := range changes {
			before, after, err := l.Change(number)
			wantError(f, nil, err)
			same(f, want, pair{withoutHash(before), withoutHash(after)}, "the change")
		}
		before, err := l.ActionOfOrder(locksByDay, "a")
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return ledger.Change{}, err
		}
		c, err := ledger.Decide(l, s, actx)
		if err == nil && s.Number > 1 {
			changes[s.Number] = pair{withoutHash(before), withoutHash(c.Action)}
		}
		deciding = false
		return c, err
	}
	f.accept(f.order("a"), setQuantity("a", "12345", 1), ledger.Undo{Submission: 2}, setQuantity("a", "67890", 3))
	must(f.Apply(f.Context(), account, f.now, 10, decide))(f)
	f.now = f.now.Add(time.Hour)
	f.accept(ledger.Undo{Submission: 3}, ledger.Undo{Submission: 4}, reverse("a"), ledger.Undo{Submission: 7},
		ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset}, ledger.Undo{Submission: 9})
	must(f.Apply(f.Context(), account, f.now, 10, decide))(f)
	same(f, 9, len(changes), "changes")
}

func lookupReplaced(f *fixture) {
	changes, undos := map[int64]ledger.Change{}, map[int64]int64{}
	decide := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		for number, want := range changes {
			action, undo, err := l.Amendment(number)
			wantError(f, nil, err)
			same(f, []int64{1, undos[number]}, []int64{action, undo}, "action and undo")
			var replaced, wanted []ledger.Before
			err = l.Replaced(number, func(_ int, b ledger.Before) bool {
				replaced = append(replaced, b)
				return true
			})
			wantError(f, nil, err)
			for _, u := range want.Updates {
				wanted = append(wanted, *u.Before)
			}
			same(f, wanted, replaced, "what was replaced")
		}
		c, err := ledger.Decide(l, s, actx)
		if err == nil && s.Number > 1 {
			changes[s.Number] = c
		}
		if c.Undone != 0 && undos[c.Undone] == 0 {
			undos[c.Undone] = s.Number
		}
		return c, err
	}
	whole := ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset}
	f.accept(f.order("a"), setQuantity("a", "12345", 1), ledger.Undo{Submission: 2}, ledger.Undo{Submission: 2}, setQuantity("a", "12345", 2))
	must(f.Apply(f.Context(), account, f.now, 10, decide))(f)
	f.now = f.now.Add(time.Hour)
	f.accept(ledger.Undo{Submission: 3}, reverse("a"), ledger.Undo{Submission: 6}, ledger.Undo{Submission: 7}, whole, ledger.Undo{Submission: 10})
	must(f.Apply(f.Context(), account, f.now, 10, decide))(f)
	for number, want := range map[int64]rejection.Code{
		3: "", 4: rejection.CodeAlreadyUndone, 6: "", 8: rejection.CodeActionReversed, 9: "", 11: "",
	} {
		same(f, want, f.numbered(number).Outcome.Code, fmt.Sprintf("the code of submission %d", number))
	}
}
