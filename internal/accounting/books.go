// Package accounting lets operators issue, list and export invoices, record payments and
// bonuses, and read balances. The admin API and the commands use it.
package accounting

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Store is the part of a store that holds invoices and balances.
type Store interface {
	store.Biller
	store.Accounting
	store.Snapshots
	store.Exports
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
}

// Books are the invoices and balances of an account at an instant. Open creates them.
type Books struct {
	store     Store
	account   int64
	now       time.Time
	reference *program.Reference
}

// Open returns the books of an account at an instant. It returns [ledger.ErrNotFound] for an
// unknown account.
func Open(ctx context.Context, st Store, account int64, now time.Time) (*Books, error) {
	reference, err := st.CurrentReference(ctx, account)
	if err != nil {
		return nil, err
	}
	return &Books{st, account, now, reference}, nil
}

// Account returns the id of the account.
func (b *Books) Account() int64 { return b.account }

// Zone returns the account's time zone.
func (b *Books) Zone() *time.Location { return b.reference.Zone() }

// Now returns the instant of the books.
func (b *Books) Now() time.Time { return b.now }

// Currency returns the account's currency.
func (b *Books) Currency() money.Currency { return b.reference.Account.Currency }

// FieldError is an invalid value of a field, which is a flag or a parameter.
type FieldError struct{ Field, Message string }

// Error returns the field and the message.
func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// NotFoundError reports an object that the account doesn't have. It wraps
// [ledger.ErrNotFound].
type NotFoundError struct{ Object string }

// Error names the object.
func (e *NotFoundError) Error() string { return "there is no " + e.Object }

// Unwrap returns [ledger.ErrNotFound].
func (e *NotFoundError) Unwrap() error { return ledger.ErrNotFound }

// checkPartner returns a [*NotFoundError] for an unknown partner.
func (b *Books) checkPartner(id int64) error {
	if _, known := b.reference.Partners[id]; !known {
		return &NotFoundError{fmt.Sprintf("partner %d", id)}
	}
	return nil
}

// Period returns the period of an instant.
func (b *Books) Period(at time.Time) program.Month { return program.MonthOf(at, b.Zone()) }

// Filter selects invoices. An empty field selects all.
type Filter struct {
	Partner int64
	Status  string
	// Month is the period, such as 2026-12.
	Month string
}

// filter returns the filter of a store. The error is a [*FieldError].
func (b *Books) filter(f Filter) (search.InvoiceFilter, error) {
	filter := search.InvoiceFilter{Partner: f.Partner, Now: b.now}
	if f.Status != "" {
		if filter.Status = invoice.Status(strings.ToUpper(f.Status)); !slices.Contains(invoice.Statuses, filter.Status) {
			return filter, &FieldError{"status", fmt.Sprintf("Must be one of %s", joined(invoice.Statuses))}
		}
	}
	if f.Month != "" {
		month, err := program.ParseMonth(f.Month)
		if err != nil {
			return filter, &FieldError{"month", "Must be a month, such as 2026-12"}
		}
		// An invoice is created at the end of its period, in the zone that the account had then.
		const day = 24 * time.Hour
		end := month.End(b.Zone())
		filter.Created = search.TimeRange{Start: end.Add(-2 * day), End: end.Add(2 * day)}
	}
	return filter, nil
}

func joined[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// read calls f with a snapshot.
func (b *Books) read(ctx context.Context, f func(store.StatementReader) error) error {
	return b.store.Read(ctx, b.account, func(r store.Reader) error { return f(r.Statements()) })
}

// Invoice returns the invoice with the id, or a [*NotFoundError].
func (b *Books) Invoice(ctx context.Context, id invoice.ID) (v invoice.Record, err error) {
	err = b.read(ctx, func(r store.StatementReader) (err error) {
		v, err = r.Invoice(id)
		return err
	})
	if errors.Is(err, ledger.ErrNotFound) {
		err = &NotFoundError{"invoice " + id.String()}
	}
	return v, err
}

// Invoices returns a page of the invoices that match a filter, those that were issued last first,
// and the number of all.
func (b *Books) Invoices(ctx context.Context, f Filter, page search.Page) (list []invoice.Record, total int, err error) {
	filter, err := b.filter(f)
	if err != nil {
		return nil, 0, err
	}
	err = b.read(ctx, func(r store.StatementReader) error {
		info, invoices, err := r.Invoices(filter, page)
		if err != nil {
			return err
		}
		total = info.Total
		for v, err := range invoices {
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return nil
	})
	return list, total, err
}

// pageSize is the number of invoices that are in memory at the same time.
const pageSize = 200

// all returns the invoices of a snapshot that match a filter.
func all(r store.StatementReader, filter search.InvoiceFilter) iter.Seq2[invoice.Record, error] {
	return func(yield func(invoice.Record, error) bool) {
		for page := (search.Page{Size: pageSize, Number: 1}); ; {
			info, invoices, err := r.Invoices(filter, page)
			if err != nil {
				yield(invoice.Record{}, err)
				return
			}
			var list []invoice.Record // the caller may read entries meanwhile
			for v, err := range invoices {
				if err != nil {
					yield(invoice.Record{}, err)
					return
				}
				list = append(list, v)
			}
			for _, v := range list {
				if !yield(v, nil) {
					return
				}
			}
			if !info.More {
				return
			}
			page = search.Page{Size: pageSize, Below: info.Last}
		}
	}
}

// Balance is what the account owes a partner.
type Balance struct {
	store.Balance
	PartnerName string
	// Minimum is the smallest net total that is invoiced.
	Minimum money.Amount
}

// Partners returns the ids of the account's partners in order.
func (b *Books) Partners() []int64 { return slices.Sorted(maps.Keys(b.reference.Partners)) }

// Balances returns the balances of partners, by partner. It returns a [*NotFoundError] for an
// unknown partner.
func (b *Books) Balances(ctx context.Context, partners []int64) (list []Balance, err error) {
	for _, partner := range partners {
		if err := b.checkPartner(partner); err != nil {
			return nil, err
		}
	}
	err = b.read(ctx, func(r store.StatementReader) error {
		balances, err := r.Balances(partners, b.now)
		for _, v := range balances {
			p := b.reference.Partners[v.Partner]
			list = append(list, Balance{v, p.Name, p.LeastPayout(b.Currency())})
		}
		return err
	})
	return list, err
}

// ParseAmount parses an amount in a currency, that of an account. The error is a [*FieldError].
func ParseAmount(field, text string, currency money.Currency) (money.Amount, error) {
	amount, err := currency.ParseAmount(text)
	switch {
	case errors.Is(err, money.ErrPlaces):
		return 0, &FieldError{field, fmt.Sprintf("Must have at most %d decimal places: it is in %s", currency.Digits(), currency)}
	case errors.Is(err, money.ErrTooLarge):
		return 0, &FieldError{field, "Has too many digits"}
	case err != nil:
		return 0, &FieldError{field, "Must be a number such as 1234.50, with a decimal point and without separators of thousands"}
	}
	return amount, nil
}
