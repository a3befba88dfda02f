package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire/template"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// invoiced returns the event of an invoice that was issued.
func invoiced() template.Notification {
	created := time.Date(2026, 11, 1, 7, 0, 0, 0, time.UTC)
	return template.Notification{Event: program.EventInvoiced, Invoice: &invoice.Record{Invoice: invoice.Invoice{
		ID: invoice.ID{Partner: 10001, Number: 7}, Currency: "USD", Created: created, Due: created.AddDate(0, 0, 20),
		Totals: invoice.Totals{Net: 10000, VAT: 1900, Total: 11900},
	}}}
}

// paid returns the event of its payment.
func paid() template.Notification {
	n := invoiced()
	n.Event = program.EventPaid
	n.Invoice.Payment = &invoice.Payment{Invoice: n.Invoice.ID, Date: n.Invoice.Created.AddDate(0, 0, 9)}
	return n
}

func TestSection21AnInvoiceHasMacros(t *testing.T) {
	const all = `{"event":"{Event}","invoice":"{InvoiceId}","partner":{MediaPartnerId},"name":{MediaPartnerName},"status":"{Status}",` +
		`"amount":{Amount},"vat":{VatAmount},"currency":"{Currency}","date":"{EventDate}","due":"{DueDate}","paid":{PaidDate},` +
		`"action":"{ActionId}","payout":{Payout},"type":{ActionType},"sub":{SubId1},"items":{items[]}}`
	tmpl, err := template.ParseBody(all, program.BodyJSON)
	if err != nil {
		t.Fatal(err)
	}
	const (
		values  = `"amount":119.00,"vat":19.00,"currency":"USD","date":"2026-11-01T00:00:00-07:00","due":"2026-11-20T23:00:00-08:00","paid":`
		nothing = `,"action":"","payout":0,"type":"","sub":"","items":[]}`
	)
	for name, c := range map[string]struct {
		n    template.Notification
		want string
	}{
		"that is issued": {invoiced(), `{"event":"invoiced","invoice":"10001-7","partner":10001,"name":"","status":"PENDING",` + values + `""` + nothing},
		"that is paid":   {paid(), `{"event":"paid","invoice":"10001-7","partner":10001,"name":"","status":"PAID",` + values + `"2026-11-09T23:00:00-08:00"` + nothing},
	} {
		if got := render(t, tmpl, c.n); got != c.want {
			t.Errorf("of an invoice %s:\n%s, want\n%s", name, got, c.want)
		}
	}
	tmpl, err = template.ParseBody(`[{InvoiceId},{VatAmount},{DueDate}]`, program.BodyJSON)
	if err != nil {
		t.Fatal(err)
	}
	if got := render(t, tmpl, notification()); got != `["",0,""]` {
		t.Errorf("of an action: %s", got)
	}
}

func TestSection21APathHasOnlyValuesOfAllEvents(t *testing.T) {
	const problem = "A segment of the path must not be a value alone"
	for name, c := range map[string]struct {
		path   string
		events []program.Event
		want   string
	}{
		"an action's id":                 {"{ActionId}", nil, ""},
		"an invoice's id":                {"{InvoiceId}", []program.Event{program.EventPaid}, ""},
		"an action's id of invoices":     {"{ActionId}", []program.Event{program.EventTracked, program.EventInvoiced}, problem},
		"an invoice's id of actions":     {"{InvoiceId}", nil, problem},
		"an invoice's id of adjustments": {"{InvoiceId}", []program.Event{program.EventAdjusted}, problem},
		"values that both have":          {"{Event}/{MediaPartnerId}/{Status}/{Amount}/{Currency}/{EventDate}", program.Events, ""},
		"the date of a payment":          {"{PaidDate}", []program.Event{program.EventPaid}, problem},
		"text beside the value":          {"a-{ActionId}", program.Events, ""},
	} {
		_, err := template.ParseURL("https://example.com/"+c.path, c.events)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
