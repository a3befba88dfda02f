package billing

import (
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// Reader implements [store.StatementReader].
type Reader struct {
	Snapshot *account.Snapshot
	Versions *reference.Versions
}

// Invoice implements [store.StatementReader].
func (r Reader) Invoice(id invoice.ID) (invoice.Record, error) {
	v, err := loadInvoice(r.Snapshot.Session, r.Snapshot.Account, id)
	if err != nil {
		return invoice.Record{}, fmt.Errorf("invoice %s: %w", id, err)
	}
	return v.Record, nil
}

// Invoices implements [store.StatementReader].
func (r Reader) Invoices(f search.InvoiceFilter, p search.Page) (search.PageInfo, iter.Seq2[invoice.Record, error], error) {
	info, numbers, err := list(r.Snapshot, f).Page(p, listing.UnknownTotal)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list invoices: %w", err)
	}
	return info, listing.Stream(r.Snapshot, loader, numbers, func(found *row) (invoice.Record, error) {
		v, err := found.invoice()
		return v.Record, err
	}), nil
}

// InvoiceEntries implements [store.StatementReader].
func (r Reader) InvoiceEntries(id invoice.ID) iter.Seq2[invoice.Entry, error] {
	return func(yield func(invoice.Entry, error) bool) {
		v, err := r.Invoice(id)
		var since time.Time
		if err == nil && id.Number > 1 {
			var before invoice.Record
			before, err = r.Invoice(invoice.ID{Partner: id.Partner, Number: id.Number - 1})
			since = before.Created
		}
		if err != nil {
			yield(invoice.Entry{}, err)
			return
		}
		entries(r.Snapshot, id.Partner, since, v.Created)(yield)
	}
}

// Entries implements [store.StatementReader].
func (r Reader) Entries(f search.EntryFilter) iter.Seq2[invoice.Entry, error] {
	end := f.Date.End
	if end.IsZero() {
		end = endOfTime
	}
	all := Entries(r.Snapshot)
	switch {
	case f.Partner != 0:
		all = entries(r.Snapshot, f.Partner, f.Date.Start, end)
	case f.Kind != "":
		all = entriesOfKind(r.Snapshot, f.Kind)
	}
	return func(yield func(invoice.Entry, error) bool) {
		for e, err := range all {
			matches := (f.Kind == "" || e.Kind == f.Kind) && (f.Campaign == 0 || e.Campaign == f.Campaign) && !e.Date.Before(f.Date.Start) && e.Date.Before(end)
			if (matches || err != nil) && !yield(e, err) {
				return
			}
		}
	}
}

// Accepted implements [store.StatementReader].
func (r Reader) Accepted(action int64) (at time.Time, err error) {
	// An action has the number of its conversion.
	err = column.QueryRow(r.Snapshot.Session, "SELECT accepted FROM submissions WHERE account = ? AND number = ?",
		[]any{r.Snapshot.Account, action}, (*column.Instant)(&at))
	if err != nil {
		return at, fmt.Errorf("conversion of action %d: %w", action, err)
	}
	return at, nil
}

// Settlements implements [store.StatementReader].
func (r Reader) Settlements(partner int64, at time.Time) (list invoice.Settlements, err error) {
	p, err := Position(r.Snapshot.Session, r.Snapshot.Account)
	if err != nil {
		return nil, err
	}
	list = invoice.Settlements{{Created: p.Since}}
	var v invoice.Record
	var paid time.Time
	var payment int64
	err = r.Snapshot.Rows("SELECT v.ordinal, v.created, v.due, coalesce(p.number, 0), coalesce(p.date, 0) FROM "+fromInvoices+
		"WHERE v.account = ? AND v.partner = ? AND v.created <= ? ORDER BY v.ordinal", []any{r.Snapshot.Account, partner, column.Micros(at)},
		[]any{&v.ID.Number, (*column.Instant)(&v.Created), (*column.Instant)(&v.Due), &payment, (*column.Instant)(&paid)}, func() error {
			v.ID.Partner, v.Payment = partner, nil
			s := invoice.Settlement{ID: v.ID, Created: v.Created}
			if payment != 0 && !paid.After(at) {
				v.Payment, s.Paid = &invoice.Payment{}, paid
			}
			s.Status = v.Status(at)
			list = append(list, s)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("invoices of partner %d: %w", partner, err)
	}
	return list, nil
}
