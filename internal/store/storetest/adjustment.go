package storetest

import (
	"iter"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var adjustmentGuarantees = []guarantee{
	{"late returns are stored as adjustments and leave the action as it is", func(f *fixture) {
		locked := f.lateOrder()
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		f.accept(setQuantity("a", "12345", 0), setQuantity("a", "12345", 1), setQuantity("a", "12345", 3))
		f.apply()
		same(f, locked, f.action(1), "the locked action")
		adjustments := f.adjustments(search.AdjustmentFilter{})
		same(f, []int64{5, 4, 3}, numbersOf(adjustments), "numbers of the adjustments")
		same(f, []ledger.Totals{{Amount: 964, Payout: 39}, {Amount: -964, Payout: -39}, {Amount: -963, Payout: -38}}, deltasOf(adjustments), "their deltas")
		effective := f.effective()
		same(f, ledger.Totals{Amount: 1236, Payout: 50}, effective.Totals, "the effective action")
		same(f, []any{3, int64(5)}, []any{effective.Modifications, effective.Last.Number}, "its modifications and last number")
		rejected := f.submissionOf(5)
		same(f, rejection.CodeAdjustmentTooHigh, rejected.Outcome.Code, "the code of the last submission")
		same(f, adjustments[0].SubmissionID, f.submissionOf(4).ID, "the submission of the last adjustment")
	}},
	{"submissions that made adjustments are found by their action and their order", func(f *fixture) {
		locked := f.lateOrder()
		f.accept(setQuantity("a", "12345", 1), f.order("b"), ledger.Reversal{Address: ledger.Address{Action: locked.ID}, Reason: "OTHER"})
		f.apply()
		for name, filter := range map[string]search.SubmissionFilter{"action": {Action: locked.ID}, "order": {Order: "a"}} {
			got := f.submissions(filter, everything)
			same(f, []int64{4, 2, 1}, got.numbers(), "by the "+name)
			same(f, 3, got.Total, "total by the "+name)
		}
		same(f, []int64{}, f.submissions(search.SubmissionFilter{Action: idOf(2)}, everything).numbers(), "of another action")
	}},
	{"an adjustment can be undone, in the same batch or later", func(f *fixture) {
		f.lateOrder()
		f.accept(setQuantity("a", "12345", 1), ledger.Undo{Submission: 2}, ledger.Reversal{Address: address("a"), Reason: "OTHER"})
		f.apply()
		same(f, ledger.Totals{}, f.effective().Totals, "after the reversal")
		f.accept(ledger.Undo{Submission: 4}, ledger.Undo{Submission: 4})
		f.apply()
		same(f, ledger.Totals{Amount: 2199, Payout: 88}, f.effective().Totals, "after the undo")
		same(f, rejection.CodeAlreadyUndone, f.submissionOf(6).Outcome.Code, "the code of the second undo")
	}},
	{"updates and adjustments of other actions share a sequence", func(f *fixture) {
		f.lateOrder()
		f.accept(setQuantity("a", "12345", 1), f.order("b"), setQuantity("a", "12345", 0), setQuantity("b", "12345", 1))
		f.apply()
		same(f, []int64{6, 3}, numbersOf(f.adjustments(search.AdjustmentFilter{})), "numbers of the adjustments")
		same(f, int64(7), f.action(3).Last.Number, "the number of the last update")
	}},
	{"late returns are priced by the terms that priced the action last", func(f *fixture) {
		f.putLateTerms(4, 30)
		f.accept(f.order("a"))
		f.apply()
		f.now = f.now.Add(time.Hour)
		change := reference(account)
		change.Terms = map[program.TermsOf][]program.Terms{}
		raised := terms(partner, locksByDay, 3, 10, program.Locking{Days: 15})
		raised.From = f.now
		putTerms(change.Reference, raised)
		f.record(account, change)
		f.now = f.now.Add(time.Hour)
		f.accept(setQuantity("a", "67890", 0))
		f.apply()
		f.now = f.action(1).LockingDate.Add(time.Hour)
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		same(f, ledger.Totals{Amount: 964, Payout: 96}, f.effective().Totals, "the effective action")
		same(f, 3, f.adjustments(search.AdjustmentFilter{})[0].Terms.Version, "the version of the terms")
	}},
	{"a preview of a late return shows its adjustments", func(f *fixture) {
		locked := f.lateOrder()
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		p := must(f.Preview(f.Context(), account, f.now, setQuantity("a", "67890", 0), ledger.Decide))(f)
		same(f, []ledger.Totals{{Amount: 1236, Payout: 50}, {Amount: 964, Payout: 39}}, []ledger.Totals{p.Before.Totals, p.After.Totals}, "before and after")
		same(f, []any{1, ledger.Totals{Amount: -272, Payout: -11}}, []any{len(p.Adjustments), p.Adjustments[0].Delta()}, "the adjustments")
		same(f, locked, f.action(1), "the locked action")
		same(f, 1, len(f.adjustments(search.AdjustmentFilter{})), "stored adjustments")
	}},
	{"notifications of adjustments are sent if they are listed", func(f *fixture) {
		listed := f.recordNotification(program.Notification{Events: []program.Event{program.EventAdjusted, program.EventTracked}})
		f.lateOrder()
		f.accept(setQuantity("a", "12345", 1), f.order("b"), reverse("a"), setQuantity("b", "12345", 1))
		f.apply()
		same(f, []int64{1, 2, 3, 4}, eventNumbers(f.events(listed)), "submissions of listed events")
		all := f.recordNotification(program.Notification{})
		events := f.events(all)
		same(f, []int64{1, 3, 5}, eventNumbers(events), "submissions of all usual events")
		f.save(events)
		same(f, []int64{}, eventNumbers(f.events(all)), "after the results were stored")
		for _, n := range must(f.ActiveNotifications(f.Context(), f.now))(f) {
			same(f, false, n.Pending, "pending events")
		}
	}},
	{"the event of adjustments has the effective action as of then", func(f *fixture) {
		f.lateOrder()
		listed := f.recordNotification(program.Notification{Events: []program.Event{program.EventAdjusted}})
		f.accept(setQuantity("a", "12345", 1), reverse("a"))
		f.apply()
		var got []ledger.Totals
		for _, e := range f.events(listed).List {
			same(f, program.EventAdjusted, e.Kind, "the kind")
			same(f, e.Update.Number, e.Action.Last.Number, "the last adjustment")
			got = append(got, e.Action.Totals)
		}
		same(f, []ledger.Totals{{Amount: 1236, Payout: 50}, {}}, got, "the effective actions")
	}},
	{"adjustments are filtered", func(f *fixture) {
		f.lateOrder()
		f.accept(setQuantity("a", "12345", 1), setQuantity("a", "67890", 0))
		f.apply()
		clears := f.adjustments(search.AdjustmentFilter{})[0].Effective
		for name, c := range map[string]struct {
			filter search.AdjustmentFilter
			want   int
		}{
			"all":                       {search.AdjustmentFilter{}, 2},
			"of the action":             {search.AdjustmentFilter{Action: idOf(1)}, 2},
			"of another action":         {search.AdjustmentFilter{Action: idOf(2)}, 0},
			"one":                       {search.AdjustmentFilter{Number: 3}, 1},
			"of the campaign":           {search.AdjustmentFilter{Campaign: campaign}, 2},
			"of another campaign":       {search.AdjustmentFilter{Campaign: campaign + 1}, 0},
			"of the partner":            {search.AdjustmentFilter{Partner: partner}, 2},
			"of another partner":        {search.AdjustmentFilter{Partner: otherPartner}, 0},
			"effective at the date":     {search.AdjustmentFilter{Effective: search.TimeRange{Start: clears, End: clears.Add(1)}}, 2},
			"effective before the date": {search.AdjustmentFilter{Effective: search.TimeRange{End: clears}}, 0},
		} {
			same(f, c.want, len(f.adjustments(c.filter)), name)
		}
	}},
}

// lateOrder tracks an order whose terms accept late returns, and sets the clock to its locking
// date. It returns the locked action.
func (f *fixture) lateOrder() ledger.Action {
	f.Helper()
	return f.lateOrderFor(30)
}

// lateOrderFor is [fixture.lateOrder] for terms that accept late returns for some days.
func (f *fixture) lateOrderFor(days int) ledger.Action {
	f.Helper()
	f.putLateTerms(4, days)
	f.accept(f.order("a"))
	f.apply()
	f.now = f.action(1).LockingDate
	return f.action(1)
}

// putLateTerms records terms that accept late returns for some days.
func (f *fixture) putLateTerms(percent int64, days int) {
	f.Helper()
	change := reference(account)
	change.Terms = map[program.TermsOf][]program.Terms{}
	late := terms(partner, locksByDay, 2, percent, program.Locking{Days: 15})
	late.LateReturns = days
	putTerms(change.Reference, late)
	f.record(account, change)
}

// effective returns the first action with its adjustments.
func (f *fixture) effective() ledger.Action {
	f.Helper()
	return read(f, func(r store.Reader) (ledger.Action, error) { return r.Effective(idOf(1)) })
}

func (f *fixture) adjustments(filter search.AdjustmentFilter) []store.AdjustmentView {
	f.Helper()
	all := read(f, func(r store.Reader) (all []store.AdjustmentView, err error) {
		_, adjustments, err := r.Adjustments(filter, search.Page{Size: 100, Number: 1})
		if err != nil {
			return nil, err
		}
		for d, err := range adjustments {
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
		return all, nil
	})
	same(f, all, export(f, func(r store.ExportReader) iter.Seq2[store.AdjustmentView, error] { return r.ExportAdjustments(filter) }), "exported adjustments")
	return all
}

// submissionOf returns the submission with the number.
func (f *fixture) submissionOf(number int64) store.Submission {
	f.Helper()
	all := read(f, func(r store.Reader) (all []store.Submission, err error) {
		_, submissions, err := r.Submissions(search.SubmissionFilter{}, search.Page{Size: 100, Number: 1})
		if err != nil {
			return nil, err
		}
		for s, err := range submissions {
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
		return all, nil
	})
	i := slices.IndexFunc(all, func(s store.Submission) bool { return s.Number == number })
	return all[i]
}

func numbersOf(adjustments []store.AdjustmentView) (numbers []int64) {
	for _, d := range adjustments {
		numbers = append(numbers, d.Number)
	}
	return numbers
}

func deltasOf(adjustments []store.AdjustmentView) (deltas []ledger.Totals) {
	for _, d := range adjustments {
		deltas = append(deltas, d.Delta())
	}
	return deltas
}

func address(order string) ledger.Address {
	return ledger.Address{Action: ids.ActionID{}, EventType: locksByDay, Order: order}
}
