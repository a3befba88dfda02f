package accounting

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// Format is what an export has a row for.
type Format string

// The formats.
const (
	// FormatInvoices has a row for each line of an invoice.
	FormatInvoices Format = "invoices"
	// FormatEntries has a row for each entry of an invoice.
	FormatEntries Format = "entries"
	// FormatXero has bills for Xero.
	FormatXero Format = "xero"
)

// Formats lists every Format.
var Formats = []Format{FormatInvoices, FormatEntries, FormatXero}

// Export is an export of invoices as CSV.
type Export struct {
	Filter
	Format Format
	Xero   invoicefile.Xero
}

// Name returns the name of the file.
func (e Export) Name() string { return string(e.Format) + ".csv" }

// CheckExport returns a [*FieldError] for an export with an invalid field.
func (b *Books) CheckExport(e Export) error {
	if _, err := b.filter(e.Filter); err != nil {
		return err
	}
	if !slices.Contains(Formats, e.Format) {
		return &FieldError{"format", "Must be one of " + joined(Formats)}
	}
	for _, f := range []struct{ name, value string }{{"account_code", e.Xero.AccountCode}, {"tax_type", e.Xero.TaxType}} {
		switch {
		case e.Format == FormatXero && f.value == "":
			return &FieldError{f.name, "Required by Xero: the code of the expense account, and the tax rate as Xero displays it"}
		case e.Format != FormatXero && f.value != "":
			return &FieldError{f.name, "Is for bills for Xero only"}
		}
	}
	return nil
}

// WriteExport writes an export, from one snapshot of the account. The snapshot ends after
// [export.MaxDuration].
func (b *Books) WriteExport(ctx context.Context, w io.Writer, e Export) error {
	filter, err := b.filter(e.Filter)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, export.MaxDuration)
	defer cancel()
	return b.store.Export(ctx, b.account, func(snapshot store.ExportReader) error {
		r := snapshot.Statements()
		invoices := all(r, filter)
		switch e.Format {
		case FormatEntries:
			return invoicefile.EntriesCSV(w, b.entries(r, invoices))
		case FormatXero:
			return invoicefile.XeroCSV(w, b.documents(invoices), e.Xero)
		default:
			return export.InvoicesCSV(filter).Write(w, snapshot, &encode.Encoder{Reference: b.reference, Now: b.now})
		}
	})
}

// WritePDF writes an invoice as a PDF.
func (b *Books) WritePDF(w io.Writer, v invoice.Record, o invoicefile.Options) error {
	return invoicefile.PDF(w, invoicefile.NewDocument(v, b.reference), o)
}

func (b *Books) documents(invoices iter.Seq2[invoice.Record, error]) iter.Seq2[invoicefile.Document, error] {
	return func(yield func(invoicefile.Document, error) bool) {
		for v, err := range invoices {
			if err != nil {
				yield(invoicefile.Document{}, err)
				return
			}
			if !yield(invoicefile.NewDocument(v, b.reference), nil) {
				return
			}
		}
	}
}

// entries returns the entries of invoices with their names.
func (b *Books) entries(r store.StatementReader, invoices iter.Seq2[invoice.Record, error]) iter.Seq2[invoicefile.Entry, error] {
	return func(yield func(invoicefile.Entry, error) bool) {
		for v, err := range invoices {
			if err != nil {
				yield(invoicefile.Entry{}, err)
				return
			}
			campaigns := make(map[int64]string, len(v.Lines))
			for _, line := range v.Lines {
				campaigns[line.Campaign] = line.CampaignName
			}
			for e, err := range r.InvoiceEntries(v.ID) {
				if err != nil {
					err = fmt.Errorf("entries of invoice %s: %w", v.ID, err)
				}
				row := invoicefile.Entry{
					Entry: e, Invoice: v.ID, PartnerName: v.PartnerName, CampaignName: campaigns[e.Campaign], Currency: v.Currency, Zone: b.Zone(),
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}
