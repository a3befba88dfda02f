package accounting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Payment is a payment as an operator writes it.
type Payment struct {
	// Date is a date such as 2026-12-31.
	Date, Reference string
	// Amount is the amount that was paid, or empty for the total of the invoice.
	Amount string
}

// Pay records the payment of an invoice and returns the invoice. The error is a [*FieldError] for
// an invalid value, a [*store.PaymentError] or a [*NotFoundError].
func (b *Books) Pay(ctx context.Context, id invoice.ID, p Payment, e store.AuditEvent) (v invoice.Record, err error) {
	date, err := scalar.Date(p.Date)
	if err != nil {
		return v, &FieldError{"date", err.Error()}
	}
	if utf8.RuneCountInString(p.Reference) > invoice.MaxReference {
		return v, &FieldError{"reference", fmt.Sprintf("Must have at most %d characters", invoice.MaxReference)}
	}
	if v, err = b.Invoice(ctx, id); err != nil {
		return v, err
	}
	if created := program.DateOf(v.Created, b.Zone()); date < created {
		return v, &FieldError{"date", fmt.Sprintf("Must not be before the date of the invoice, %s", created)}
	}
	if today := program.DateOf(b.now, b.Zone()); date > today {
		return v, &FieldError{"date", fmt.Sprintf("Must not be after today, %s", today)}
	}
	amount := v.Total
	if p.Amount != "" {
		if amount, err = ParseAmount("amount", p.Amount, b.Currency()); err != nil {
			return v, err
		}
	}
	if err := b.record(ctx, []store.Payment{{Payment: b.payment(id, date, p.Reference), Amount: amount}}, e); err != nil {
		return v, err
	}
	return b.Invoice(ctx, id)
}

// payment returns the payment of an invoice on a day.
func (b *Books) payment(id invoice.ID, date program.Date, reference string) invoice.Payment {
	day, err := time.Parse(time.DateOnly, string(date))
	if err != nil {
		panic(err) // a Date is valid
	}
	return invoice.Payment{Invoice: id, Date: program.Midnight(day.Year(), day.Month(), day.Day(), b.Zone()), Reference: reference}
}

func (b *Books) record(ctx context.Context, payments []store.Payment, e store.AuditEvent) error {
	return b.store.RecordPayments(ctx, b.account, b.now, payments, e)
}

// Import is an import of a file of bank transfers.
type Import struct {
	bankfile.Options
	Content []byte
	// DryRun means that nothing is recorded.
	DryRun bool
	// Partial means that the payments without problems are recorded if there are others.
	Partial bool
}

// check returns a [*FieldError] for an invalid option.
func (i Import) check() error {
	if i.Decimal != "" && !spreadsheet.IsSeparator(i.Decimal) {
		return &FieldError{"decimal", "Must be . or ,"}
	}
	if i.Dates != "" && !slices.Contains(bankfile.DateOrders, i.Dates) {
		return &FieldError{"dates", "Must be one of " + joined(bankfile.DateOrders)}
	}
	return nil
}

// Imported is the result of an import.
type Imported struct {
	// Results has a result for each row of the file.
	Results []bankfile.Result
	// Problems is the number of rows with a problem, Matched that of rows that pay an invoice,
	// and Before that of rows whose payment was recorded before.
	Problems, Matched, Before int
	// Recorded is the number of payments that were recorded: that of Matched, or 0.
	Recorded int
}

// ImportPayments records the payments of a file. It records none if a row has a problem, unless
// the import is partial. The error is a [*bankfile.FileError] for a file that can't be read, or a
// [*FieldError].
func (b *Books) ImportPayments(ctx context.Context, i Import, e store.AuditEvent) (Imported, error) {
	if err := i.check(); err != nil {
		return Imported{}, err
	}
	transfers, err := bankfile.Parse(i.Content, i.Options)
	if err != nil {
		return Imported{}, err
	}
	invoices, err := b.named(ctx, transfers)
	if err != nil {
		return Imported{}, err
	}
	zone := b.Zone()
	done := Imported{Results: bankfile.Match(transfers, invoices, zone, program.DateOf(b.now, zone))}
	var payments []store.Payment
	for _, r := range done.Results {
		switch {
		case r.Status.IsProblem():
			done.Problems++
		case r.Status == bankfile.Recorded:
			done.Before++
		case len(payments) == store.MaxPayments:
			return Imported{}, &bankfile.FileError{Line: r.Line, Message: fmt.Sprintf("The file has over %d payments: split it", store.MaxPayments)}
		default:
			payments = append(payments, store.Payment{Payment: b.payment(r.Invoice.ID, r.Date, r.Reference), Amount: r.Invoice.Total})
		}
	}
	done.Matched = len(payments)
	if i.DryRun || done.Matched == 0 || done.Problems > 0 && !i.Partial {
		return done, nil
	}
	if err := b.record(ctx, payments, e); err != nil {
		return Imported{}, err
	}
	done.Recorded = done.Matched
	return done, nil
}

// named returns the invoices that transfers name.
func (b *Books) named(ctx context.Context, transfers []bankfile.Transfer) (map[invoice.ID]invoice.Record, error) {
	invoices := make(map[invoice.ID]invoice.Record)
	err := b.read(ctx, func(r store.StatementReader) error {
		unknown := make(map[invoice.ID]bool)
		for _, t := range transfers {
			for _, id := range t.Invoices {
				if _, known := invoices[id]; known || unknown[id] {
					continue
				}
				v, err := r.Invoice(id)
				switch {
				case errors.Is(err, ledger.ErrNotFound):
					unknown[id] = true
				case err != nil:
					return err
				default:
					v.Lines = nil // a match doesn't read them
					invoices[id] = v
				}
			}
		}
		return nil
	})
	return invoices, err
}
