package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var monitorGuarantees = []guarantee{
	{"the status lists the queues with the age of their oldest submission", func(f *fixture) {
		same(f, store.Status{}.Queues, f.status().Queues, "queues at first")
		f.accept(f.order("a"), f.order("b"))
		oldest := f.now
		f.now = f.now.Add(time.Minute)
		f.accept(f.order("c"))
		same(f, []store.QueueStatus{{Queued: 3, Oldest: oldest}}, f.status().Queues, "queues")
		must(f.Apply(f.Context(), account, f.now, 2, ledger.Decide))(f)
		same(f, []store.QueueStatus{{Queued: 1, Oldest: f.now}}, f.status().Queues, "queues after two were applied")
		f.apply()
		same(f, store.Status{}.Queues, f.status().Queues, "queues in the end")
	}},
	{"the status lists how far notifications are behind, and counts waiting deliveries", func(f *fixture) {
		n := f.recordNotification(program.Notification{})
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		same(f, []store.NotificationStatus{{Behind: 4, Oldest: f.now}}, f.status().Notifications, "notifications")
		events := f.events(n)
		f.save(events, events.List[0])
		same(f, []store.NotificationStatus{{}}, f.status().Notifications, "notifications after the delivery")
		same(f, 1, f.status().WaitingDeliveries, "waiting deliveries")
	}},
	{"the observer gets each transaction that accepted or applied submissions", func(f *fixture) {
		var committed, applied []store.Transaction
		f.Observe(store.Observer{
			Committed: func(_ context.Context, t store.Transaction) { committed = append(committed, t) },
			Applied:   func(_ context.Context, t store.Transaction) { applied = append(applied, t) },
		})
		f.commit(ledger.Decide, batchIn(account, f.order("a"), setQuantity("a", "none", 1)), batchIn(otherAccount, f.order("b")))
		f.commit(nil, batchIn(account, reverse("none"), f.order("c")))
		f.apply()
		f.apply() // nothing
		// A distributed store commits each account by itself.
		var all store.Transaction
		for _, t := range committed {
			all.Accepted, all.Applied, all.Rejected = all.Accepted+t.Accepted, all.Applied+t.Applied, append(all.Rejected, t.Rejected...)
		}
		same(f, []int{5, 3}, []int{all.Accepted, all.Applied}, "submissions of commits")
		same(f, []rejection.Code{rejection.CodeItemNotFound}, all.Rejected, "codes of commits")
		same(f, 1, len(applied), "transactions that applied")
		same(f, []int64{account, 2}, []int64{applied[0].Account, int64(applied[0].Applied)}, "account and number of the applied")
		same(f, []rejection.Code{rejection.CodeActionNotFound}, applied[0].Rejected, "codes of the applied")
		for _, t := range []store.Transaction{committed[0], applied[0]} {
			if t.Begun.IsZero() || t.Begun.After(t.Decided) || t.Decided.After(t.Ended) {
				f.Errorf("times are not in order: %+v", t)
			}
		}
	}},
	{"the observer gets failures and parked submissions", func(f *fixture) {
		var applied []store.Transaction
		f.Observe(store.Observer{Applied: func(_ context.Context, t store.Transaction) { applied = append(applied, t) }})
		f.accept(f.order("a"))
		failure := errors.New("decide failed")
		failing := func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) {
			return ledger.Change{}, failure
		}
		for range store.MaxAttempts {
			_, _ = f.Apply(f.Context(), account, f.now, 1, failing)
		}
		same(f, store.MaxAttempts, len(applied), "transactions")
		for _, t := range applied[:store.MaxAttempts-1] {
			wantError(f, failure, t.Err)
		}
		last := applied[store.MaxAttempts-1]
		wantError(f, nil, last.Err)
		same(f, []rejection.Code{rejection.CodeParked}, last.Rejected, "codes of the last one")
	}},
}

func (f *fixture) status() store.Status {
	f.Helper()
	return must(f.Status(f.Context()))(f)
}
