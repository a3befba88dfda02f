package billing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// ForceInvoice implements [store.Accounting].
func (b *Biller) ForceInvoice(ctx context.Context, accountID int64, now time.Time, partner int64, e store.AuditEvent) (id invoice.ID, err error) {
	for id, err = b.force(ctx, accountID, now, partner, e); errors.Is(err, errMoved); {
		id, err = b.force(ctx, accountID, now, partner, e)
	}
	if err != nil {
		return invoice.ID{}, fmt.Errorf("invoice partner %d of account %d: %w", partner, accountID, err)
	}
	return id, nil
}

// force computes the invoice from a snapshot, as issue does.
func (b *Biller) force(ctx context.Context, accountID int64, now time.Time, partner int64, e store.AuditEvent) (id invoice.ID, err error) {
	var v invoice.Invoice
	var p store.BillingPosition
	err = account.Read(ctx, b.DB, accountID, func(r *account.Snapshot) error {
		current, err := b.reference(r.Session, accountID, partner)
		if err != nil {
			return err
		}
		if p, err = Position(r.Session, accountID); err != nil {
			return err
		}
		end := p.Closed(partner, current.Zone())
		if !end.After(p.Since) { // no period is closed
			return &store.NotInvoicedError{Reason: invoice.NoEntries}
		}
		settings, err := b.Versions.At(r.Session, accountID, end)
		if err != nil {
			return err
		}
		var reason invoice.Reason
		v, reason, err = issuing{r, program.MonthOf(end, current.Zone()).Add(-1), end, settings.Data}.invoice(partner, true)
		if err == nil && reason != "" {
			err = &store.NotInvoicedError{Reason: reason}
		}
		return err
	})
	if err != nil {
		return id, err
	}
	row, err := invoiceRow(accountID, v)
	if err != nil {
		return id, err
	}
	return v.ID, b.Lock(ctx, accountID, func(s *sqldb.Session) error {
		present, err := position(s, accountID, s.Dialect().ForUpdate)
		if err != nil {
			return err
		}
		if !present.Period.Equal(p.Period) || present.Partner != p.Partner {
			return errMoved
		}
		if err := checkForced(s, accountID, v); err != nil {
			return err
		}
		detail := fmt.Sprintf("%s %s for %s", v.Currency.Format(v.Total), v.Currency, v.Period)
		return errors.Join(
			writeInvoices(s, accountID, [][]any{row}),
			account.LogEvent(s, e, accountID, column.Truncate(now), "invoice "+v.ID.String(), detail),
		)
	})
}

// checkForced checks that an invoice follows the partner's last one, and that its entries were not
// written off since.
func checkForced(s *sqldb.Session, account int64, v invoice.Invoice) error {
	last, invoiced, err := lastInvoice(s, account, v.ID.Partner)
	if err != nil {
		return err
	}
	if last+1 != v.ID.Number {
		return errMoved
	}
	left, err := carried(s, account, v.ID.Partner, invoiced, v.Created)
	if err == nil && left <= 0 {
		err = &store.NotInvoicedError{Reason: invoice.NotPositive}
	}
	return err
}

// reference returns the current reference data, or [ledger.ErrNotFound] for an unknown partner.
func (b *Biller) reference(s *sqldb.Session, account, partner int64) (*program.Reference, error) {
	current, err := b.Versions.Current(s, account)
	if err != nil {
		return nil, err
	}
	if _, known := current.Partners[partner]; !known {
		return nil, fmt.Errorf("partner %d: %w", partner, ledger.ErrNotFound)
	}
	return current, nil
}

// RecordBonus implements [store.Accounting].
func (b *Biller) RecordBonus(ctx context.Context, accountID int64, now time.Time, bonus store.Bonus, e store.AuditEvent) (entry invoice.Entry, err error) {
	err = b.record(ctx, accountID, now, bonus.Partner, e, func(r recording) ([]invoice.Entry, error) {
		if _, known := r.reference.Campaigns[bonus.Campaign]; !known {
			return nil, fmt.Errorf("campaign %d: %w", bonus.Campaign, ledger.ErrNotFound)
		}
		entry = r.entry(invoice.KindBonus, 0, bonus.Campaign, bonus.Amount)
		return []invoice.Entry{entry}, nil
	})
	if err != nil {
		return invoice.Entry{}, fmt.Errorf("record a bonus of partner %d of account %d: %w", bonus.Partner, accountID, err)
	}
	return entry, nil
}

// WriteOff implements [store.Accounting].
func (b *Biller) WriteOff(ctx context.Context, accountID int64, now time.Time, partner int64, e store.AuditEvent) (written []invoice.Entry, err error) {
	err = b.record(ctx, accountID, now, partner, e, func(r recording) ([]invoice.Entry, error) {
		balances, err := r.carried(partner)
		if err != nil {
			return nil, err
		}
		closed := r.position.Closed(partner, r.reference.Zone())
		if end := program.MonthOf(closed, r.reference.Zone()).End(r.reference.Zone()); !r.at.Before(end) {
			return nil, store.ErrNotIssued
		}
		var sum money.Amount
		written = nil
		for _, c := range balances {
			if sum, err = sum.Plus(c.amount); err != nil {
				return nil, err
			}
			written = append(written, r.entry(invoice.KindWriteOff, len(written), c.campaign, -c.amount))
		}
		if sum == 0 {
			return nil, store.ErrNothingCarried
		}
		return written, nil
	})
	if errors.Is(err, money.ErrTooLarge) {
		err = store.ErrBalanceTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("write off the balance of partner %d of account %d: %w", partner, accountID, err)
	}
	return written, nil
}

// recording is a write transaction that records entries of a partner.
type recording struct {
	*sqldb.Session
	account, partner int64
	at               time.Time
	reason           string
	reference        *program.Reference
	position         store.BillingPosition
}

// record writes the entries that f returns, and an audit event. They are dated when they are
// recorded, by a clock of the account that is never before a closed period or the last record.
func (b *Biller) record(ctx context.Context, accountID int64, now time.Time, partner int64, e store.AuditEvent, f func(recording) ([]invoice.Entry, error)) error {
	return account.Exclusive(ctx, b.DB, accountID, func(s *sqldb.Session) error {
		reference, err := b.reference(s, accountID, partner)
		if err != nil {
			return err
		}
		p, err := position(s, accountID, s.Dialect().ForUpdate)
		if err != nil {
			return err
		}
		q, err := readQueue(s, accountID)
		if err != nil {
			return err
		}
		at := column.MaxTime(column.Truncate(now), q.accepted)
		entries, err := f(recording{s, accountID, partner, at, store.CleanText(e.Reason), reference, p})
		if err != nil {
			return err
		}
		var rows [][]any
		var sum money.Amount
		currency := reference.Account.Currency
		for _, entry := range entries {
			rows = append(rows, EntryRow(accountID, entry))
			if sum, err = currency.Add(sum, entry.Amount); err != nil {
				return err
			}
		}
		p.Recorded += int64(len(entries))
		return errors.Join(
			s.WriteRows(InsertEntry, rows),
			savePosition(s, accountID, p),
			account.LogEvent(s, e, accountID, at, "partner "+strconv.FormatInt(partner, 10), currency.Format(sum)+" "+string(currency)),
		)
	})
}

// entry returns the entry that follows count others of the recording.
func (r recording) entry(kind invoice.Kind, count int, campaign int64, amount money.Amount) invoice.Entry {
	return invoice.Entry{
		Kind: kind, ID: strconv.FormatInt(r.position.Recorded+int64(count)+1, 10), Partner: r.partner, Campaign: campaign,
		Date: r.at, EventDate: r.at, Amount: amount, Reason: r.reason,
	}
}

// campaignBalance is what is carried of a campaign.
type campaignBalance struct {
	campaign int64
	amount   money.Amount
}

// carried returns what is carried of a partner by campaign, without zeros. Write-offs in the
// open period are balanced already. If a sum overflows, the error is [money.ErrTooLarge].
func (r recording) carried(partner int64) (balances []campaignBalance, err error) {
	_, invoiced, err := lastInvoice(r.Session, r.account, partner)
	if err != nil {
		return nil, err
	}
	closed := column.Micros(r.position.Closed(partner, r.reference.Zone()))
	var campaign int64
	var total sum
	err = r.Rows("SELECT campaign, "+selectSum("amount")+` FROM entries
		WHERE account = ? AND partner = ? AND instant >= ? AND (instant < ? OR kind = ?) GROUP BY campaign`,
		[]any{r.account, partner, column.Micros(invoiced), closed, string(invoice.KindWriteOff)},
		append([]any{&campaign}, total.dest()...), func() error {
			amount, err := total.amount()
			if amount != 0 {
				balances = append(balances, campaignBalance{campaign, amount})
			}
			return err
		})
	slices.SortFunc(balances, func(a, b campaignBalance) int { return cmp.Compare(a.campaign, b.campaign) })
	return balances, err
}
