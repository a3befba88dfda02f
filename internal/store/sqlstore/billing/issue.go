package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxPartners is the largest number of partners whose invoices one transaction issues.
const maxPartners = 25

// issue issues the invoices of the next partners for a period that has ended. It computes them
// from a snapshot: all entries of the period are there, and entries don't change. The
// transaction only writes them.
func (b *Biller) issue(
	ctx context.Context, accountID int64, p store.BillingPosition, period program.Month, end time.Time,
) (billed store.Billed, err error) {
	var invoices []invoice.Invoice
	var held []int64
	after := p
	err = account.Read(ctx, b.DB, accountID, func(r *account.Snapshot) error {
		settings, err := b.Versions.At(r.Session, accountID, end)
		if err != nil {
			return err
		}
		issuing := issuing{r, period, end, settings.Data}
		invoices, held, after, err = issuing.next(p)
		return err
	})
	if err != nil {
		return billed, err
	}
	var rows [][]any
	for _, v := range invoices {
		row, err := invoiceRow(accountID, v)
		if err != nil {
			return billed, err
		}
		rows, billed.Invoices = append(rows, row), append(billed.Invoices, v.ID)
	}
	billed.Progress, billed.Held = true, held
	return billed, b.write(ctx, accountID, len(rows) > 0, func(s *sqldb.Session) error {
		present, err := position(s, accountID, s.Dialect().ForUpdate)
		if err != nil {
			return err
		}
		if !present.Period.Equal(p.Period) || present.Partner != p.Partner {
			return errMoved
		}
		present.Period, present.Partner = after.Period, after.Partner
		return errors.Join(writeInvoices(s, accountID, rows), savePosition(s, accountID, present))
	})
}

// write runs f in a write transaction, which locks the applier if f assigns numbers.
func (b *Biller) write(ctx context.Context, account int64, numbers bool, f func(*sqldb.Session) error) error {
	if numbers {
		return b.Lock(ctx, account, f)
	}
	return b.DB.WriteFor(ctx, account, f)
}

// issuing computes invoices of one period.
type issuing struct {
	*account.Snapshot
	period    program.Month
	end       time.Time
	reference *program.Reference
}

// next returns the invoices of the next partners after a position, those of them whose entries
// can't be added up, and the position after them. After the last partner, the period is closed.
func (i issuing) next(p store.BillingPosition) (invoices []invoice.Invoice, held []int64, after store.BillingPosition, err error) {
	for range maxPartners {
		partner := int64(0)
		err := i.Row("SELECT coalesce(min(partner), 0) FROM entries WHERE account = ? AND partner > ?", []any{i.Account, p.Partner}, &partner)
		if err != nil {
			return nil, nil, p, err
		}
		if partner == 0 {
			p.Period, p.Partner = i.end, 0
			break
		}
		v, reason, err := i.invoice(partner, false)
		if err != nil {
			return nil, nil, p, err
		}
		switch reason {
		case "":
			invoices = append(invoices, v)
		case invoice.TooLarge:
			held = append(held, partner)
		}
		p.Partner = partner
	}
	return invoices, held, p, nil
}

// invoice returns the partner's invoice of the period, or the reason why there is none.
func (i issuing) invoice(partner int64, force bool) (v invoice.Invoice, reason invoice.Reason, err error) {
	last, until, err := lastInvoice(i.Session, i.Account, partner)
	if err != nil {
		return v, "", err
	}
	var s invoice.Statement
	terms := invoice.TermsOf(i.reference, partner, i)
	for e, err := range entries(i.Snapshot, partner, until, i.end) {
		if err == nil {
			err = s.Add(e, terms.Zone)
		}
		if err != nil {
			return v, "", fmt.Errorf("entries of partner %d: %w", partner, err)
		}
	}
	return s.Invoice(invoice.ID{Partner: partner, Number: last + 1}, i.period, terms, force)
}

// RateTables implements [program.RateLookup] by the rates that were recorded by the period's
// end.
func (i issuing) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	return reference.RateTables(i.Session, i.Account, first, last, i.end, visit)
}
