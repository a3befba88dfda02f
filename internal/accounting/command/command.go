// Package command declares the flags of the commands for invoices, balances and payments,
// without those of the store, and runs them.
package command

import (
	"context"
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// InvoiceID is the id of an invoice in an argument.
type InvoiceID invoice.ID

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *InvoiceID) UnmarshalText(text []byte) error {
	parsed, err := invoice.ParseID(string(text))
	*id = InvoiceID(parsed)
	return err
}

// Bonus are the flags of the command that records a bonus.
type Bonus struct {
	Partner  int64  `required:"" placeholder:"ID" help:"Partner."`
	Campaign int64  `required:"" placeholder:"ID" help:"Campaign of the invoice line."`
	Amount   string `required:"" placeholder:"AMOUNT" help:"Amount in the account's currency. Below zero it is a deduction, as in --amount=-12.50."`
}

// Operation returns the operation in the audit log.
func (Bonus) Operation() store.Operation { return store.OperationBonus }

// Do records the bonus.
func (c Bonus) Do(ctx context.Context, b *accounting.Books, out io.Writer, e store.AuditEvent) error {
	entry, err := b.Bonus(ctx, c.Partner, c.Campaign, c.Amount, e)
	if err == nil {
		fmt.Fprintf(out, "Recorded %s %s for partner %d, for the invoice of %s.\n", b.Currency().Format(entry.Amount), b.Currency(), entry.Partner, b.Period(entry.Date))
	}
	return err
}

// Balances are the flags of the command that lists balances.
type Balances struct {
	Limit int `default:"100" help:"Maximum number of partners (default: ${default})."`
	Page  int `default:"1" help:"Page of the list, from 1 (default: ${default})."`
}

// Show prints the balances of a page of the partners.
func (c Balances) Show(ctx context.Context, b *accounting.Books, out io.Writer) error {
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	partners := b.Partners()
	pages := max((len(partners)+c.Limit-1)/c.Limit, 1)
	if c.Page < 1 || c.Page > pages {
		return &accounting.FieldError{Field: "page", Message: fmt.Sprintf("Must be from 1 to %d", pages)}
	}
	first := (c.Page - 1) * c.Limit
	last := min(first+c.Limit, len(partners))
	if err := printBalances(ctx, b, out, partners[first:last]); err != nil {
		return err
	}
	if more := len(partners) - last; more > 0 {
		fmt.Fprintf(out, "and %d more: use --page %d, or raise --limit\n", more, c.Page+1)
	}
	return nil
}

// checkLimit checks the flag that limits the length of a list.
func checkLimit(limit int) error {
	if limit < 1 {
		return &accounting.FieldError{Field: "limit", Message: "Must be at least 1"}
	}
	return nil
}

// Balance are the arguments of the command that shows a balance.
type Balance struct {
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Show prints the balance of a partner.
func (c Balance) Show(ctx context.Context, b *accounting.Books, out io.Writer) error {
	return printBalances(ctx, b, out, []int64{c.Partner})
}

func printBalances(ctx context.Context, b *accounting.Books, out io.Writer, partners []int64) error {
	balances, err := b.Balances(ctx, partners)
	if err != nil {
		return err
	}
	return output.Balances(out, b, balances)
}

// WriteOff are the arguments of the command that writes a balance off.
type WriteOff struct {
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Operation returns the operation in the audit log.
func (WriteOff) Operation() store.Operation { return store.OperationWriteOff }

// Do writes the carried balance off.
func (c WriteOff) Do(ctx context.Context, b *accounting.Books, out io.Writer, e store.AuditEvent) error {
	entries, err := b.WriteOff(ctx, c.Partner, e)
	for _, entry := range entries {
		fmt.Fprintf(out, "Recorded %s %s for partner %d and campaign %d.\n", b.Currency().Format(entry.Amount), b.Currency(), entry.Partner, entry.Campaign)
	}
	return err
}

// Payment are the flags of the command that records a payment.
type Payment struct {
	Invoice   InvoiceID `arg:"" help:"Id of the invoice, such as 10001-7."`
	Date      string    `required:"" placeholder:"DATE" help:"Date of the payment, such as 2026-12-31."`
	Reference string    `placeholder:"TEXT" help:"Reference of the payment at the bank."`
	Amount    string    `placeholder:"AMOUNT" help:"Amount that was paid, which must be the total of the invoice (default: the total)."`
}

// Operation returns the operation in the audit log.
func (Payment) Operation() store.Operation { return store.OperationPay }

// Do records the payment.
func (c Payment) Do(ctx context.Context, b *accounting.Books, out io.Writer, e store.AuditEvent) error {
	v, err := b.Pay(ctx, invoice.ID(c.Invoice), accounting.Payment{Date: c.Date, Reference: c.Reference, Amount: c.Amount}, e)
	if err == nil {
		fmt.Fprintf(out, "Invoice %s of %s %s is paid.\n", v.ID, v.Currency.Format(v.Total), v.Currency)
	}
	return err
}

// Payments are the flags of the command that imports payments.
type Payments struct {
	DryRun  bool   `help:"Print the result and record nothing."`
	Partial bool   `help:"Record the payments that match, although other rows have problems."`
	Decimal string `placeholder:"SEPARATOR" help:"Decimal separator of the file, . or , (default: detected, if the numbers leave no doubt)."`
	Dates   string `placeholder:"ORDER" help:"Order of dates such as 03/04/2026: DMY or MDY (default: detected, if the dates leave no doubt)."`
	File    string `arg:"" type:"existingfile" help:"CSV file with headings such as date, amount, currency, and reference or invoice."`
}

// Operation returns the operation in the audit log.
func (Payments) Operation() store.Operation { return store.OperationPay }

// Do records the payments of the file.
func (c Payments) Do(ctx context.Context, b *accounting.Books, out io.Writer, e store.AuditEvent) error {
	content, err := output.ReadFile(c.File, bankfile.MaxSize)
	if err != nil {
		return err
	}
	done, err := b.ImportPayments(ctx, accounting.Import{
		Content: content, Options: bankfile.Options{Decimal: c.Decimal, Dates: bankfile.DateOrder(c.Dates)}, DryRun: c.DryRun, Partial: c.Partial,
	}, e)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	output.Imported(out, done)
	return done.Err()
}

// ReadFont reads a font file for PDFs of invoices. It returns nil without a name.
func ReadFont(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	font, err := invoicefile.ReadFont(name)
	if err != nil {
		return nil, &accounting.FieldError{Field: "invoice-font", Message: err.Error()}
	}
	return font, nil
}
