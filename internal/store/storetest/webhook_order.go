package storetest

import (
	"math/rand/v2"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// webhookOrder simulates a receiver with random responses and an operator who resends,
// and checks the deliveries after each step.
func webhookOrder(f *fixture) {
	n := f.recordNotification(program.Notification{})
	random := rand.New(rand.NewPCG(21, 1))
	f.accept(f.order("a"), f.order("b"), f.order("c"))
	quantity := int64(1)
	for range 100 {
		quantity = 3 - quantity
		f.accept(setQuantity(string("abc"[random.IntN(3)]), "12345", quantity))
		f.apply()
		events := must(f.NextEvents(f.Context(), account, n, f.now, 1+random.IntN(4)))(f)
		waits := make(map[int64]bool)
		var deliveries []store.Delivery
		for _, e := range events.List {
			d := store.Delivery{Event: e.ID, Submission: e.Update.Submission, Attempts: e.Attempts + 1, Last: f.now}
			action := e.Update.Action.Number
			switch {
			case e.Blocked || waits[action]:
				d.Attempts, d.Due = 0, f.now
			case random.IntN(3) == 0:
				d.Acknowledged = true
			case random.IntN(3) > 0:
				d.Due = f.now.Add(time.Duration(1+random.IntN(5)) * time.Minute)
			}
			waits[action] = waits[action] || !d.Due.IsZero()
			deliveries = append(deliveries, d)
		}
		f.saveTo(events, events.To, deliveries...)
		f.now = f.now.Add(time.Duration(random.IntN(120)) * time.Second)
		if all := f.deliveries(); len(all) > 0 && random.IntN(4) == 0 {
			event := all[random.IntN(len(all))].Event
			must(f.Resend(f.Context(), account, 1, f.now, event, f.auditEvent(store.OperationResend)))(f)
		}
		f.wantInOrder()
	}
}

// wantInOrder fails the test if a delivery is due before an earlier one of its subject.
func (f *fixture) wantInOrder() {
	f.Helper()
	after := make(map[int64]store.Delivery)
	for _, d := range f.deliveries() { // newest first
		if d.Due.IsZero() {
			continue
		}
		subject := d.Event.Subject()
		if next, found := after[subject]; found && next.Due.Before(d.Due) {
			f.Fatalf("%+v is due before %+v", next, d)
		}
		after[subject] = d
	}
}
