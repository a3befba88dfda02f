package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

var insertPayment = sqldb.BulkInsert("payments", "partner", "ordinal", "number", "date", "reference text", "instant")

// RecordPayments implements [store.Accounting].
func (b *Biller) RecordPayments(ctx context.Context, accountID int64, now time.Time, payments []store.Payment, e store.AuditEvent) error {
	if len(payments) > store.MaxPayments {
		return fmt.Errorf("%d payments, at most %d", len(payments), store.MaxPayments)
	}
	err := b.Lock(ctx, accountID, func(s *sqldb.Session) error {
		if err := checkTwice(payments); err != nil {
			return err
		}
		current, err := b.Versions.Current(s, accountID)
		if err != nil {
			return err
		}
		number, err := nextNumbers(s, accountID, len(payments))
		if err != nil {
			return err
		}
		at, event := column.Truncate(now), e
		var rows [][]any
		for i, p := range payments {
			if err := check(s, accountID, p, at, current); err != nil {
				return err
			}
			rows = append(rows, []any{
				accountID, p.Invoice.Partner, p.Invoice.Number, number + int64(i), column.Micros(p.Date), store.CleanText(p.Reference), column.Micros(at),
			})
			if i > 0 {
				event.Key = store.Key{} // one key for all
			}
			if err := account.LogEvent(s, event, accountID, at, "invoice "+p.Invoice.String(), describe(p, current)); err != nil {
				return err
			}
		}
		return s.WriteRows(insertPayment, rows)
	})
	if err != nil {
		return fmt.Errorf("record payments of account %d: %w", accountID, err)
	}
	return nil
}

func describe(p store.Payment, r *program.Reference) string {
	detail := fmt.Sprintf("%s %s on %s", r.Account.Currency.Format(p.Amount), r.Account.Currency, p.Date.In(r.Zone()).Format(time.DateOnly))
	if p.Reference != "" {
		detail += ", " + p.Reference
	}
	return detail
}

// checkTwice returns a [*store.PaymentError] if an invoice is paid by two of the payments.
func checkTwice(payments []store.Payment) error {
	seen := make(map[invoice.ID]bool, len(payments))
	for _, p := range payments {
		if seen[p.Invoice] {
			return &store.PaymentError{Invoice: p.Invoice, Problem: "it is paid twice"}
		}
		seen[p.Invoice] = true
	}
	return nil
}

// check returns a [*store.PaymentError] if a payment can't be recorded.
func check(s *sqldb.Session, account int64, p store.Payment, now time.Time, r *program.Reference) error {
	v, err := loadInvoice(s, account, p.Invoice)
	var problem string
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		problem = "there is no such invoice"
	case err != nil:
		return err
	case v.Payment != nil:
		problem = "it is paid already"
	case p.Amount != v.Total:
		problem = fmt.Sprintf("its total is %s %s, not %s", v.Currency.Format(v.Total), v.Currency, v.Currency.Format(p.Amount))
	case p.Date.After(now):
		problem = fmt.Sprintf("%s is in the future", p.Date.In(r.Zone()).Format(time.DateOnly))
	case p.Date.Before(v.Created):
		problem = fmt.Sprintf("%s is before the end of its period", p.Date.In(r.Zone()).Format(time.DateOnly))
	default:
		return nil
	}
	return &store.PaymentError{Invoice: p.Invoice, Problem: problem}
}
