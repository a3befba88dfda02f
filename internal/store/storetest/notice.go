package storetest

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

var noticePromises = []promise{
	{"a notification begins at the end of the log, and again when it is ACTIVE again", noticeBegins},
	{"an event is a submission that changed an action, told once, in order, with the action as it was then", noticeEvents},
	{"every event has its kind and its action as decided, at random, whatever came later", noticeHistory},
	{"events are those of the campaign, the event types and the kinds that are asked for", noticeFilters},
	{"who did not keep what became of events is given them again", func(f *fixture) {
		n := f.notify(ledger.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		first := f.events(n)
		f.restart()
		same(f, first, f.events(n), "the same again")
		f.keep(first)
		f.restart()
		same(f, 0, len(f.events(n).List), "after they were kept")
		f.keepTo(first, first.From)
		same(f, 0, len(f.events(n).List), "a cursor is never moved back")
	}},
	{"what failed is due at its time, and later events of its action wait behind it", noticeRetries},
	{"as many events are given as are asked for, at most half of them what is due", func(f *fixture) {
		n := f.notify(ledger.Notification{})
		f.accept(f.order("a"), f.order("b"), f.order("c"))
		f.apply()
		two := must(f.NextEvents(f.Context(), account, n, f.now, 2))(f)
		same(f, []int64{1, 2}, numbersOf(two), "the first two")
		f.keep(two, two.List...)
		f.now = f.now.Add(time.Minute)
		same(f, []int64{1, 3}, numbersOf(must(f.NextEvents(f.Context(), account, n, f.now, 2))(f)), "one that failed and one that is new")
		same(f, []int64{1, 2, 3}, numbersOf(f.events(n)), "all")
	}},
	{"an order of as many items as there can be is one event", func(f *fixture) {
		n := f.notify(ledger.Notification{})
		large := f.order("large")
		large.Lines = nil
		for i := range ledger.MaxItems {
			large.Lines = append(large.Lines, ledger.ConversionLine{Number: i + 1, SKU: strconv.Itoa(i), Amount: ptr(money.Whole(1))})
		}
		f.accept(f.order("a"), large, f.order("b"))
		f.apply()
		one := must(f.NextEvents(f.Context(), account, n, f.now, 1))(f)
		same(f, []int64{1}, numbersOf(one), "the first")
		f.keep(one)
		events := f.events(n)
		same(f, []int64{2, 3}, numbersOf(events), "the others")
		same(f, ledger.MaxItems, len(events.List[0].Is.Items), "items")
	}},
	{"what was given up is listed and sent again by a deed", noticeResend},
	{"what a clock that was ahead has wait for long is sent again too", noticeAhead},
	{"a notification that ends gives up what waits, also what fails meanwhile", func(f *fixture) {
		n := f.notify(ledger.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		one := must(f.NextEvents(f.Context(), account, n, f.now, 1))(f)
		f.keep(one, one.List...)
		events := f.events(n)
		n.State = "ENDED"
		f.notify(n)
		f.keep(events, events.List...)
		same(f, 0, len(must(f.Notifying(f.Context(), f.now))(f)), "notifications at work")
		for _, d := range f.deliveries() {
			same(f, []any{time.Time{}, "the notification ended"}, []any{d.Due, d.Error}, "a delivery")
		}
		same(f, 2, len(f.deliveries()), "deliveries")
		_, err := f.Resend(f.Context(), account, 1, f.now, ledger.UpdateID{}, f.deed("send again"))
		wantError(f, store.ErrEnded, err)
	}},
	{"what is overtaken by an end and a new beginning is not kept", noticeOvertaken},
	{"of two that tell of the same events the first one's outcome counts", noticeTwice},
	{"a notification has work if there is something after its cursor or due", noticeWork},
	{"what was given up is forgotten after a time", noticeForgets},
	{"a delivery is never due before an earlier one of its action, at random", noticeOrder},
	{"accounts know nothing of each other's notifications", func(f *fixture) {
		f.notify(ledger.Notification{})
		same(f, atWork(false), must(f.Notifying(f.Context(), f.now))(f), "notifications at work")
		_, err := f.Deliveries(f.Context(), otherAccount, 1, 0, 10)
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.NextEvents(f.Context(), otherAccount, ledger.Notification{ID: 1}, f.now, 10)
		wantError(f, ledger.ErrNotFound, err)
		wantError(f, ledger.ErrNotFound, f.KeepDeliveries(f.Context(), otherAccount, 1, f.now, store.DeliveryBatch{To: 9}))
		_, err = f.Resend(f.Context(), otherAccount, 1, f.now, ledger.UpdateID{}, f.deed("send again"))
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// notify records notification 1 of the campaign, ACTIVE unless it says otherwise.
func (f *fixture) notify(n ledger.Notification) ledger.Notification {
	f.Helper()
	n.ID, n.Campaign, n.Method, n.URL = 1, max(n.Campaign, campaign), ledger.MethodGet, "http://localhost/"
	if n.State == "" {
		n.State = ledger.StateActive
	}
	f.record(account, store.ReferenceChange{Reference: ledger.Reference{Notifications: map[int64]ledger.Notification{1: n}}})
	return n
}

func (f *fixture) events(n ledger.Notification) store.Events {
	f.Helper()
	return must(f.NextEvents(f.Context(), account, n, f.now, 1000))(f)
}

// keep keeps that all events were acknowledged but for those that failed, which are
// due in a minute.
func (f *fixture) keep(events store.Events, failed ...store.Event) {
	f.Helper()
	var kept []store.Delivery
	for _, e := range failed {
		kept = append(kept, store.Delivery{
			Update: e.Update.ID(), Submission: e.Update.Submission, Attempts: e.Attempts + 1,
			Due: f.now.Add(time.Minute), Last: f.now, Status: 500, Error: "answered 500",
		})
	}
	f.keepTo(events, events.To, kept...)
}

func (f *fixture) keepTo(events store.Events, to int64, deliveries ...store.Delivery) {
	f.Helper()
	wantError(f, nil, f.KeepDeliveries(f.Context(), account, 1, f.now, store.DeliveryBatch{From: events.From, To: to, Deliveries: deliveries}))
}

// atWork is what there is of notifications when only notification 1 is ACTIVE.
func atWork(work bool) []store.ActiveNotification {
	return []store.ActiveNotification{{Notifying: store.Notifying{Account: account, Notification: 1}, Work: work}}
}

func (f *fixture) deliveries() []store.Delivery {
	f.Helper()
	return must(f.Deliveries(f.Context(), account, 1, 0, 100))(f)
}

// numbersOf answers the numbers of the events' submissions.
func numbersOf(events store.Events) []int64 {
	numbers := []int64{}
	for _, e := range events.List {
		numbers = append(numbers, e.Update.Submission)
	}
	return numbers
}
