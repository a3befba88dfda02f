package billing

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// ReadStatements implements [store.Statements].
func (b *Biller) ReadStatements(ctx context.Context, accountID int64, f func(store.StatementReader) error) error {
	return account.ReadLong(ctx, b.DB, accountID, func(r *account.Snapshot) error { return f(Reader{r, b.Versions}) })
}

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
	info, numbers, err := list(r.Snapshot, f).Page(p, listing.Uncounted)
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

// Settlements implements [store.StatementReader].
func (r Reader) Settlements(partner int64, at time.Time) (list invoice.Settlements, err error) {
	var v invoice.Record
	var paid int64
	err = r.Snapshot.Rows("SELECT v.ordinal, v.created, v.due, coalesce(p.number, 0) FROM "+fromInvoices+"WHERE v.account = ? AND v.partner = ? ORDER BY v.ordinal",
		[]any{r.Snapshot.Account, partner}, []any{&v.ID.Number, (*column.Instant)(&v.Created), (*column.Instant)(&v.Due), &paid}, func() error {
			v.ID.Partner, v.Payment = partner, nil
			if paid != 0 {
				v.Payment = &invoice.Payment{}
			}
			list = append(list, invoice.Settlement{ID: v.ID, Created: v.Created, Status: v.Status(at)})
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("invoices of partner %d: %w", partner, err)
	}
	return list, nil
}
