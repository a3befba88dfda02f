package storetest

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func noticeRetries(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	f.keep(events, events.List[0])
	f.accept(setQuantity("a", "12345", 1), setQuantity("b", "12345", 1))
	f.apply()
	events = f.events(n)
	same(f, []int64{3, 4}, numbersOf(events), "before the failed one is due")
	same(f, []bool{true, false}, []bool{events.List[0].Behind, events.List[1].Behind}, "behind")
	f.keepTo(events, events.To, store.Delivery{Update: events.List[0].Update.ID(), Submission: 3, Due: f.now})
	same(f, []int64{}, numbersOf(f.events(n)), "the one behind waits")
	f.now = f.now.Add(time.Minute)
	f.restart()
	events = f.events(n)
	same(f, []int64{1}, numbersOf(events), "when it is due")
	same(f, []any{true, 1, ledger.EventTracked}, []any{events.List[0].Kept, events.List[0].Attempts, events.List[0].Kind}, "how it stands")
	f.keepTo(events, events.To, store.Delivery{Update: events.List[0].Update.ID(), Acknowledged: true})
	same(f, []int64{3}, numbersOf(f.events(n)), "once it is acknowledged")
	same(f, 1, len(f.deliveries()), "deliveries that wait")
}

func noticeResend(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"), f.order("b"), f.order("c"))
	f.apply()
	events := f.events(n)
	var want []store.Delivery
	for _, e := range events.List {
		want = append([]store.Delivery{{
			Update: e.Update.ID(), Submission: e.Update.Submission, Attempts: 16, Last: f.now, Status: 302, Error: "answered 302",
		}}, want...)
	}
	f.keepTo(events, events.To, want...)
	f.restart()
	same(f, want, f.deliveries(), "newest first")
	same(f, want[1:2], must(f.Deliveries(f.Context(), account, 1, want[0].Update.Number, 1))(f), "a page")
	f.now = f.now.AddDate(0, 0, 2)
	same(f, []int64{}, numbersOf(f.events(n)), "events to tell")
	same(f, 1, must(f.Resend(f.Context(), account, 1, f.now, want[1].Update, f.deed("send again")))(f), "sent again")
	same(f, []int64{2}, numbersOf(f.events(n)), "the one")
	same(f, 2, must(f.Resend(f.Context(), account, 1, f.now, ledger.UpdateID{}, f.deed("send again")))(f), "the others")
	same(f, []int64{1, 2, 3}, numbersOf(f.events(n)), "all")
	same(f, 0, f.events(n).List[0].Attempts, "attempts begin anew")
	seen := f.deeds(account)
	same(f, "notification 1: all that were given up", seen[0].Subject+": "+seen[0].Detail, "the deed")
	same(f, 0, must(f.Resend(f.Context(), account, 1, f.now, ledger.UpdateID{}, f.deed("send again")))(f), "none is left")
	same(f, len(seen), len(f.deeds(account)), "deeds")
	_, err := f.Resend(f.Context(), account, 1, f.now, ledger.UpdateID{Action: idOf(9), Number: 9}, f.deed("send again"))
	wantError(f, ledger.ErrNotFound, err)
	_, err = f.Resend(f.Context(), account, 1, f.now, want[0].Update, store.AuditEvent{})
	wantError(f, store.ErrNoActor, err)
}

// noticeAhead has a clock that was ahead keep when a delivery is due.
func noticeAhead(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	usual := store.Delivery{Update: events.List[0].Update.ID(), Submission: 1, Attempts: 15, Due: f.now.Add(store.LongestPause), Last: f.now}
	ahead := store.Delivery{Update: events.List[1].Update.ID(), Submission: 2, Attempts: 1, Due: f.now.AddDate(1, 0, 0), Last: f.now}
	f.keepTo(events, events.To, usual, ahead)
	same(f, 1, must(f.Resend(f.Context(), account, 1, f.now, ledger.UpdateID{}, f.deed("send again")))(f), "sent again")
	same(f, []int64{2}, numbersOf(f.events(n)), "the one that waited for too long")
}

func noticeOvertaken(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"))
	f.apply()
	first := f.events(n)
	f.keep(first, first.List...)
	f.accept(f.order("b"))
	f.apply()
	f.now = f.now.Add(time.Minute)
	under := f.events(n)
	same(f, []int64{1, 2}, numbersOf(under), "under way when it ends")
	n.State = "ENDED"
	f.notify(n)
	n.State = ledger.StateActive
	f.notify(n)
	f.keep(under, under.List...)
	kept := f.deliveries()
	same(f, 1, len(kept), "deliveries")
	same(f, []any{time.Time{}, "the notification ended", 1}, []any{kept[0].Due, kept[0].Error, kept[0].Attempts}, "the one from before")
	f.accept(f.order("c"))
	f.apply()
	same(f, []int64{3}, numbersOf(f.events(n)), "events of the new beginning")
}

func noticeTwice(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	both := f.events(n)
	f.keep(both, both.List[1])
	f.keep(both, both.List[0]) // another process that was not acknowledged
	same(f, []int64{2}, submissionsOf(f.deliveries()), "the first outcome")
	f.now = f.now.Add(time.Minute)
	due := f.events(n)
	acknowledged := store.Delivery{Update: due.List[0].Update.ID(), Acknowledged: true}
	f.keepTo(due, due.To, acknowledged)
	f.keep(due, due.List...)
	same(f, []int64{}, submissionsOf(f.deliveries()), "an acknowledged one does not come back")
	f.accept(f.order("c"))
	f.apply()
	f.keepTo(both, both.To+1)
	same(f, []int64{3}, numbersOf(f.events(n)), "a cursor is not moved by who read from another")
}

func noticeWork(f *fixture) {
	n := f.notify(ledger.Notification{})
	work := func(want bool, what string) {
		f.Helper()
		same(f, atWork(want), must(f.Notifying(f.Context(), f.now))(f), what)
	}
	work(false, "at the beginning")
	f.accept(f.order("a"))
	f.apply()
	work(true, "once something was applied")
	events := f.events(n)
	f.keep(events, events.List...)
	work(false, "while it waits")
	f.now = f.now.Add(time.Minute)
	work(true, "when it is due")
}

func noticeForgets(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"), f.order("b"))
	f.apply()
	events := f.events(n)
	lost := store.Delivery{Update: events.List[0].Update.ID(), Submission: 1, Attempts: 16, Last: f.now, Error: "EOF"}
	waits := store.Delivery{Update: events.List[1].Update.ID(), Submission: 2, Attempts: 1, Due: f.now, Last: f.now, Error: "EOF"}
	f.keepTo(events, events.To, lost, waits)
	f.now = f.now.Add(store.DeliveryLife - time.Microsecond)
	f.keep(f.events(n))
	same(f, []int64{2, 1}, submissionsOf(f.deliveries()), "a moment before")
	f.now = f.now.Add(time.Microsecond)
	f.keep(f.events(n))
	same(f, []int64{2}, submissionsOf(f.deliveries()), "then")
}

// submissionsOf answers the numbers of the deliveries' submissions.
func submissionsOf(deliveries []store.Delivery) []int64 {
	numbers := []int64{}
	for _, d := range deliveries {
		numbers = append(numbers, d.Submission)
	}
	return numbers
}
