package invoicefile

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// Xero holds the values of the bills that depend on the organization in Xero.
type Xero struct {
	// AccountCode is the code of the expense account. Xero requires one.
	AccountCode string
	// TaxType is the name of the tax rate as Xero displays it.
	TaxType string
	// MonthFirst selects the dates of an organization in the United States.
	MonthFirst bool
}

// xeroRow is a row of [XeroCSV], for a line of an invoice.
type xeroRow struct {
	Document
	invoice.Line
	Xero
}

func (r *xeroRow) amount(a money.Amount) string { return r.Currency.Format(a) }

func (r *xeroRow) date(at time.Time) string {
	if r.MonthFirst {
		return r.Document.date(at, "01/02/2006")
	}
	return r.Document.date(at, "02/01/2006")
}

func noText(*xeroRow) string { return "" }

// xeroColumns are the columns of Xero's template for bills. Xero requires those with an
// asterisk.
var xeroColumns = []column[xeroRow]{
	{name: "*ContactName", text: func(r *xeroRow) string { return r.Recipient.Name }},
	{name: "EmailAddress", text: noText},
	{name: "POAddressLine1", text: func(r *xeroRow) string { return r.Recipient.Address.Line1 }},
	{name: "POAddressLine2", text: func(r *xeroRow) string { return r.Recipient.Address.Line2 }},
	{name: "POAddressLine3", text: noText},
	{name: "POAddressLine4", text: noText},
	{name: "POCity", text: func(r *xeroRow) string { return r.Recipient.Address.City }},
	{name: "PORegion", text: func(r *xeroRow) string { return r.Recipient.Address.Region }},
	{name: "POPostalCode", text: func(r *xeroRow) string { return r.Recipient.Address.PostalCode }},
	{name: "POCountry", text: func(r *xeroRow) string { return r.Recipient.Address.Country }},
	{name: "*InvoiceNumber", number: func(r *xeroRow) string { return r.ID.String() }},
	{name: "*InvoiceDate", number: func(r *xeroRow) string { return r.date(r.Created) }},
	{name: "*DueDate", number: func(r *xeroRow) string { return r.date(r.Due) }},
	{name: "Total", number: func(r *xeroRow) string { return r.amount(r.Document.Total) }},
	{name: "InventoryItemCode", text: noText},
	{name: "Description", text: func(r *xeroRow) string {
		return fmt.Sprintf("%s, %s, %s", campaignName(r.Line), describe(r.Description), r.Month)
	}},
	{name: "*Quantity", number: func(*xeroRow) string { return "1" }},
	{name: "*UnitAmount", number: func(r *xeroRow) string { return r.amount(r.Line.Net) }},
	{name: "*AccountCode", text: func(r *xeroRow) string { return r.AccountCode }},
	{name: "*TaxType", text: func(r *xeroRow) string { return r.TaxType }},
	{name: "TaxAmount", number: func(r *xeroRow) string { return r.amount(r.Line.VAT) }},
	{name: "TrackingName1", text: noText},
	{name: "TrackingOption1", text: noText},
	{name: "TrackingName2", text: noText},
	{name: "TrackingOption2", text: noText},
	{name: "Currency", number: func(r *xeroRow) string { return string(r.Currency) }},
}

// XeroCSV writes invoices as bills in the format that Xero imports, a row for each line. The
// amounts exclude tax, which is to be chosen when the file is imported. Xero imports at most
// 500 bills of a file.
func XeroCSV(w io.Writer, documents iter.Seq2[Document, error], x Xero) error {
	return writeCSV(w, xeroColumns, func(yield func(xeroRow, error) bool) {
		for d, err := range documents {
			if err != nil {
				yield(xeroRow{}, err)
				return
			}
			for _, line := range d.Lines {
				if !yield(xeroRow{d, line, x}, nil) {
					return
				}
			}
		}
	})
}
