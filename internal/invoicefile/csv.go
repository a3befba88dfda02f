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

func integer(n int64) string { return strconv.FormatInt(n, 10) }

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
