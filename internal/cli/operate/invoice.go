package operate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/output"
)

// invoiceFilter are the flags that select invoices.
type invoiceFilter struct {
	Partner int64  `placeholder:"ID" help:"Only invoices of this partner."`
	Status  string `placeholder:"STATUS" help:"Only invoices with this status: PENDING, PAID or OVERDUE."`
	Month   string `placeholder:"MONTH" help:"Only invoices of this period, such as 2026-12."`
}

// InvoiceList lists invoices.
type InvoiceList struct {
	account
	listing
	invoiceFilter
}

var invoiceColumns = render.Columns("id:Invoice", "partner", "partner_name:Name", "period", "due", "status", "net", "vat", "total", "currency")

// Do lists the invoices, those that were issued last first.
func (c InvoiceList) Do(ctx context.Context, s *cli.Session) error {
	query := cli.Parameters{}
	query.Set("partner", c.Partner)
	query.Set("status", strings.ToUpper(c.Status))
	query.Set("month", c.Month)
	return operands{}.locate(c.list(ctx, s, collection{path: path(s, "invoices"), key: "invoices", columns: invoiceColumns}, query))
}

// InvoiceGet shows an invoice.
type InvoiceGet struct {
	account
	cli.ShowFlags
	Invoice     InvoiceID `arg:"" help:"Id of the invoice, such as 10001-7."`
	PDF         string    `name:"pdf" type:"path" placeholder:"FILE" help:"Write the invoice as a PDF to FILE."`
	InvoiceFont string    `type:"existingfile" env:"TRUEUP_INVOICE_FONT" placeholder:"FILE" help:"TrueType font for the characters of a PDF that are not Latin, Greek or Cyrillic. A server has a font of its own."`
}

// Do prints the invoice or writes its PDF.
func (c InvoiceGet) Do(ctx context.Context, s *cli.Session) error {
	id := c.Invoice.String()
	switch {
	case c.PDF != "":
		return output.File(c.PDF, func(w io.Writer) error {
			return save(ctx, w, func() (io.ReadCloser, error) { return s.Admin.InvoicePDF(ctx, s.Account, id) })
		})
	case c.Output == render.Table && len(c.Columns) == 0:
		v, err := s.Admin.Invoice(ctx, s.Account, id)
		if err != nil {
			return err
		}
		return output.Invoice(s.Out, v)
	}
	v, err := s.Admin.Object(ctx, path(s, "invoices", id))
	if err != nil {
		return err
	}
	return c.Print(s, v, invoiceColumns)
}

// save writes a body to w.
func save(ctx context.Context, w io.Writer, open func() (io.ReadCloser, error)) error {
	body, err := open()
	if err == nil {
		_, err = io.Copy(output.Interruptible(ctx, w), body)
		err = errors.Join(err, body.Close())
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// InvoiceExport exports invoices.
type InvoiceExport struct {
	account
	invoiceFilter
	Format      string        `default:"invoices" placeholder:"FORMAT" help:"What has a row: invoices (their lines), entries, or xero for bills (default: ${default})."`
	AccountCode string        `placeholder:"CODE" help:"With --format xero: code of the expense account."`
	TaxType     string        `placeholder:"NAME" help:"With --format xero: tax rate as Xero displays it, such as 'Tax on Purchases'."`
	MonthFirst  bool          `help:"With --format xero: dates begin with the month, for an organization in the United States."`
	Output      string        `short:"o" type:"path" placeholder:"FILE" help:"File to write (default: the standard output). It gets its name once it is complete."`
	Timeout     time.Duration `default:"${exportTimeout}" placeholder:"TIME" help:"Longest time for which the snapshot of the database is kept open (default: ${default})."`
}

// Do writes the export.
func (c InvoiceExport) Do(ctx context.Context, s *cli.Session) error {
	if c.Timeout <= 0 {
		return cli.Usage("--timeout: must be positive")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("the export took longer than %v; select less, or raise --timeout", c.Timeout))
	defer cancel()
	err := s.WriteFile(c.Output, func(w io.Writer) error {
		return save(ctx, w, func() (io.ReadCloser, error) {
			return s.Admin.ExportInvoices(ctx, s.Account, admin.InvoiceExport{
				Partner: int(c.Partner), Status: strings.ToUpper(c.Status), Month: admin.Month(c.Month), Format: strings.ToLower(c.Format),
				AccountCode: c.AccountCode, TaxType: c.TaxType, MonthFirst: c.MonthFirst,
			})
		})
	})
	return operands{}.locate(err)
}

// InvoiceIssue issues invoices.
type InvoiceIssue struct {
	account
	Force   bool   `help:"Issue the invoice of --partner for the last closed period, although it is below the partner's minimum."`
	Partner int64  `placeholder:"ID" help:"With --force: partner."`
	Reason  string `placeholder:"TEXT" help:"With --force: reason for the audit log."`
}

// Do issues the invoices that are due, as a server does by itself, or that of one partner. On a ledger
// on this machine, it applies what is queued first.
func (c InvoiceIssue) Do(ctx context.Context, s *cli.Session) error {
	switch {
	case c.Force && c.Partner == 0:
		return cli.Usage("--partner: name the partner whose invoice to force")
	case c.Force:
		return c.force(ctx, s)
	case c.Partner != 0 || c.Reason != "":
		return cli.Usage("--partner and --reason: use them with --force; without it, the invoices of all partners are issued")
	}
	if err := s.Drain(ctx); err != nil {
		return err
	}
	var invoices []string
	for {
		issued, err := s.Admin.IssueInvoices(ctx, s.Account)
		if err != nil {
			return err
		}
		if invoices = append(invoices, issued.Invoices...); issued.More {
			continue
		}
		issued.Invoices = invoices
		shown, err := find(ctx, s, invoices)
		if err != nil {
			return err
		}
		return output.Issued(s.Out, issued, shown)
	}
}

// force issues the invoice of a partner.
func (c InvoiceIssue) force(ctx context.Context, s *cli.Session) error {
	o, err := operation{c.account, c.Reason}.options()
	if err != nil {
		return err
	}
	if err := check(ctx, s, "partner", admin.Partners, c.Partner); err != nil {
		return err
	}
	issued, err := s.Admin.ForceInvoice(ctx, s.Account, int(c.Partner), o)
	if err != nil {
		return operands{}.locate(err)
	}
	shown, err := find(ctx, s, issued.Invoices)
	if err != nil {
		return err
	}
	return output.Invoices(s.Out, shown)
}

// find returns the invoices with the first ids.
func find(ctx context.Context, s *cli.Session, ids []string) (invoices []admin.Invoice, err error) {
	for _, id := range ids[:min(len(ids), output.MaxShown)] {
		v, err := s.Admin.Invoice(ctx, s.Account, id)
		if err != nil {
			return nil, err
		}
		invoices = append(invoices, *v)
	}
	return invoices, nil
}
