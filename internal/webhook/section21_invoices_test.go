package webhook_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// invoiceBonus records a bonus of 2.50 for partner 10 and issues the invoice that has it.
func (h *harness) invoiceBonus() invoice.ID {
	h.Helper()
	bonus := store.Bonus{Partner: 10, Campaign: 1000, Amount: 250}
	if _, err := h.store.RecordBonus(h.Context(), account, h.clock(), bonus, byTest); err != nil {
		h.Fatal(err)
	}
	h.advance(31 * 24 * time.Hour)
	for {
		billed, err := h.store.Bill(h.Context(), account, h.clock())
		if err != nil || !billed.Progress {
			h.Fatal("no invoice was issued: ", err)
		}
		if len(billed.Invoices) > 0 {
			return billed.Invoices[0]
		}
	}
}

func (h *harness) pay(id invoice.ID) {
	h.Helper()
	payment := store.Payment{Payment: invoice.Payment{Invoice: id, Date: h.clock()}, Amount: 250}
	if err := h.store.RecordPayments(h.Context(), account, h.clock(), []store.Payment{payment}, byTest); err != nil {
		h.Fatal(err)
	}
}

func TestSection21InvoicesAreDeliveredToThoseThatListThem(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{
		URL:    "/?e={Event}&i={InvoiceId}&p={MediaPartnerName}&a={Amount}&s={Status}&c={EventDate}&d={PaidDate}",
		Events: program.InvoiceEvents,
	})
	h.apply(order("O"))
	id := h.invoiceBonus()
	requests := h.deliver()
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	h.want(requests[0].uri, "/?e=invoiced&i=10-1&p=Blog&a=2.50&s=PENDING&c=2026-12-01T00%3A00%3A00-08%3A00&d=", "the invoice")
	h.want(requests[0].header.Get("Trueup-Notification-Id"), "1-10-1.2", "the id of the invoice's event")
	h.pay(id)
	requests = h.deliver()
	h.want(requests[0].uri, "/?e=paid&i=10-1&p=Blog&a=2.50&s=PAID&c=2026-12-01T00%3A00%3A00-08%3A00&d=2026-12-03T02%3A00%3A00-08%3A00", "the payment")
	h.want(requests[0].header.Get("Trueup-Notification-Id"), "1-10-1.3", "the id of the payment's event")
}

func TestPaymentWaitsForItsInvoice(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{URL: "/?e={Event}&i={InvoiceId}&o={ActionId}", Events: program.Events})
	h.respond(always(500))
	h.pay(h.invoiceBonus())
	h.want(h.deliverURIs(), "/?e=invoiced&i=10-1&o=", "the first attempt")
	h.respond(nil)
	h.apply(order("O"))
	h.want(h.deliverURIs(), "/?e=tracked&i=&o=1000.2240.1", "an order meanwhile")
	h.advance(webhook.Backoff(1))
	h.want(h.deliverURIs(), "/?e=invoiced&i=10-1&o= /?e=paid&i=10-1&o=", "once it is due")
	h.want(h.pending(), "", "deliveries")
}
