package storetest

import (
	"errors"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// bonus returns a bonus of the first partner.
func bonus(amount money.Amount) store.Bonus {
	return store.Bonus{Partner: partner, Campaign: campaign, Amount: amount}
}

// promo returns a conversion that is credited to the other partner.
func promo(c ledger.Conversion) ledger.Conversion {
	c.Partner = otherPartner
	return c
}

func amountsOf(entries []invoice.Entry) (amounts []money.Amount) {
	for _, e := range entries {
		amounts = append(amounts, e.Amount)
	}
	return amounts
}

// setMinimum records the first partner's minimum.
func (f *fixture) setMinimum(least money.Decimal) {
	f.Helper()
	p := reference(account).Reference.Partners[partner]
	p.MinimumPayout = &least
	f.record(account, store.ReferenceChange{Reference: program.Reference{Partners: map[int64]program.Partner{partner: p}}})
}

func (f *fixture) pay(payments ...store.Payment) {
	f.Helper()
	if err := f.RecordPayments(f.Context(), account, f.now, payments, f.auditEvent(store.OperationPay)); err != nil {
		f.Fatal(err)
	}
}

// balance returns the present balance of the first partner.
func (f *fixture) balance() store.Balance {
	f.Helper()
	return read(f, func(r store.Reader) (store.Balance, error) {
		list, err := r.Statements().Balances([]int64{partner}, f.now)
		if err != nil {
			return store.Balance{}, err
		}
		return list[0], nil
	})
}

// idsOf returns the ids of the invoices that match a filter.
func (f *fixture) idsOf(filter search.InvoiceFilter) (found []invoice.ID) {
	f.Helper()
	got := list(f, func(r store.Reader) lister[search.InvoiceFilter, invoice.Record] { return r.Statements().Invoices }, filter, everything)
	same(f, len(got.objects), got.Total, "total")
	for _, v := range got.objects {
		found = append(found, v.ID)
	}
	return found
}

// kindsOf returns the kinds of the entries of an invoice.
func (f *fixture) kindsOf(id invoice.ID) []invoice.Kind {
	f.Helper()
	return read(f, func(r store.Reader) (kinds []invoice.Kind, err error) {
		for e, err := range r.Statements().InvoiceEntries(id) {
			if err != nil {
				return nil, err
			}
			kinds = append(kinds, e.Kind)
		}
		return kinds, nil
	})
}

func wantRefused(f *fixture, err error, reason invoice.Reason) {
	f.Helper()
	refused := new(store.NotInvoicedError)
	if !errors.As(err, &refused) || refused.Reason != reason {
		f.Errorf("error %v, want the reason %q", err, reason)
	}
}
