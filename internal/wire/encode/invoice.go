package encode

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// invoicesPath is the path of invoices below the account.
const invoicesPath = "/Invoices/"

// AppendInvoice appends an invoice to dst.
func (e *Encoder) AppendInvoice(dst []byte, r invoice.Record) []byte {
	o := e.open(dst, Invoices.Element)
	id, digits := r.ID.String(), r.Currency.Digits()
	o.text("Id", id)
	o.timestamp("CreatedDate", r.Created)
	o.integer("MediaId", r.ID.Partner)
	o.text("MediaName", r.PartnerName)
	o.text("Currency", string(r.Currency))
	o.amount("TotalAmount", r.Total, digits)
	o.amount("TotalVatAmount", r.VAT, digits)
	o.array("LineItems", "LineItem", len(r.Lines), func(o *objectWriter, i int) {
		o.nested(func() { o.lineFields(r, r.Lines[i]) })
	})
	details := r.Details()
	o.array("DetailedLineItems", "DetailedLineItem", len(details), func(o *objectWriter, i int) {
		o.nested(func() { o.detailFields(details[i], digits) })
	})
	o.uriAs("PDF", invoicesPath, id+"/Download")
	o.uri(invoicesPath, id)
	if c := r.Converted; c != nil {
		o.text("ConvertedCurrency", string(c.Currency))
		o.text("ConversionRate", string(c.Rate))
		o.amount("ConvertedTotal", c.Total, c.Currency.Digits())
	}
	return o.close(Invoices.Element)
}

// lineFields writes the fields of a line, which has the status and the dates of its invoice.
func (o *objectWriter) lineFields(r invoice.Record, line invoice.Line) {
	digits := r.Currency.Digits()
	o.integer("CampaignId", line.Campaign)
	o.text("CampaignName", line.CampaignName)
	o.text("Description", string(line.Description))
	o.text("EventMonthYear", monthYear(line.Month))
	o.count("Actions", line.Actions)
	o.amount("NetItemAmount", line.Net, digits)
	o.amount("VatItemAmount", line.VAT, digits)
	o.amount("TotalItemAmount", line.Total, digits)
	o.text("Status", string(r.Status(o.Now)))
	o.timestamp("DueDate", r.Due)
	o.timestamp("PaidDate", paidDate(r))
}

// detailFields writes the fields of a detailed line. Its account is the one that owes the
// amounts.
func (o *objectWriter) detailFields(d invoice.Detail, digits int) {
	o.integer("AccountId", o.Reference.Account.ID)
	o.text("Name", o.Reference.Account.Name)
	o.integer("ProgramId", d.Campaign)
	o.text("ProgramName", d.CampaignName)
	o.text("EventMonthYear", monthYear(d.Month))
	o.amount("ActionAmount", d.Actions, digits)
	o.amount("OtherAmount", d.Others, digits)
	o.amount("TotalAmount", d.Actions+d.Others, digits)
}

// monthYear returns a month as the Brand API writes it: without a leading zero, followed by
// the year. January 2026 is "12026".
func monthYear(m program.Month) string { return strconv.Itoa(int(m.Month)) + strconv.Itoa(m.Year) }

// paidDate returns the date of the payment, or the zero time.
func paidDate(r invoice.Record) time.Time {
	if r.Payment == nil {
		return time.Time{}
	}
	return r.Payment.Date
}

// InvoiceLine is a line of an invoice as a row of an export. Number counts the lines of the
// invoice from 1.
type InvoiceLine struct {
	invoice.Record
	Line   invoice.Line
	Number int
}

// InvoiceLineFields is [Encoder.ActionFields] for a line, after fields of its invoice.
func (e *Encoder) InvoiceLineFields(dst []Field, l InvoiceLine) []Field {
	return e.collect(dst, func(o *objectWriter) {
		r := l.Record
		reference := ""
		if r.Payment != nil {
			reference = r.Payment.Reference
		}
		o.text("InvoiceId", r.ID.String())
		o.count("Line", int64(l.Number))
		o.integer("MediaId", r.ID.Partner)
		o.text("MediaName", r.PartnerName)
		o.text("Period", r.Period.String())
		o.timestamp("CreatedDate", r.Created)
		o.text("Currency", string(r.Currency))
		o.lineFields(r, l.Line)
		o.text("PaymentReference", reference)
		o.text("VatRate", r.VATRate.String())
		o.amount("TotalAmount", r.Total, r.Currency.Digits())
		o.amount("TotalVatAmount", r.VAT, r.Currency.Digits())
		o.converted(r.Converted)
	})
}

// converted writes the total in the partner's currency. Without one, the fields are there
// nevertheless, since all rows of an export have the same fields.
func (o *objectWriter) converted(c *invoice.Converted) {
	if c == nil {
		c = new(invoice.Converted)
	}
	o.text("ConvertedCurrency", string(c.Currency))
	o.text("ConversionRate", string(c.Rate))
	if c.Currency == "" {
		o.add(Field{Name: "ConvertedTotal", Kind: AmountField, Absent: true})
		return
	}
	o.amount("ConvertedTotal", c.Total, c.Currency.Digits())
}

// Entry is an entry with the invoice that has it, or zero.
type Entry struct {
	invoice.Entry
	Invoice invoice.ID
}

// EntryFields is [Encoder.ActionFields] for an entry.
func (e *Encoder) EntryFields(dst []Field, v Entry) []Field {
	return e.collect(dst, func(o *objectWriter) {
		currency := e.Reference.Account.Currency
		o.text("Kind", string(v.Kind))
		o.text("Id", v.ID)
		o.integer("MediaPartnerId", v.Partner)
		o.text("MediaPartnerName", e.Reference.Partners[v.Partner].Name)
		o.integer("CampaignId", v.Campaign)
		o.text("CampaignName", e.Reference.Campaigns[v.Campaign].Name)
		o.timestamp("Date", v.Date)
		o.timestamp("EventDate", v.EventDate)
		o.text("Currency", string(currency))
		o.amount("Amount", v.Amount, currency.Digits())
		o.text("Reason", v.Reason)
		o.text("InvoiceId", v.Invoice.String())
	})
}

// Balance is what an account owes a partner, in the account's currency.
type Balance struct {
	Partner                           int64
	Pending, Locked, Cleared, Carried money.Amount
	Invoiced, Paid, WrittenOff        money.Amount
	// TooLarge means that a sum overflows. Then there are no amounts.
	TooLarge bool
}

// AppendBalance appends a balance to dst.
func (e *Encoder) AppendBalance(dst []byte, b Balance) []byte {
	o := e.open(dst, Balances.Element)
	currency := e.Reference.Account.Currency
	digits := currency.Digits()
	o.integer("MediaPartnerId", b.Partner)
	o.text("Currency", string(currency))
	if b.TooLarge {
		o.text("Problem", string(invoice.TooLarge))
	} else {
		o.amount("Pending", b.Pending, digits)
		o.amount("Locked", b.Locked, digits)
		o.amount("Cleared", b.Cleared, digits)
		o.amount("Carried", b.Carried, digits)
		o.amount("Invoiced", b.Invoiced, digits)
		o.amount("Paid", b.Paid, digits)
		o.amount("WrittenOff", b.WrittenOff, digits)
		o.amount("Owed", b.Invoiced-b.Paid, digits)
	}
	o.uri("/Balances/", strconv.FormatInt(b.Partner, 10))
	return o.close(Balances.Element)
}
