package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// Filter are the flags that select invoices.
type Filter struct {
	Partner int64  `placeholder:"ID" help:"Only invoices of this partner."`
	Status  string `placeholder:"STATUS" help:"Only invoices with this status: PENDING, PAID or OVERDUE."`
	Month   string `placeholder:"MONTH" help:"Only invoices of this period, such as 2026-12."`
}

// Invoices are the flags of the command that lists invoices.
type Invoices struct {
	Filter
	Limit int `default:"100" help:"Maximum number of invoices (default: ${default})."`
}

// Show prints the invoices.
func (c Invoices) Show(ctx context.Context, b *accounting.Books, out io.Writer) error {
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	invoices, total, err := b.Invoices(ctx, accounting.Filter(c.Filter), search.Page{Size: c.Limit, Number: 1})
	if err != nil {
		return err
	}
	if err := output.Invoices(out, b, invoices); err != nil {
		return err
	}
	if more := total - len(invoices); more > 0 {
		fmt.Fprintf(out, "and %d more: raise --limit\n", more)
	}
	return nil
}

// Invoice are the flags of the command that shows an invoice.
type Invoice struct {
	Invoice     InvoiceID `arg:"" help:"Id of the invoice, such as 10001-7."`
	PDF         string    `name:"pdf" type:"path" placeholder:"FILE" help:"Write the invoice as a PDF to FILE."`
	InvoiceFont string    `type:"existingfile" env:"TRUEUP_INVOICE_FONT" placeholder:"FILE" help:"TrueType font for the characters that are not Latin, Greek or Cyrillic."`
}

// Show prints the invoice or writes its PDF.
func (c Invoice) Show(ctx context.Context, b *accounting.Books, out io.Writer) error {
	v, err := b.Invoice(ctx, invoice.ID(c.Invoice))
	if err != nil {
		return err
	}
	if c.PDF == "" {
		return output.Invoice(out, b, v)
	}
	font, err := ReadFont(c.InvoiceFont)
	if err != nil {
		return err
	}
	options := new(invoicefile.MissingLog).Options(font, v.ID.Partner, slog.Default())
	return output.File(c.PDF, func(w io.Writer) error { return b.WritePDF(w, v, options) })
}

// Export are the flags of the command that exports invoices.
type Export struct {
	Filter
	Format      string        `default:"invoices" placeholder:"FORMAT" help:"What has a row: invoices (their lines), entries, or xero for bills (default: ${default})."`
	AccountCode string        `placeholder:"CODE" help:"With --format xero: code of the expense account."`
	TaxType     string        `placeholder:"NAME" help:"With --format xero: tax rate as Xero displays it, such as 'Tax on Purchases'."`
	MonthFirst  bool          `help:"With --format xero: dates begin with the month, for an organization in the United States."`
	Output      string        `short:"o" type:"path" placeholder:"FILE" help:"File to write (default: the standard output). It gets its name once it is complete."`
	Timeout     time.Duration `default:"${exportTimeout}" placeholder:"TIME" help:"Longest time for which the snapshot of the database is kept open (default: ${default})."`
}

// Show writes the export.
func (c Export) Show(ctx context.Context, b *accounting.Books, out io.Writer) error {
	if c.Timeout <= 0 {
		return &accounting.FieldError{Field: "timeout", Message: "Must be positive"}
	}
	x := accounting.Export{
		Filter: accounting.Filter(c.Filter), Format: accounting.Format(strings.ToLower(c.Format)),
		Xero: invoicefile.Xero{AccountCode: c.AccountCode, TaxType: c.TaxType, MonthFirst: c.MonthFirst},
	}
	if err := b.CheckExport(x); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("the export took longer than %v; select less, or raise --timeout", c.Timeout))
	defer cancel()
	write := func(w io.Writer) error { return b.WriteExport(ctx, output.Interruptible(ctx, w), x) }
	if c.Output == "" {
		return write(out)
	}
	return output.File(c.Output, write)
}
