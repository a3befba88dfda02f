package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// booksFlags select the books of an account.
type booksFlags struct {
	storeFlags
	clockFlag
	Account int64 `required:"" placeholder:"ID" help:"Account."`
}

// reasonFlag is the flag of operations that the audit log explains.
type reasonFlag struct {
	Reason string `required:"" placeholder:"TEXT" help:"Reason for the audit log (see: trueup audit)."`
}

// read calls f with the books in a store that is opened read-only.
func (f booksFlags) read(ctx context.Context, do func(*accounting.Books) error) error {
	return useStore(ctx, f.openReadOnly, ledgerFolder, func(st *sqlstore.Store) error { return f.with(ctx, st, do) })
}

// write calls f with the books and an audit event.
func (f booksFlags) write(ctx context.Context, operation store.Operation, reason string, do func(*accounting.Books, store.AuditEvent) error) error {
	if problem := store.CheckReason(reason); problem != "" {
		return usageError("--reason: %s", problem)
	}
	return f.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		if err := f.check(ctx, st); err != nil {
			return err
		}
		return f.with(ctx, st, func(b *accounting.Books) error {
			event := userEvent(operation, reason)
			event.At = b.Now().UTC()
			return do(b, event)
		})
	})
}

// with calls f with the books. Errors name the flags.
func (f booksFlags) with(ctx context.Context, st *sqlstore.Store, do func(*accounting.Books) error) error {
	now, err := f.time()
	if err != nil {
		return err
	}
	b, err := accounting.Open(ctx, st, f.Account, now)
	if errors.Is(err, ledger.ErrNotFound) {
		return noAccount(f.Account)
	}
	if err != nil {
		return err
	}
	err = do(b)
	invalid, missing, unpaid := (*accounting.FieldError)(nil), (*accounting.NotFoundError)(nil), (*store.PaymentError)(nil)
	switch {
	case errors.As(err, &invalid):
		return usageError("--%s: %s", strings.ReplaceAll(invalid.Field, "_", "-"), invalid.Message)
	case errors.As(err, &missing):
		return notFound("account %d has no %s", f.Account, missing.Object)
	case errors.As(err, &unpaid):
		return fmt.Errorf("%w; nothing was recorded", unpaid)
	}
	return err
}

type bonusCommand struct {
	booksFlags
	reasonFlag
	Partner  int64  `required:"" placeholder:"ID" help:"Partner."`
	Campaign int64  `required:"" placeholder:"ID" help:"Campaign of the invoice line."`
	Amount   string `required:"" placeholder:"AMOUNT" help:"Amount in the account's currency. Below zero it is a deduction, as in --amount=-12.50."`
}

// Run records the bonus. A server may be running.
func (c bonusCommand) Run(ctx context.Context, s streams) error {
	return c.write(ctx, store.OperationBonus, c.Reason, func(b *accounting.Books, event store.AuditEvent) error {
		e, err := b.Bonus(ctx, c.Partner, c.Campaign, c.Amount, event)
		if err == nil {
			s.printf("Recorded %s %s for partner %d, for the invoice of %s.\n", b.Currency().Format(e.Amount), b.Currency(), e.Partner, b.Period(e.Date))
		}
		return err
	})
}

type balanceCommands struct {
	List     balanceList     `cmd:"" help:"List what an account owes its partners."`
	Get      balanceGet      `cmd:"" help:"Show what an account owes a partner."`
	WriteOff balanceWriteOff `cmd:"" help:"Write off a balance that is carried from invoice to invoice."`
}

type balanceList struct{ booksFlags }

// Run lists the balances. A server may be running.
func (c balanceList) Run(ctx context.Context, s streams) error {
	return c.read(ctx, func(b *accounting.Books) error { return printBalances(ctx, s, b, b.Partners()) })
}

type balanceGet struct {
	booksFlags
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Run shows the balance. A server may be running.
func (c balanceGet) Run(ctx context.Context, s streams) error {
	return c.read(ctx, func(b *accounting.Books) error { return printBalances(ctx, s, b, []int64{c.Partner}) })
}

func printBalances(ctx context.Context, s streams, b *accounting.Books, partners []int64) error {
	balances, err := b.Balances(ctx, partners)
	if err != nil {
		return err
	}
	return output.Balances(s.out, b, balances)
}

type balanceWriteOff struct {
	booksFlags
	reasonFlag
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Run writes the carried balance off. A server may be running.
func (c balanceWriteOff) Run(ctx context.Context, s streams) error {
	return c.write(ctx, store.OperationWriteOff, c.Reason, func(b *accounting.Books, event store.AuditEvent) error {
		entries, err := b.WriteOff(ctx, c.Partner, event)
		for _, e := range entries {
			s.printf("Recorded %s %s for partner %d and campaign %d.\n", b.Currency().Format(e.Amount), b.Currency(), e.Partner, e.Campaign)
		}
		return err
	})
}

type paymentCommands struct {
	Record paymentRecord `cmd:"" help:"Record the payment of an invoice."`
	Import paymentImport `cmd:"" help:"Record the payments of a CSV file of bank transfers."`
}

type paymentRecord struct {
	booksFlags
	reasonFlag
	Invoice   string `arg:"" help:"Id of the invoice, such as 10001-7."`
	Date      string `required:"" placeholder:"DATE" help:"Date of the payment, such as 2026-12-31."`
	Reference string `placeholder:"TEXT" help:"Reference of the payment at the bank."`
	Amount    string `placeholder:"AMOUNT" help:"Amount that was paid, which must be the total of the invoice (default: the total)."`
}

// Run records the payment. A server may be running.
func (c paymentRecord) Run(ctx context.Context, s streams) error {
	id, err := parseInvoice(c.Invoice)
	if err != nil {
		return err
	}
	return c.write(ctx, store.OperationPay, c.Reason, func(b *accounting.Books, event store.AuditEvent) error {
		v, err := b.Pay(ctx, id, accounting.Payment{Date: c.Date, Reference: c.Reference, Amount: c.Amount}, event)
		if err == nil {
			s.printf("Invoice %s of %s %s is paid.\n", v.ID, v.Currency.Format(v.Total), v.Currency)
		}
		return err
	})
}

type paymentImport struct {
	booksFlags
	reasonFlag
	DryRun  bool   `help:"Print the result and record nothing."`
	Partial bool   `help:"Record the payments that match, although other rows have problems."`
	Decimal string `placeholder:"SEPARATOR" help:"Decimal separator of the file, . or , (default: detected, if the numbers leave no doubt)."`
	Dates   string `placeholder:"ORDER" help:"Order of dates such as 03/04/2026: DMY or MDY (default: detected, if the dates leave no doubt)."`
	File    string `arg:"" type:"existingfile" help:"CSV file with headings such as date, amount, currency, and reference or invoice."`
}

// Run records the payments. A server may be running.
func (c paymentImport) Run(ctx context.Context, s streams) error {
	content, err := readUpTo(c.File, bankfile.MaxSize)
	if err != nil {
		return err
	}
	return c.write(ctx, store.OperationPay, c.Reason, func(b *accounting.Books, event store.AuditEvent) error {
		i := accounting.Import{
			Content: content, Options: bankfile.Options{Decimal: c.Decimal, Dates: bankfile.DateOrder(c.Dates)}, DryRun: c.DryRun, Partial: c.Partial,
		}
		done, err := b.ImportPayments(ctx, i, event)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		output.Imported(s.out, done)
		return done.Err()
	})
}
