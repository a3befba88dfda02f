package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

type invoiceCommands struct {
	List   invoiceList   `cmd:"" help:"List invoices, those that were issued last first."`
	Get    invoiceGet    `cmd:"" help:"Show an invoice, or write it as a PDF."`
	Issue  invoiceIssue  `cmd:"" help:"Issue the invoices that are due, as a server does."`
	Export invoiceExport `cmd:"" help:"Export invoices as CSV: a row for each line, for each entry, or bills for Xero."`
}

// invoiceFilter are the flags that select invoices.
type invoiceFilter struct {
	Partner int64  `placeholder:"ID" help:"Only invoices of this partner."`
	Status  string `placeholder:"STATUS" help:"Only invoices with this status: PENDING, PAID or OVERDUE."`
	Month   string `placeholder:"MONTH" help:"Only invoices of this period, such as 2026-12."`
}

// parseInvoice parses the id of an invoice in an argument.
func parseInvoice(text string) (invoice.ID, error) {
	id, err := invoice.ParseID(text)
	if err != nil {
		return id, usageError("<invoice>: %w", err)
	}
	return id, nil
}

type invoiceList struct {
	booksFlags
	invoiceFilter
	Limit int `default:"100" help:"Maximum number of invoices (default: ${default})."`
}

// Run lists the invoices. A server may be running.
func (c invoiceList) Run(ctx context.Context, s streams) error {
	if err := checkPage(c.Limit, 0); err != nil {
		return err
	}
	return c.read(ctx, func(b *accounting.Books) error {
		invoices, total, err := b.Invoices(ctx, accounting.Filter(c.invoiceFilter), search.Page{Size: c.Limit, Number: 1})
		if err != nil {
			return err
		}
		if err := output.Invoices(s.out, b, invoices); err != nil {
			return err
		}
		if more := total - len(invoices); more > 0 {
			s.printf("and %d more: raise --limit\n", more)
		}
		return nil
	})
}

type invoiceGet struct {
	booksFlags
	Invoice     string `arg:"" help:"Id of the invoice, such as 10001-7."`
	PDF         string `name:"pdf" type:"path" placeholder:"FILE" help:"Write the invoice as a PDF to FILE."`
	InvoiceFont string `type:"existingfile" env:"TRUEUP_INVOICE_FONT" placeholder:"FILE" help:"TrueType font for the characters that are not Latin, Greek or Cyrillic."`
}

// Run shows the invoice. A server may be running.
func (c invoiceGet) Run(ctx context.Context, s streams) error {
	id, err := parseInvoice(c.Invoice)
	if err != nil {
		return err
	}
	return c.read(ctx, func(b *accounting.Books) error {
		v, err := b.Invoice(ctx, id)
		if err != nil {
			return err
		}
		if c.PDF == "" {
			return output.Invoice(s.out, b, v)
		}
		font, err := readFont(c.InvoiceFont)
		if err != nil {
			return err
		}
		return output.File(c.PDF, func(w io.Writer) error { return b.WritePDF(w, v, font) })
	})
}

// maxFont is the maximum size of a font file in bytes.
const maxFont = 64 << 20

// readFont reads a font file. It returns nil without a name.
func readFont(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	font, err := readUpTo(name, maxFont)
	if err == nil {
		err = invoicefile.CheckFont(font)
	}
	if err != nil {
		return nil, usageError("--invoice-font: %w", err)
	}
	return font, nil
}

type invoiceIssue struct {
	booksFlags
	Force   bool   `help:"Issue the invoice of --partner for the last closed period, although it is below the partner's minimum."`
	Partner int64  `placeholder:"ID" help:"With --force: partner."`
	Reason  string `placeholder:"TEXT" help:"With --force: reason for the audit log."`
}

// Run issues invoices. A server may be running.
func (c invoiceIssue) Run(ctx context.Context, s streams) error {
	switch {
	case c.Force && c.Partner == 0:
		return usageError("--partner: name the partner whose invoice to force")
	case c.Force:
		return c.force(ctx, s)
	case c.Partner != 0 || c.Reason != "":
		return usageError("--partner and --reason: use them with --force; without it, the invoices of all partners are issued")
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		if err := c.check(ctx, st); err != nil {
			return err
		}
		now, err := c.now()
		if err != nil {
			return err
		}
		return c.with(ctx, st, func(b *accounting.Books) error {
			if err := applier.Drain(ctx, st, c.Account, now); err != nil {
				return err
			}
			issued, err := b.Issue(ctx, math.MaxInt64)
			if err != nil {
				return err
			}
			return output.Issued(ctx, s.out, b, issued)
		})
	})
}

// force issues the invoice of a partner.
func (c invoiceIssue) force(ctx context.Context, s streams) error {
	return c.write(ctx, store.OperationIssue, c.Reason, func(b *accounting.Books, event store.AuditEvent) error {
		v, err := b.Force(ctx, c.Partner, event)
		if refused := (*store.NotInvoicedError)(nil); errors.As(err, &refused) {
			return refused
		}
		if err != nil {
			return err
		}
		return output.Invoices(s.out, b, []invoice.Record{v})
	})
}

type invoiceExport struct {
	booksFlags
	invoiceFilter
	Format      string        `default:"invoices" placeholder:"FORMAT" help:"What has a row: invoices (their lines), entries, or xero for bills (default: ${default})."`
	AccountCode string        `placeholder:"CODE" help:"With --format xero: code of the expense account."`
	TaxType     string        `placeholder:"NAME" help:"With --format xero: tax rate as Xero displays it, such as 'Tax on Purchases'."`
	MonthFirst  bool          `help:"With --format xero: dates begin with the month, for an organization in the United States."`
	Output      string        `short:"o" type:"path" placeholder:"FILE" help:"File to write (default: the standard output). It gets its name once it is complete."`
	Timeout     time.Duration `default:"${exportTimeout}" placeholder:"TIME" help:"Longest time for which the snapshot of the database is kept open (default: ${default})."`
}

// Run writes the export. A server may be running.
func (c invoiceExport) Run(ctx context.Context, s streams) error {
	if c.Timeout <= 0 {
		return usageError("--timeout %v: must be positive", c.Timeout)
	}
	x := accounting.Export{
		Filter: accounting.Filter(c.invoiceFilter), Format: accounting.Format(strings.ToLower(c.Format)),
		Xero: invoicefile.Xero{AccountCode: c.AccountCode, TaxType: c.TaxType, MonthFirst: c.MonthFirst},
	}
	return c.read(ctx, func(b *accounting.Books) error {
		if err := b.CheckExport(x); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("the export took longer than %v; select less, or raise --timeout", c.Timeout))
		defer cancel()
		return s.write(c.Output, func(w io.Writer) error { return b.WriteExport(ctx, output.Interruptible(ctx, w), x) })
	})
}
