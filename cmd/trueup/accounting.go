package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/accounting/command"
	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

type invoiceCommands struct {
	List   readBooks[command.Invoices] `cmd:"" help:"List invoices, those that were issued last first."`
	Get    readBooks[command.Invoice]  `cmd:"" help:"Show an invoice, or write it as a PDF."`
	Issue  invoiceIssue                `cmd:"" help:"Issue the invoices that are due, as a server does."`
	Export readBooks[command.Export]   `cmd:"" help:"Export invoices as CSV: a row for each line, for each entry, or bills for Xero."`
}

type balanceCommands struct {
	List     readBooks[command.Balances]  `cmd:"" help:"List what an account owes its partners."`
	Get      readBooks[command.Balance]   `cmd:"" help:"Show what an account owes a partner."`
	WriteOff writeBooks[command.WriteOff] `cmd:"" help:"Write off a balance that is carried from invoice to invoice."`
}

type paymentCommands struct {
	Record writeBooks[command.Payment]  `cmd:"" help:"Record the payment of an invoice."`
	Import writeBooks[command.Payments] `cmd:"" help:"Record the payments of a CSV file of bank transfers."`
}

// booksFlags select the books of an account.
type booksFlags struct {
	cli.StoreFlags
	cli.ClockFlag
	Account int64 `required:"" placeholder:"ID" help:"Account."`
}

// readBooks is a command that reads the books of an account.
type readBooks[C interface {
	Show(ctx context.Context, b *accounting.Books, out io.Writer) error
}] struct {
	booksFlags
	Command C `embed:""`
}

// Run runs the command on a store that is opened read-only. A server may be running.
func (c readBooks[C]) Run(ctx context.Context, s cli.Streams) error {
	return cli.UseStore(ctx, c.OpenReadOnly, cli.LedgerFolder, func(st *sqlstore.Store) error {
		return c.with(ctx, st, func(b *accounting.Books) error { return c.Command.Show(ctx, b, s.Out) })
	})
}

// writeBooks is a command whose operation is an audit event with a reason.
type writeBooks[C interface {
	Operation() store.Operation
	Do(ctx context.Context, b *accounting.Books, out io.Writer, e store.AuditEvent) error
}] struct {
	booksFlags
	Reason  string `required:"" placeholder:"TEXT" help:"Reason for the audit log (see: trueup audit list)."`
	Command C      `embed:""`
}

// Run runs the command. A server may be running.
func (c writeBooks[C]) Run(ctx context.Context, s cli.Streams) error {
	return c.write(ctx, c.Command.Operation(), c.Reason, func(b *accounting.Books, e store.AuditEvent) error {
		return c.Command.Do(ctx, b, s.Out, e)
	})
}

// write calls do with the books and an audit event.
func (f booksFlags) write(ctx context.Context, operation store.Operation, reason string, do func(*accounting.Books, store.AuditEvent) error) error {
	if problem := store.CheckReason(reason); problem != "" {
		return cli.Usage("--reason: %s", problem)
	}
	return f.Use(ctx, func(st *sqlstore.Store) error {
		if err := f.Check(ctx, st); err != nil {
			return err
		}
		return f.with(ctx, st, func(b *accounting.Books) error {
			event := cli.UserEvent(operation, reason)
			event.At = b.Now().UTC()
			return do(b, event)
		})
	})
}

// with calls do with the books. Errors name the flags.
func (f booksFlags) with(ctx context.Context, st *sqlstore.Store, do func(*accounting.Books) error) error {
	now, err := f.Time()
	if err != nil {
		return err
	}
	b, err := accounting.Open(ctx, st, f.Account, now)
	if errors.Is(err, ledger.ErrNotFound) {
		return cli.NoAccount(f.Account)
	}
	if err != nil {
		return err
	}
	err = do(b)
	invalid, missing := (*accounting.FieldError)(nil), (*accounting.NotFoundError)(nil)
	unpaid, refused := (*store.PaymentError)(nil), (*store.NotInvoicedError)(nil)
	switch {
	case errors.As(err, &invalid):
		return cli.Usage("--%s: %s", strings.ReplaceAll(invalid.Field, "_", "-"), invalid.Message)
	case errors.As(err, &missing):
		return cli.NotFound("account %d has no %s", f.Account, missing.Object)
	case errors.As(err, &unpaid):
		return fmt.Errorf("%w; nothing was recorded", unpaid)
	case errors.As(err, &refused):
		return refused
	}
	return err
}

type invoiceIssue struct {
	booksFlags
	Force   bool   `help:"Issue the invoice of --partner for the last closed period, although it is below the partner's minimum."`
	Partner int64  `placeholder:"ID" help:"With --force: partner."`
	Reason  string `placeholder:"TEXT" help:"With --force: reason for the audit log."`
}

// Run issues invoices. A server may be running.
func (c invoiceIssue) Run(ctx context.Context, s cli.Streams) error {
	switch {
	case c.Force && c.Partner == 0:
		return cli.Usage("--partner: name the partner whose invoice to force")
	case c.Force:
		return c.write(ctx, store.OperationIssue, c.Reason, func(b *accounting.Books, event store.AuditEvent) error {
			v, err := b.Force(ctx, c.Partner, event)
			if err != nil {
				return err
			}
			return output.Invoices(s.Out, b, []invoice.Record{v})
		})
	case c.Partner != 0 || c.Reason != "":
		return cli.Usage("--partner and --reason: use them with --force; without it, the invoices of all partners are issued")
	}
	return c.Use(ctx, func(st *sqlstore.Store) error {
		if err := c.Check(ctx, st); err != nil {
			return err
		}
		now, err := c.Now()
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
			return output.Issued(ctx, s.Out, b, issued)
		})
	})
}
