package storetest

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func webhookRetries(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	f.save(events, events.List[0])
	f.accept(setQuantity("a", "12345", 1), setQuantity("b", "12345", 1))
	f.apply()
	events = f.events(n)
	same(f, []int64{3, 4}, eventNumbers(events), "before the failed one is due")
	same(f, []bool{true, false}, []bool{events.List[0].Blocked, events.List[1].Blocked}, "blocked")
	f.saveTo(events, events.To, store.Delivery{Event: events.List[0].ID, Submission: 3, Due: f.now})
	same(f, []int64{}, eventNumbers(f.events(n)), "the blocked one waits")
	f.now = f.now.Add(time.Minute)
	f.restart()
	events = f.events(n)
	same(f, []int64{1}, eventNumbers(events), "when it is due")
	same(f, []any{true, 1, program.EventTracked}, []any{events.List[0].Stored, events.List[0].Attempts, events.List[0].Kind}, "the retry")
	f.saveTo(events, events.To, store.Delivery{Event: events.List[0].ID, Acknowledged: true})
	same(f, []int64{3}, eventNumbers(f.events(n)), "once it is acknowledged")
	same(f, 1, len(f.deliveries()), "waiting deliveries")
}

func webhookResend(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"), f.order("b"), f.order("c"))
	f.apply()
	events := f.events(n)
	var want []store.Delivery
	for _, e := range events.List {
		want = append([]store.Delivery{{
			Event: e.ID, Submission: e.Update.Submission, Attempts: 16, Last: f.now, Status: 302, Error: "status 302",
		}}, want...)
	}
	f.saveTo(events, events.To, want...)
	f.restart()
	same(f, want, f.deliveries(), "newest first")
	same(f, want[1:2], must(f.Deliveries(f.Context(), account, 1, want[0].Event.Number, 1))(f), "a page")
	f.now = f.now.AddDate(0, 0, 2)
	same(f, []int64{}, eventNumbers(f.events(n)), "events to deliver")
	same(f, 1, must(f.Resend(f.Context(), account, 1, f.now, want[1].Event, f.auditEvent(store.OperationResend)))(f), "resent")
	same(f, []int64{2}, eventNumbers(f.events(n)), "events after one was resent")
	same(f, 2, must(f.Resend(f.Context(), account, 1, f.now, store.EventID{}, f.auditEvent(store.OperationResend)))(f), "resent with the others")
	same(f, []int64{1, 2, 3}, eventNumbers(f.events(n)), "events after all were resent")
	same(f, 0, f.events(n).List[0].Attempts, "attempts")
	seen := f.auditEvents(account)
	same(f, "notification 1: all that were given up", seen[0].Subject+": "+seen[0].Detail, "the audit event")
	same(f, 0, must(f.Resend(f.Context(), account, 1, f.now, store.EventID{}, f.auditEvent(store.OperationResend)))(f), "resent when none is abandoned")
	same(f, len(seen), len(f.auditEvents(account)), "audit events")
	_, err := f.Resend(f.Context(), account, 1, f.now, store.EventID{Action: idOf(9), Number: 9}, f.auditEvent(store.OperationResend))
	wantError(f, ledger.ErrNotFound, err)
	_, err = f.Resend(f.Context(), account, 1, f.now, want[0].Event, store.AuditEvent{})
	wantError(f, store.ErrNoActor, err)
}

// webhookScheduledLate schedules a delivery with a clock that is a year fast.
func webhookScheduledLate(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	usual := store.Delivery{Event: events.List[0].ID, Submission: 1, Attempts: 15, Due: f.now.Add(store.MaxRetryDelay), Last: f.now}
	late := store.Delivery{Event: events.List[1].ID, Submission: 2, Attempts: 1, Due: f.now.AddDate(1, 0, 0), Last: f.now}
	f.saveTo(events, events.To, usual, late)
	same(f, 1, must(f.Resend(f.Context(), account, 1, f.now, store.EventID{}, f.auditEvent(store.OperationResend)))(f), "resent")
	same(f, []int64{2}, eventNumbers(f.events(n)), "the one that was scheduled too late")
}

func webhookOutdated(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"))
	f.apply()
	first := f.events(n)
	f.save(first, first.List...)
	f.accept(f.order("b"))
	f.apply()
	f.now = f.now.Add(time.Minute)
	running := f.events(n)
	same(f, []int64{1, 2}, eventNumbers(running), "running when it ends")
	n.State = "ENDED"
	f.recordNotification(n)
	n.State = program.StateActive
	f.recordNotification(n)
	f.save(running, running.List...)
	stored := f.deliveries()
	same(f, 1, len(stored), "deliveries")
	same(f, []any{time.Time{}, "the notification ended", 1}, []any{stored[0].Due, stored[0].Error, stored[0].Attempts}, "the delivery from before")
	f.accept(f.order("c"))
	f.apply()
	same(f, []int64{3}, eventNumbers(f.events(n)), "events since it is ACTIVE again")
}

func webhookDuplicates(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	both := f.events(n)
	f.save(both, both.List[1])
	f.save(both, both.List[0]) // a second process whose deliveries got other responses
	same(f, []int64{2}, deliveryNumbers(f.deliveries()), "the first outcome")
	f.now = f.now.Add(time.Minute)
	due := f.events(n)
	acknowledged := store.Delivery{Event: due.List[0].ID, Acknowledged: true}
	f.saveTo(due, due.To, acknowledged)
	f.save(due, due.List...)
	same(f, []int64{}, deliveryNumbers(f.deliveries()), "an acknowledged delivery is not stored again")
	f.accept(f.order("c"))
	f.apply()
	f.saveTo(both, both.To+1)
	same(f, []int64{3}, eventNumbers(f.events(n)), "the cursor is not moved from an older position")
}

func webhookPending(f *fixture) {
	n := f.recordNotification(program.Notification{})
	wantPending := func(want bool, label string) {
		f.Helper()
		same(f, active(want), must(f.ActiveNotifications(f.Context(), f.now))(f), label)
	}
	wantPending(false, "at the beginning")
	f.accept(f.order("a"))
	f.apply()
	wantPending(true, "after an order was applied")
	events := f.events(n)
	f.save(events, events.List...)
	wantPending(false, "before the delivery is due")
	f.now = f.now.Add(time.Minute)
	wantPending(true, "when it is due")
}

func webhookRetention(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	lost := store.Delivery{Event: events.List[0].ID, Submission: 1, Attempts: 16, Last: f.now, Error: "EOF"}
	waits := store.Delivery{Event: events.List[1].ID, Submission: 2, Attempts: 1, Due: f.now, Last: f.now, Error: "EOF"}
	f.saveTo(events, events.To, lost, waits)
	f.now = f.now.Add(store.DeliveryRetention - time.Microsecond)
	f.save(f.events(n))
	same(f, []int64{2, 1}, deliveryNumbers(f.deliveries()), "just before the retention ends")
	f.now = f.now.Add(time.Microsecond)
	f.save(f.events(n))
	same(f, []int64{2}, deliveryNumbers(f.deliveries()), "after the retention")
}

// deliveryNumbers returns the numbers of the deliveries' submissions.
func deliveryNumbers(deliveries []store.Delivery) []int64 {
	numbers := []int64{}
	for _, d := range deliveries {
		numbers = append(numbers, d.Submission)
	}
	return numbers
}
