package storetest

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var webhookGuarantees = []guarantee{
	{"a notification begins at the end of the log whenever it becomes ACTIVE", webhookBegins},
	{"each submission that changed an action is one event, in order, with the action as it was then", webhookEvents},
	{"events of random submissions have their kinds and actions as decided", webhookHistory},
	{"events are filtered by campaign, event types and kinds", webhookFilters},
	{"events are returned again until their results are stored", func(f *fixture) {
		n := f.recordNotification(program.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		first := f.events(n)
		f.restart()
		same(f, first, f.events(n), "the same again")
		f.save(first)
		f.restart()
		same(f, 0, len(f.events(n).List), "after the results were stored")
		f.saveTo(first, first.From)
		same(f, 0, len(f.events(n).List), "the cursor is not moved back")
	}},
	{"a failed delivery is due at its time and blocks later events of its action", webhookRetries},
	{"at most half of the returned events are retries", func(f *fixture) {
		n := f.recordNotification(program.Notification{})
		f.accept(f.order("a"), f.order("b"), f.order("c"))
		f.apply()
		two := must(f.NextEvents(f.Context(), account, n, f.now, 2))(f)
		same(f, []int64{1, 2}, eventNumbers(two), "the first two")
		f.save(two, two.List...)
		f.now = f.now.Add(time.Minute)
		same(f, []int64{1, 3}, eventNumbers(must(f.NextEvents(f.Context(), account, n, f.now, 2))(f)), "one that failed and one that is new")
		same(f, []int64{1, 2, 3}, eventNumbers(f.events(n)), "all")
	}},
	{"an order with the most items is one event", func(f *fixture) {
		n := f.recordNotification(program.Notification{})
		large := f.order("large")
		large.Lines = nil
		for i := range ledger.MaxItems {
			large.Lines = append(large.Lines, ledger.ConversionLine{Number: i + 1, SKU: strconv.Itoa(i), Amount: ptr(money.Whole(1))})
		}
		f.accept(f.order("a"), large, f.order("b"))
		f.apply()
		one := must(f.NextEvents(f.Context(), account, n, f.now, 1))(f)
		same(f, []int64{1}, eventNumbers(one), "the first")
		f.save(one)
		events := f.events(n)
		same(f, []int64{2, 3}, eventNumbers(events), "the others")
		same(f, ledger.MaxItems, len(events.List[0].Action.Items), "items")
	}},
	{"abandoned deliveries are listed, and resending them writes an audit event", webhookResend},
	{"deliveries that a fast clock scheduled too late are resent too", webhookScheduledLate},
	{"the end of a notification abandons its waiting deliveries", func(f *fixture) {
		n := f.recordNotification(program.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		one := must(f.NextEvents(f.Context(), account, n, f.now, 1))(f)
		f.save(one, one.List...)
		events := f.events(n)
		n.State = "ENDED"
		f.recordNotification(n)
		f.save(events, events.List...)
		same(f, 0, len(must(f.ActiveNotifications(f.Context(), f.now))(f)), "active notifications")
		for _, d := range f.deliveries() {
			same(f, []any{time.Time{}, "the notification ended"}, []any{d.Due, d.Error}, "a delivery")
		}
		same(f, 2, len(f.deliveries()), "deliveries")
		_, err := f.Resend(f.Context(), account, 1, f.now, store.EventID{}, f.auditEvent(store.OperationResend))
		wantError(f, store.ErrNotActive, err)
	}},
	{"results from before a notification ended and began again are discarded", webhookOutdated},
	{"of two results for the same event the first one is stored", webhookDuplicates},
	{"a notification is pending while it has events after its cursor or due deliveries", webhookPending},
	{"abandoned deliveries are deleted after their retention", webhookRetention},
	{"a delivery is never due before an earlier one of its action, in random runs", webhookOrder},
	{"a signing secret signs until it is replaced, and for the overlap after that", webhookSecret},
	{"notifications belong to one account", func(f *fixture) {
		f.recordNotification(program.Notification{})
		same(f, active(false), must(f.ActiveNotifications(f.Context(), f.now))(f), "active notifications")
		_, err := f.Deliveries(f.Context(), otherAccount, 1, 0, 10)
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.NextEvents(f.Context(), otherAccount, program.Notification{ID: 1}, f.now, 10)
		wantError(f, ledger.ErrNotFound, err)
		wantError(f, ledger.ErrNotFound, f.SaveDeliveries(f.Context(), otherAccount, 1, f.now, store.DeliveryBatch{To: 9}))
		_, err = f.Resend(f.Context(), otherAccount, 1, f.now, store.EventID{}, f.auditEvent(store.OperationResend))
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.SigningSecret(f.Context(), otherAccount, 1)
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.RotateSecret(f.Context(), otherAccount, 1, f.now, 0, f.auditEvent(store.OperationRotateSecret))
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// recordNotification records n as notification 1 of the campaign, ACTIVE unless n has a state.
func (f *fixture) recordNotification(n program.Notification) program.Notification {
	f.Helper()
	n.ID, n.Campaign, n.Method, n.URL = 1, max(n.Campaign, campaign), program.MethodGet, "http://localhost/"
	if n.State == "" {
		n.State = program.StateActive
	}
	f.record(account, store.ReferenceChange{Reference: program.Reference{Notifications: map[int64]program.Notification{1: n}}})
	return n
}

func (f *fixture) events(n program.Notification) store.Events {
	f.Helper()
	return must(f.NextEvents(f.Context(), account, n, f.now, 1000))(f)
}

// save stores the results of deliveries: failed events are due again in a minute, the
// others were acknowledged.
func (f *fixture) save(events store.Events, failed ...store.Event) {
	f.Helper()
	var deliveries []store.Delivery
	for _, e := range failed {
		deliveries = append(deliveries, store.Delivery{
			Event: e.ID, Submission: e.Update.Submission, Attempts: e.Attempts + 1,
			Due: f.now.Add(time.Minute), Last: f.now, Status: 500, Error: "status 500",
		})
	}
	f.saveTo(events, events.To, deliveries...)
}

// saveTo stores deliveries and moves the cursor to a position.
func (f *fixture) saveTo(events store.Events, to int64, deliveries ...store.Delivery) {
	f.Helper()
	wantError(f, nil, f.SaveDeliveries(f.Context(), account, 1, f.now, store.DeliveryBatch{From: events.From, To: to, Deliveries: deliveries}))
}

// active returns the list of active notifications with notification 1 alone.
func active(pending bool) []store.ActiveNotification {
	return []store.ActiveNotification{{NotificationKey: store.NotificationKey{Account: account, Notification: 1}, Pending: pending}}
}

func (f *fixture) deliveries() []store.Delivery {
	f.Helper()
	return must(f.Deliveries(f.Context(), account, 1, 0, 100))(f)
}

// eventNumbers returns the numbers of the events' submissions.
func eventNumbers(events store.Events) []int64 {
	numbers := []int64{}
	for _, e := range events.List {
		numbers = append(numbers, e.Update.Submission)
	}
	return numbers
}
