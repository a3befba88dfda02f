package storetest

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

var lookupPromises = []promise{
	{"an order is known to the rest of its batch, and only between the dates asked for", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		f.ask(2, func(w ledger.Lookup) {
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
				got, err := w.OrderBetween(locksByDay, c.order, f.now.Add(c.after), f.now.Add(c.before))
				wantError(f, nil, err)
				same(f, c.want, got, "order "+c.order)
			}
			got, err := w.OrderBetween(locksByCode, "a", time.Time{}, f.now.AddDate(1, 0, 0))
			wantError(f, nil, err)
			same(f, false, got, "of another event type")
		})
	}},
	{"of several actions with an order id the newest is meant", func(f *fixture) {
		again := f.order("a")
		again.EventDate = f.now.AddDate(0, 0, -370)
		f.accept(f.order("a"), again, f.order("b"))
		f.ask(3, func(w ledger.Lookup) {
			a, err := w.ActionOfOrder(locksByDay, "a")
			wantError(f, nil, err)
			same(f, int64(2), a.ID.Number, "the action")
			_, err = w.ActionOfOrder(locksByCode, "a")
			wantError(f, ledger.ErrNotFound, err)
			_, err = w.Action(3)
			wantError(f, ledger.ErrNotFound, err)
		})
	}},
	{"clicks count as they were recorded when the submission was accepted", lookupClicks},
	{"a customer's referral is the newest click or action in the campaign", lookupReferral},
	{"the change that a submission made can be had again, from its batch and from before", lookupChange},
	{"what failed, made an action or is still to come has no change", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 2), setQuantity("a", "none", 2), setQuantity("a", "12345", 1))
		f.ask(4, func(w ledger.Lookup) {
			for _, number := range []int64{0, 1, 3, 4, 5} {
				_, _, err := w.Change(number)
				wantError(f, ledger.ErrNotFound, err)
			}
		})
	}},
	{"what changed nothing left its action as it was", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 2), ledger.Undo{Submission: 2})
		f.ask(3, func(w ledger.Lookup) {
			was, is, err := w.Change(2)
			wantError(f, nil, err)
			same(f, was, is, "the action")
			same(f, "a", is.Order, "whose it is")
		})
		o := f.numbered(3).Outcome
		same(f, []any{store.NoError, false}, []any{o.ErrorType, o.Changed}, "undoing it")
	}},
}

// ask applies all that is queued and asks the world as one submission sees it.
func (f *fixture) ask(number int64, asks func(w ledger.Lookup)) {
	f.Helper()
	asked := false
	_, err := f.Apply(f.Context(), account, f.now, store.MaxBatch, func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error) {
		if s.Number == number {
			asks(w)
			asked = true
		}
		return ledger.Decide(w, s, t)
	})
	wantError(f, nil, err)
	same(f, true, asked, "the world was asked")
}

func (f *fixture) recordClicks(clicks ...ledger.Click) int {
	f.Helper()
	return f.record(account, store.ReferenceChange{Clicks: clicks})
}

func lookupClicks(f *fixture) {
	click := ledger.Click{ID: "cl", Campaign: campaign, Partner: partner, Customer: "cu", At: f.now.Add(-time.Hour)}
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
	f.ask(3, func(w ledger.Lookup) {
		got, err := w.Click("cl")
		wantError(f, nil, err)
		same(f, moved, got, "the click as it was replaced")
		_, err = w.Referral(campaign, "cu")
		wantError(f, ledger.ErrNotFound, err)
	})
	same(f, ledger.CodeReferralNotFound, f.numbered(1).Outcome.Code, "accepted before the click was recorded")
	same(f, int64(partner), f.action(2).Partner, "accepted before it was replaced")
}

func lookupReferral(f *fixture) {
	at := func(hours int) time.Time { return f.now.Add(time.Duration(hours) * time.Hour) }
	f.recordClicks(
		ledger.Click{ID: "1", Campaign: campaign, Partner: partner, Customer: "cu", At: at(-3)},
		ledger.Click{ID: "2", Campaign: campaign, Partner: otherPartner, Customer: "cu", At: at(-2)},
		ledger.Click{ID: "3", Campaign: campaign + 1, Partner: partner, Customer: "cu", At: at(-1)},
		ledger.Click{ID: "4", Campaign: campaign, Partner: partner, At: at(-1)},
	)
	bought := f.order("a")
	bought.Customer, bought.EventDate = "cu", at(-1)
	older := f.order("b")
	older.Customer, older.EventDate = "cu", at(-9)
	f.accept(f.order("c"), bought, older, f.order("d"))
	referral := func(w ledger.Lookup, want ledger.Click) {
		got, err := w.Referral(campaign, "cu")
		wantError(f, nil, err)
		same(f, want, got, "the referral")
		_, err = w.Referral(campaign, "")
		wantError(f, ledger.ErrNotFound, err)
	}
	_, err := f.Apply(f.Context(), account, f.now, store.MaxBatch, func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error) {
		switch s.Number {
		case 1:
			referral(w, ledger.Click{ID: "2", Campaign: campaign, Partner: otherPartner, Customer: "cu", At: at(-2)})
		case 4:
			referral(w, ledger.Click{Campaign: campaign, Partner: partner, Customer: "cu", At: at(-1)})
		}
		return ledger.Decide(w, s, t)
	})
	wantError(f, nil, err)
}

func lookupChange(f *fixture) {
	type pair struct{ Was, Is ledger.Action }
	made := map[int64]pair{}
	asking := false // the store answers by deciding again
	decide := func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error) {
		if asking {
			return ledger.Decide(w, s, t)
		}
		asking = true
		for number, want := range made {
			was, is, err := w.Change(number)
			wantError(f, nil, err)
			same(f, want, pair{was, is}, "the change")
		}
		was, err := w.ActionOfOrder(locksByDay, "a")
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return ledger.Change{}, err
		}
		c, err := ledger.Decide(w, s, t)
		if err == nil && s.Number > 1 {
			made[s.Number] = pair{was, c.Action}
		}
		asking = false
		return c, err
	}
	f.accept(f.order("a"), setQuantity("a", "12345", 1), ledger.Undo{Submission: 2}, setQuantity("a", "67890", 3))
	must(f.Apply(f.Context(), account, f.now, 10, decide))(f)
	f.now = f.now.Add(time.Hour)
	f.accept(ledger.Undo{Submission: 3}, ledger.Undo{Submission: 4}, reverse("a"), ledger.Undo{Submission: 7},
		ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset}, ledger.Undo{Submission: 9})
	must(f.Apply(f.Context(), account, f.now, 10, decide))(f)
	same(f, 9, len(made), "changes")
}
