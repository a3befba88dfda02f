package accounting

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Issued is the result of issuing the invoices that are due.
type Issued struct {
	// Invoices are the ids of the invoices that were issued.
	Invoices []invoice.ID
	// More reports whether the time ended before everything was done.
	More bool
	// Open is the present period, whose invoices are issued from Until on.
	Open  program.Month
	Until time.Time
	// Queued is the number of submissions that are queued and were accepted before the beginning of
	// Open. As long as there are any, no invoice is issued.
	Queued int
	// Carried are the balances of partners that are carried to a later invoice, also those with
	// sums that are too large for one.
	Carried []Balance
}

// Issue issues all invoices that are due, or those for which the time suffices.
func (b *Books) Issue(ctx context.Context, limit time.Duration) (issued Issued, err error) {
	for begin := time.Now(); ; {
		billed, err := b.store.Bill(ctx, b.account, b.now)
		if err != nil {
			return issued, err
		}
		issued.Invoices = append(issued.Invoices, billed.Invoices...)
		if !billed.Progress {
			break
		}
		if issued.More = time.Since(begin) > limit; issued.More {
			return issued, nil
		}
	}
	issued.Open = b.Period(b.now)
	issued.Until = issued.Open.End(b.Zone())
	if issued.Queued, err = b.queued(ctx, issued.Open.Start(b.Zone())); err != nil {
		return issued, err
	}
	balances, err := b.Balances(ctx, b.Partners())
	for _, v := range balances {
		if v.Carried != 0 || v.TooLarge {
			issued.Carried = append(issued.Carried, v)
		}
	}
	return issued, err
}

// queued returns the number of queued submissions that were accepted before an instant.
func (b *Books) queued(ctx context.Context, end time.Time) (count int, err error) {
	err = b.store.Read(ctx, b.account, func(r store.Reader) error {
		filter := search.SubmissionFilter{Complete: new(false), Accepted: search.TimeRange{End: end}}
		info, _, err := r.Submissions(filter, search.Page{Size: 1, Number: 1})
		count = info.Total
		return err
	})
	return count, err
}

// Force issues the invoice of a partner for the last period that was closed, although it is
// below the partner's minimum. The error can be a
// [*store.NotInvoicedError] or a [*NotFoundError].
func (b *Books) Force(ctx context.Context, partner int64, e store.AuditEvent) (v invoice.Record, err error) {
	if err := b.checkPartner(partner); err != nil {
		return v, err
	}
	id, err := b.store.ForceInvoice(ctx, b.account, b.now, partner, e)
	if refused := (*store.NotInvoicedError)(nil); errors.As(err, &refused) && refused.Reason == invoice.NoEntries {
		open := b.Period(b.now)
		return v, &store.NotInvoicedError{Reason: invoice.Reason(fmt.Sprintf("%s before %s; those of %s can be invoiced from %s on",
			invoice.NoEntries, program.DateOf(open.Start(b.Zone()), b.Zone()), open, program.DateOf(open.End(b.Zone()), b.Zone())))}
	}
	if err != nil {
		return v, err
	}
	return b.Invoice(ctx, id)
}

// Bonus records a bonus and returns its entry. The amount is a text in the account's currency.
// The error can be a [*FieldError] or a [*NotFoundError].
func (b *Books) Bonus(ctx context.Context, partner, campaign int64, amount string, e store.AuditEvent) (invoice.Entry, error) {
	if err := b.checkPartner(partner); err != nil {
		return invoice.Entry{}, err
	}
	if _, known := b.reference.Campaigns[campaign]; !known {
		return invoice.Entry{}, &NotFoundError{fmt.Sprintf("campaign %d", campaign)}
	}
	value, err := ParseAmount("amount", amount, b.Currency())
	if err != nil {
		return invoice.Entry{}, err
	}
	switch {
	case value == 0:
		return invoice.Entry{}, &FieldError{"amount", "Must not be 0"}
	case b.Currency().Check(value) != nil:
		return invoice.Entry{}, &FieldError{"amount", fmt.Sprintf("Must have at most %d digits before the decimal point", money.MaxIntegerDigits)}
	}
	return b.store.RecordBonus(ctx, b.account, b.now, store.Bonus{Partner: partner, Campaign: campaign, Amount: value}, e)
}

// WriteOff writes the carried balance of a partner off and returns the entries. The error can
// be [store.ErrNothingCarried], [store.ErrNotIssued], [store.ErrBalanceTooLarge] or a
// [*NotFoundError].
func (b *Books) WriteOff(ctx context.Context, partner int64, e store.AuditEvent) ([]invoice.Entry, error) {
	if err := b.checkPartner(partner); err != nil {
		return nil, err
	}
	return b.store.WriteOff(ctx, b.account, b.now, partner, e)
}
