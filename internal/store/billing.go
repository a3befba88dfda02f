package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Biller issues invoices (docs/rules.md, section 12).
type Biller interface {
	// Bill does a bounded part of what is due at an instant, in transactions that are short:
	// it gathers entries of locked actions, or issues invoices of the oldest period that has
	// ended, each exactly once, whichever process does it. The result depends only on what was
	// recorded by the period's end.
	Bill(ctx context.Context, account int64, now time.Time) (Billed, error)
}

// Accounting performs the operations of operators on what an account owes its partners. Each
// writes an audit event in its commit.
type Accounting interface {
	// ForceInvoice issues the invoice of a partner for the last closed period although it is
	// below the partner's minimum. It returns a [*NotInvoicedError] if the carried balance is not
	// above zero, and [ledger.ErrNotFound] for an unknown partner.
	ForceInvoice(ctx context.Context, account int64, now time.Time, partner int64, e AuditEvent) (invoice.ID, error)

	// RecordBonus records a bonus and returns its entry, whose date is when it was recorded.
	// The reason is that of the audit event. It returns [ledger.ErrNotFound] for an unknown
	// partner or campaign.
	RecordBonus(ctx context.Context, account int64, now time.Time, b Bonus, e AuditEvent) (invoice.Entry, error)

	// WriteOff records an entry for each campaign of the opposite sign of the partner's carried
	// balance, and returns them. It returns [ErrNothingCarried] if there is none,
	// [ErrNotIssued] after the end of a period until its invoices are issued, and
	// [ErrBalanceTooLarge] if a sum overflows an amount.
	WriteOff(ctx context.Context, account int64, now time.Time, partner int64, e AuditEvent) ([]invoice.Entry, error)

	// RecordPayments records the payments of up to [MaxPayments] invoices, all or none. It
	// returns a [*PaymentError] for one that can't be recorded.
	RecordPayments(ctx context.Context, account int64, now time.Time, payments []Payment, e AuditEvent) error
}

// MaxPayments is the largest number of payments that one call records.
const MaxPayments = 1000

// Bonus is a payment or a deduction that an operator records.
type Bonus struct {
	Partner, Campaign int64
	// Amount is in the account's currency. Below zero, it is a deduction. It is not 0.
	Amount money.Amount
}

// Payment is the payment of an invoice. Its amount must be the invoice's total.
type Payment struct {
	invoice.Payment
	Amount money.Amount
}

// PaymentError reports a payment that can't be recorded.
type PaymentError struct {
	Invoice invoice.ID
	Problem string
}

// Error names the invoice and the problem.
func (e *PaymentError) Error() string { return fmt.Sprintf("invoice %s: %s", e.Invoice, e.Problem) }

// NotInvoicedError reports that no invoice was issued.
type NotInvoicedError struct{ Reason invoice.Reason }

// Error returns the reason.
func (e *NotInvoicedError) Error() string { return "no invoice was issued: " + string(e.Reason) }

// ErrNothingCarried reports that a partner has no balance that is carried.
var ErrNothingCarried = errors.New("no balance is carried")

// ErrBalanceTooLarge reports that a balance can't be written off, since a sum has too many digits.
var ErrBalanceTooLarge = errors.New("the carried balance has too many digits: record bonuses with negative amounts first")

// ErrNotIssued reports that a period has ended and that its invoices are not issued yet.
var ErrNotIssued = errors.New("the invoices of the last period are not issued yet")

// StatementReader reads one consistent snapshot of what an account owes its partners. Its
// methods behave as those of a [Reader].
type StatementReader interface {
	// Invoice returns the invoice with the id.
	Invoice(id invoice.ID) (invoice.Record, error)
	// Invoices returns the invoices that match f, those that were issued last first.
	Invoices(f search.InvoiceFilter, p search.Page) (search.PageInfo, iter.Seq2[invoice.Record, error], error)
	// InvoiceEntries returns the entries of an invoice by date, kind and id.
	InvoiceEntries(id invoice.ID) iter.Seq2[invoice.Entry, error]
	// Entries returns the entries that match f by partner, date, kind and id.
	Entries(f search.EntryFilter) iter.Seq2[invoice.Entry, error]
	// Settlements returns the settlements of a partner's invoices at an instant. The first one has
	// no ID, and is from when the account's entries begin.
	Settlements(partner int64, at time.Time) (invoice.Settlements, error)
	// Accepted returns when the conversion of the action with a number was accepted.
	Accepted(action int64) (time.Time, error)
	// Balances returns the balances of partners at an instant, by partner.
	Balances(partners []int64, at time.Time) ([]Balance, error)
}

// Balance is what an account owes a partner, in the account's currency.
type Balance struct {
	Partner int64
	// Pending is the sum of the payouts of actions that are not locked, and Locked that of
	// locked ones that have not cleared.
	Pending, Locked money.Amount
	// Cleared is the sum of the entries in the open period up to now, and Carried that of those in
	// closed ones that are on no invoice.
	Cleared, Carried money.Amount
	// Invoiced and Paid are totals of invoices, with VAT.
	Invoiced, Paid money.Amount
	// WrittenOff is the sum of the write-offs.
	WrittenOff money.Amount
	// TooLarge reports whether a sum overflows an amount. Then the amounts are 0.
	TooLarge bool
}

// Owed returns what was invoiced and is not paid (docs/rules.md, section 9, law 8).
func (b Balance) Owed() money.Amount { return b.Invoiced - b.Paid }

// Billed is the result of [Biller.Bill].
type Billed struct {
	// Progress reports whether Bill did anything. If not, nothing more is due, or the period
	// can't be closed yet because submissions that were accepted before its end are queued.
	Progress bool
	// Invoices are the ids of the invoices that were issued.
	Invoices []invoice.ID
	// Held are the partners whose entries can't be added up, so that they have no invoice.
	Held []int64
	// End is the end of the oldest period that was not closed before, or zero if another process
	// billed the account meanwhile. Without progress, nothing is to be done before it but to
	// gather entries once more submissions were applied.
	End time.Time
}

// BilledInvoice is an invoice with the numbers of the records about it in the account's sequence
// of updates, adjustments, invoices and payments.
type BilledInvoice struct {
	invoice.Record
	Number int64
	// PaymentNumber is 0 until the invoice is paid.
	PaymentNumber int64
}

// BillingPosition says how far the entries and the invoices of an account are.
type BillingPosition struct {
	// Since is the first entry date. What is due before it is not the ledger's.
	Since time.Time
	// Actions that locked before Gathered have their entries, and so have those up to
	// GatheredNumber that locked at that instant. Of those that were locked when they were
	// tracked, the ones with numbers up to Late have theirs.
	Gathered       time.Time
	GatheredNumber int64
	Late           int64
	// Period is an instant in the first period that is not closed. Partner is the last partner
	// whose invoice of that period was issued or carried.
	Period  time.Time
	Partner int64
	// Fenced is an instant before which no submission is accepted any more, or zero.
	Fenced time.Time
	// Recorded is the number of entries that operators recorded.
	Recorded int64
}

// Closed returns the end of the last period that is closed for a partner.
func (p BillingPosition) Closed(partner int64, zone *time.Location) time.Time {
	open := program.MonthOf(p.Period, zone)
	if partner <= p.Partner {
		return open.End(zone)
	}
	return open.Start(zone)
}

// Gathers reports whether an action's entry was gathered. Its conversion was accepted at an
// instant.
func (p BillingPosition) Gathers(a ledger.Action, accepted time.Time) bool {
	locking, number := a.LockingDate, a.ID.Number
	if !accepted.Before(a.Tracked.LockingDate) {
		return number <= p.Late
	}
	return locking.Before(p.Gathered) || locking.Equal(p.Gathered) && number <= p.GatheredNumber
}

// Billing is what an account owes its partners.
type Billing struct {
	Position BillingPosition
	// Entries are ordered by partner, date, kind and id, and Invoices by partner and number.
	Entries  iter.Seq2[invoice.Entry, error]
	Invoices iter.Seq2[BilledInvoice, error]
	// Payments is the number of payments that are recorded.
	Payments int64
}
