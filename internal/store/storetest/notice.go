package storetest

import (
	"strconv"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/money"
)

var noticePromises = []promise{
	{"a notification begins at the end of the log, and again when it is ACTIVE again", noticeBegins},
	{"an event is a submission that changed an action, told once, in order, with the action as it was then", noticeEvents},
	{"every event has its kind and its action as decided, at random, whatever came later", noticeHistory},
	{"events are those of the campaign, the event types and the kinds that are asked for", noticeFilters},
	{"who did not keep what became of events is given them again", func(f *fixture) {
		n := f.notify(trueup.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		first := f.events(n)
		f.restart()
		same(f, first, f.events(n), "the same again")
		f.keep(first)
		f.restart()
		same(f, 0, len(f.events(n).List), "after they were kept")
		f.keepTo(first.From)
		same(f, 0, len(f.events(n).List), "a cursor is never moved back")
	}},
	{"what failed is due at its time, and later events of its action wait behind it", noticeRetries},
	{"as many events are given as are asked for, at most half of them what is due", func(f *fixture) {
		n := f.notify(trueup.Notification{})
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
		n := f.notify(trueup.Notification{})
		large := f.order("large")
		large.Lines = nil
		for i := range trueup.MaxItems {
			large.Lines = append(large.Lines, trueup.ConversionLine{Number: i + 1, SKU: strconv.Itoa(i), Amount: ptr(money.Whole(1))})
		}
		f.accept(f.order("a"), large, f.order("b"))
		f.apply()
		one := must(f.NextEvents(f.Context(), account, n, f.now, 1))(f)
		same(f, []int64{1}, numbersOf(one), "the first")
		f.keep(one)
		events := f.events(n)
		same(f, []int64{2, 3}, numbersOf(events), "the others")
		same(f, trueup.MaxItems, len(events.List[0].Is.Items), "items")
	}},
	{"what was given up is listed and sent again by a deed", noticeResend},
	{"a notification that ends gives up what waits, also what fails meanwhile", func(f *fixture) {
		n := f.notify(trueup.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		events := f.events(n)
		f.keep(events, events.List[0])
		n.State = "ENDED"
		f.notify(n)
		f.keep(events, events.List[1])
		same(f, 0, len(must(f.Notifying(f.Context()))(f)), "notifications at work")
		for _, d := range f.deliveries() {
			same(f, []any{time.Time{}, "the notification ended"}, []any{d.Due, d.Error}, "a delivery")
		}
		same(f, 2, len(f.deliveries()), "deliveries")
		_, err := f.Resend(f.Context(), account, 1, f.now, trueup.UpdateID{}, f.deed("send again"))
		wantError(f, store.ErrEnded, err)
	}},
	{"accounts know nothing of each other's notifications", func(f *fixture) {
		f.notify(trueup.Notification{})
		same(f, []store.Notifying{{Account: account, Notification: 1}}, must(f.Notifying(f.Context()))(f), "notifications at work")
		_, err := f.Deliveries(f.Context(), otherAccount, 1, 0, 10)
		wantError(f, trueup.ErrNotFound, err)
		_, err = f.NextEvents(f.Context(), otherAccount, trueup.Notification{ID: 1}, f.now, 10)
		wantError(f, trueup.ErrNotFound, err)
		wantError(f, trueup.ErrNotFound, f.KeepDeliveries(f.Context(), otherAccount, 1, 9, nil))
		_, err = f.Resend(f.Context(), otherAccount, 1, f.now, trueup.UpdateID{}, f.deed("send again"))
		wantError(f, trueup.ErrNotFound, err)
	}},
}

// notify records notification 1 of the campaign, ACTIVE unless it says otherwise.
func (f *fixture) notify(n trueup.Notification) trueup.Notification {
	f.Helper()
	n.ID, n.Campaign, n.Method, n.URL = 1, max(n.Campaign, campaign), trueup.MethodGet, "http://localhost/"
	if n.State == "" {
		n.State = trueup.StateActive
	}
	f.record(account, store.ReferenceChange{Reference: trueup.Reference{Notifications: map[int64]trueup.Notification{1: n}}})
	return n
}

func (f *fixture) events(n trueup.Notification) store.Events {
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
	f.keepTo(events.To, kept...)
}

func (f *fixture) keepTo(to int64, deliveries ...store.Delivery) {
	f.Helper()
	wantError(f, nil, f.KeepDeliveries(f.Context(), account, 1, to, deliveries))
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

func noticeRetries(f *fixture) {
	n := f.notify(trueup.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	f.keep(events, events.List[0])
	f.accept(setQuantity("a", "12345", 1), setQuantity("b", "12345", 1))
	f.apply()
	events = f.events(n)
	same(f, []int64{3, 4}, numbersOf(events), "before the failed one is due")
	same(f, []bool{true, false}, []bool{events.List[0].Behind, events.List[1].Behind}, "behind")
	f.keepTo(events.To, store.Delivery{Update: events.List[0].Update.ID(), Submission: 3, Due: f.now})
	same(f, []int64{}, numbersOf(f.events(n)), "the one behind waits")
	f.now = f.now.Add(time.Minute)
	f.restart()
	events = f.events(n)
	same(f, []int64{1}, numbersOf(events), "when it is due")
	same(f, []any{true, 1, trueup.EventTracked}, []any{events.List[0].Kept, events.List[0].Attempts, events.List[0].Kind}, "how it stands")
	f.keepTo(events.To, store.Delivery{Update: events.List[0].Update.ID(), Acknowledged: true})
	same(f, []int64{3}, numbersOf(f.events(n)), "once it is acknowledged")
	same(f, 1, len(f.deliveries()), "deliveries that wait")
}

func noticeResend(f *fixture) {
	n := f.notify(trueup.Notification{})
	f.accept(f.order("a"), f.order("b"), f.order("c"))
	f.apply()
	events := f.events(n)
	var want []store.Delivery
	for _, e := range events.List {
		want = append([]store.Delivery{{
			Update: e.Update.ID(), Submission: e.Update.Submission, Attempts: 16, Last: f.now, Status: 302, Error: "answered 302",
		}}, want...)
	}
	f.keepTo(events.To, want...)
	f.restart()
	same(f, want, f.deliveries(), "newest first")
	same(f, want[1:2], must(f.Deliveries(f.Context(), account, 1, want[0].Update.Number, 1))(f), "a page")
	f.now = f.now.AddDate(0, 0, 2)
	same(f, []int64{}, numbersOf(f.events(n)), "events to tell")
	same(f, 1, must(f.Resend(f.Context(), account, 1, f.now, want[1].Update, f.deed("send again")))(f), "sent again")
	same(f, []int64{2}, numbersOf(f.events(n)), "the one")
	same(f, 2, must(f.Resend(f.Context(), account, 1, f.now, trueup.UpdateID{}, f.deed("send again")))(f), "the others")
	same(f, []int64{1, 2, 3}, numbersOf(f.events(n)), "all")
	same(f, 0, f.events(n).List[0].Attempts, "attempts begin anew")
	seen := f.deeds(account)
	same(f, "notification 1: all that were given up", seen[0].Subject+": "+seen[0].Detail, "the deed")
	same(f, 0, must(f.Resend(f.Context(), account, 1, f.now, trueup.UpdateID{}, f.deed("send again")))(f), "none is left")
	same(f, len(seen), len(f.deeds(account)), "deeds")
	_, err := f.Resend(f.Context(), account, 1, f.now, trueup.UpdateID{Action: idOf(9), Number: 9}, f.deed("send again"))
	wantError(f, trueup.ErrNotFound, err)
	_, err = f.Resend(f.Context(), account, 1, f.now, want[0].Update, store.Deed{})
	wantError(f, store.ErrNoDeed, err)
}
