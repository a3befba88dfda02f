package storetest

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var webhookInvoiceGuarantees = []guarantee{
	{"an invoice and its payment are events of notifications that list them, in order with others", func(f *fixture) {
		listed := f.recordNotification(program.Notification{Events: program.Events})
		f.accept(f.order("a"))
		f.apply()
		id := f.invoicedBonus()
		f.now = firstOf(2027, 1)
		f.accept(f.order("b"))
		f.apply()
		f.payInFull(id)
		events := f.events(listed)
		same(f, []string{"tracked 1000.2240.1.2", "invoiced 501-1.3", "tracked 1000.2240.2.5", "paid 501-1.6"}, f.textsOf(events), "events")
		same(f, []bool{false, true}, []bool{events.List[1].Invoice.Payment != nil, events.List[3].Invoice.Payment != nil}, "paid")
		same(f, []money.Amount{250, 250}, []money.Amount{events.List[1].Invoice.Total, events.List[3].Invoice.Total}, "totals")
		f.save(events)
		same(f, 0, len(f.events(listed).List), "after the results were stored")
	}},
	{"invoices are no events of notifications that don't list them, or of other campaigns", func(f *fixture) {
		for _, n := range []program.Notification{
			{},
			{Events: program.ActionEvents},
			{Campaign: campaign + 1, Events: program.Events},
		} {
			n = f.recordNotification(n)
			f.now = f.now.AddDate(0, 1, 0)
			id := f.invoicedBonus()
			f.payInFull(id)
			same(f, active(true), must(f.ActiveNotifications(f.Context(), f.now))(f), "before the cursor moved")
			events := f.events(n)
			same(f, []string{}, f.textsOf(events), "events")
			f.save(events)
			same(f, active(false), must(f.ActiveNotifications(f.Context(), f.now))(f), "after the cursor moved")
		}
	}},
	{"the events of a partner's invoices are delivered in order, and resent", func(f *fixture) {
		n := f.recordNotification(program.Notification{Events: []program.Event{program.EventInvoiced, program.EventPaid}})
		id := f.invoicedBonus()
		first := f.events(n)
		f.save(first, first.List...)
		f.payInFull(id)
		events := f.events(n)
		same(f, []string{"paid 501-1.2"}, f.textsOf(events), "before the failed one is due")
		same(f, true, events.List[0].Blocked, "blocked")
		f.saveTo(events, events.To, store.Delivery{Event: events.List[0].ID, Due: f.now})
		same(f, []string{}, f.textsOf(f.events(n)), "the payment waits")
		same(f, []store.EventID{{Number: 2, Invoice: id}, {Number: 1, Invoice: id}}, eventsOf(f.deliveries()), "deliveries")
		f.wantInOrder()
		f.now = f.now.Add(time.Minute)
		events = f.events(n)
		same(f, []string{"invoiced 501-1.1"}, f.textsOf(events), "when it is due")
		same(f, []any{true, 1, true}, []any{events.List[0].Stored, events.List[0].Attempts, events.List[0].Invoice.Payment == nil}, "the retry")
		f.saveTo(events, events.To, store.Delivery{Event: events.List[0].ID, Attempts: 2}) // it is given up
		events = f.events(n)
		same(f, []string{"paid 501-1.2"}, f.textsOf(events), "once it is given up")
		f.saveTo(events, events.To, store.Delivery{Event: events.List[0].ID, Acknowledged: true})
		same(f, 1, must(f.Resend(f.Context(), account, 1, f.now, store.EventID{Number: 1, Invoice: id}, f.auditEvent(store.OperationResend)))(f), "resent")
		same(f, "update 501-1.1", f.auditEvents(account)[0].Detail, "audit event")
		same(f, []string{"invoiced 501-1.1"}, f.textsOf(f.events(n)), "after it was resent")
	}},
}

// invoicedBonus records a bonus and issues the invoice that has it at the end of the month.
func (f *fixture) invoicedBonus() invoice.ID {
	f.Helper()
	must(f.RecordBonus(f.Context(), account, f.now, bonus(250), f.auditEvent(store.OperationBonus)))(f)
	year, month, _ := f.now.In(losAngeles).Date()
	f.now = firstOf(year, month+1)
	return f.bill(f.now)[0]
}

func (f *fixture) payInFull(id invoice.ID) {
	f.Helper()
	f.pay(store.Payment{Payment: invoice.Payment{Invoice: id, Date: f.now}, Amount: 250})
}

// textsOf returns the kinds and ids of events.
func (f *fixture) textsOf(events store.Events) []string {
	texts := []string{}
	for _, e := range events.List {
		texts = append(texts, string(e.Kind)+" "+e.ID.String())
	}
	return texts
}

func eventsOf(deliveries []store.Delivery) (found []store.EventID) {
	for _, d := range deliveries {
		found = append(found, d.Event)
	}
	return found
}
