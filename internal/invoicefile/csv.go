package invoicefile

import (
	"cmp"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// column is a column of a CSV file whose rows show a T.
type column[T any] struct {
	name string
	// text returns a text that is escaped for spreadsheets. Exactly one of text and number is
	// set.
	text func(*T) string
	// number returns a number or a date.
	number func(*T) string
}

// writeCSV writes a header and a row for each value.
func writeCSV[T any](w io.Writer, columns []column[T], rows iter.Seq2[T, error]) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	file := spreadsheet.NewWriter(w, names)
	for row, err := range rows {
		if err != nil {
			return err
		}
		for _, c := range columns {
			if c.text != nil {
				file.Text(c.text(&row))
			} else {
				file.Put(append(file.Cell(), c.number(&row)...))
			}
		}
		if err := file.EndLine(); err != nil {
			return err
		}
	}
	return file.Flush()
}

// lineRow is a row that shows a line of an invoice.
type lineRow struct {
	Document
	invoice.Line
	// number is that of the line, from 1.
	number int
	at     time.Time
}

// lineRows returns the lines of invoices.
func lineRows(documents iter.Seq2[Document, error], at time.Time) iter.Seq2[lineRow, error] {
	return func(yield func(lineRow, error) bool) {
		for d, err := range documents {
			if err != nil {
				yield(lineRow{}, err)
				return
			}
			for i, line := range d.Lines {
				if !yield(lineRow{d, line, i + 1, at}, nil) {
					return
				}
			}
		}
	}
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

func (r *lineRow) amount(a money.Amount) string { return r.Currency.Format(a) }

// invoiceColumns are the columns of [CSV]. The last four repeat values of the invoice in each
// of its rows.
var invoiceColumns = []column[lineRow]{
	{name: "InvoiceId", number: func(r *lineRow) string { return r.ID.String() }},
	{name: "Line", number: func(r *lineRow) string { return strconv.Itoa(r.number) }},
	{name: "MediaId", number: func(r *lineRow) string { return integer(r.ID.Partner) }},
	{name: "MediaName", text: func(r *lineRow) string { return r.Recipient.Name }},
	{name: "Period", number: func(r *lineRow) string { return r.Period.String() }},
	{name: "CreatedDate", number: func(r *lineRow) string { return r.date(r.Created, time.DateOnly) }},
	{name: "DueDate", number: func(r *lineRow) string { return r.date(r.Due, time.DateOnly) }},
	{name: "Status", number: func(r *lineRow) string { return string(r.Status(r.at)) }},
	{name: "PaidDate", number: func(r *lineRow) string { return r.paidDate() }},
	{name: "PaymentReference", text: func(r *lineRow) string { return r.payment().Reference }},
	{name: "CampaignId", number: func(r *lineRow) string { return integer(r.Campaign) }},
	{name: "CampaignName", text: func(r *lineRow) string { return r.CampaignName }},
	{name: "Description", number: func(r *lineRow) string { return string(r.Description) }},
	{name: "EventMonthYear", number: func(r *lineRow) string { return r.Month.String() }},
	{name: "Actions", number: func(r *lineRow) string { return integer(r.Actions) }},
	{name: "Currency", number: func(r *lineRow) string { return string(r.Currency) }},
	{name: "NetItemAmount", number: func(r *lineRow) string { return r.amount(r.Line.Net) }},
	{name: "VatRate", number: func(r *lineRow) string { return r.VATRate.String() }},
	{name: "VatItemAmount", number: func(r *lineRow) string { return r.amount(r.Line.VAT) }},
	{name: "TotalItemAmount", number: func(r *lineRow) string { return r.amount(r.Line.Total) }},
	{name: "InvoiceTotal", number: func(r *lineRow) string { return r.amount(r.Document.Total) }},
	{name: "ConvertedCurrency", number: func(r *lineRow) string { return string(r.converted().Currency) }},
	{name: "ConversionRate", number: func(r *lineRow) string { return string(r.converted().Rate) }},
	{name: "ConvertedTotal", number: func(r *lineRow) string {
		if r.Converted == nil {
			return ""
		}
		return r.Converted.Currency.Format(r.Converted.Total)
	}},
}

// CSV writes a row for each line of invoices. Status is that at an instant, and dates are
// local. Documents can be read one by one while CSV writes.
func CSV(w io.Writer, documents iter.Seq2[Document, error], at time.Time) error {
	return writeCSV(w, invoiceColumns, lineRows(documents, at))
}

// Entry is an entry with the names that its row shows.
type Entry struct {
	invoice.Entry
	// Invoice is the invoice that has the entry, or zero.
	Invoice                   invoice.ID
	PartnerName, CampaignName string
	Currency                  money.Currency
	// Zone is the account's time zone, in which the times are.
	Zone *time.Location
}

func (e *Entry) time(at time.Time) string {
	return at.In(cmp.Or(e.Zone, time.UTC)).Format(time.RFC3339)
}

// entryColumns are the columns of [EntriesCSV].
var entryColumns = []column[Entry]{
	{name: "InvoiceId", number: func(e *Entry) string { return e.Invoice.String() }},
	{name: "MediaId", number: func(e *Entry) string { return integer(e.Partner) }},
	{name: "MediaName", text: func(e *Entry) string { return e.PartnerName }},
	{name: "Kind", number: func(e *Entry) string { return string(e.Kind) }},
	{name: "Id", text: func(e *Entry) string { return e.ID }},
	{name: "CampaignId", number: func(e *Entry) string { return integer(e.Campaign) }},
	{name: "CampaignName", text: func(e *Entry) string { return e.CampaignName }},
	{name: "Date", number: func(e *Entry) string { return e.time(e.Date) }},
	{name: "EventDate", number: func(e *Entry) string { return e.time(e.EventDate) }},
	{name: "Currency", number: func(e *Entry) string { return string(e.Currency) }},
	{name: "Amount", number: func(e *Entry) string { return e.Currency.Format(e.Amount) }},
}

// EntriesCSV writes a row for each entry. Entries can be read one by one while EntriesCSV
// writes.
func EntriesCSV(w io.Writer, entries iter.Seq2[Entry, error]) error {
	return writeCSV(w, entryColumns, entries)
}
