package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Billing is what an account owes its partners.
type Billing struct {
	Position BillingPosition
	// Entries are ordered by partner, date, kind and id, and Invoices by partner and number.
	Entries  iter.Seq2[invoice.Entry, error]
	Invoices iter.Seq2[invoice.Invoice, error]
}

// entrySum sums up the entries of a partner. Entries that differ have different digests, in
// any order.
type entrySum struct {
	count  int
	amount money.Amount
	digest uint64
}

// entrySums holds the sums of entries by partner.
type entrySums map[int64]entrySum

func (s entrySums) add(e invoice.Entry) {
	sum := s[e.Partner]
	digest := e.Digest()
	sum.count, sum.amount, sum.digest = sum.count+1, sum.amount+e.Amount, sum.digest+binary.BigEndian.Uint64(digest[:])
	s[e.Partner] = sum
}

// expectEntry adds the entry of an action to those that must exist, if it was gathered.
func (v *verifier) expectEntry(a ledger.Action, accepted time.Time) error {
	p := v.billing.Position
	if !p.Gathers(a.ID.Number, a.LockingDate, accepted) {
		return nil
	}
	reference, err := v.contents.Reference(accepted)
	if err != nil {
		return err
	}
	if e, due := a.Entry(accepted, reference); due && !e.Date.Before(p.Since) {
		v.entries.add(e)
	}
	return nil
}

// verifyBilling checks that the entries are those of the actions, and that the invoices of the
// closed periods are those that follow from the entries.
func (v *verifier) verifyBilling() error {
	next, stop := iter.Pull2(v.billing.Invoices)
	defer stop()
	b := billingCheck{verifier: v, invoices: next, found: make(entrySums)}
	b.advance()
	for e, err := range v.billing.Entries {
		if err == nil {
			err = b.entry(e)
		}
		if err != nil {
			return err
		}
	}
	if err := b.endPartner(); err != nil {
		return err
	}
	if b.invoice != nil {
		if err := v.check(7, false, "invoice "+b.invoice.ID.String(), "its partner has no entries"); err != nil {
			return err
		}
	}
	partners := maps.Clone(v.entries)
	maps.Copy(partners, b.found)
	for _, partner := range slices.Sorted(maps.Keys(partners)) {
		want, found := v.entries[partner], b.found[partner]
		if err := v.check(7, want == found, fmt.Sprintf("partner %d", partner), "it has %d entries of %d in minor units, and its locked actions give %d of %d",
			found.count, found.amount, want.count, want.amount); err != nil {
			return err
		}
	}
	return b.err
}

// billingCheck reads the invoices in step with the entries.
type billingCheck struct {
	*verifier
	invoices func() (invoice.Invoice, error, bool)
	// invoice is the next invoice, or nil.
	invoice *invoice.Invoice
	err     error
	found   entrySums

	// partner is the one whose entries are read, statement has those that are on no invoice
	// yet, month is that of the last one, and number is that of the last invoice.
	partner   int64
	statement invoice.Statement
	month     program.Month
	number    int64
}

func (b *billingCheck) advance() {
	v, err, more := b.invoices()
	b.invoice, b.err = &v, err
	if !more || err != nil {
		b.invoice = nil
	}
}

func (b *billingCheck) entry(e invoice.Entry) error {
	b.found.add(e)
	reference, err := b.contents.Reference(e.Date)
	if err != nil {
		return err
	}
	month := program.MonthOf(e.Date, reference.Zone())
	if e.Partner != b.partner {
		if err := b.endPartner(); err != nil {
			return err
		}
		b.partner, b.number, b.statement, b.month = e.Partner, 0, invoice.Statement{}, month
	}
	for ; b.month.Before(month); b.month = b.month.Add(1) {
		if err := b.closePeriod(); err != nil {
			return err
		}
	}
	return b.statement.Add(e, reference.Account.Currency, reference.Zone())
}

// endPartner checks the periods since the last entry of a partner.
func (b *billingCheck) endPartner() error {
	for b.partner != 0 && b.err == nil && b.isClosed(b.month) {
		if err := b.closePeriod(); err != nil {
			return err
		}
		b.month = b.month.Add(1)
	}
	if b.invoice != nil && b.invoice.ID.Partner == b.partner {
		if err := b.check(7, false, "invoice "+b.invoice.ID.String(), "its period isn't closed"); err != nil {
			return err
		}
		b.advance()
	}
	return b.err
}

// isClosed reports whether the period was closed for the partner.
func (b *billingCheck) isClosed(month program.Month) bool {
	p := b.billing.Position
	reference, err := b.contents.Reference(p.Period)
	if err != nil {
		b.err = err
		return false
	}
	open := program.MonthOf(p.Period, reference.Zone())
	return month.Before(open) || month == open && b.partner <= p.Partner
}

// closePeriod checks the partner's invoice of a closed period, or that there is none.
func (b *billingCheck) closePeriod() error {
	if !b.isClosed(b.month) {
		return b.err
	}
	reference, err := b.contents.Reference(b.billing.Position.Period)
	if err != nil {
		return err
	}
	end := b.month.End(reference.Zone())
	if reference, err = b.contents.Reference(end); err != nil {
		return err
	}
	id := invoice.ID{Partner: b.partner, Number: b.number + 1}
	want, reason, err := b.statement.Invoice(id, b.month, invoice.TermsOf(reference, b.partner), false)
	if err != nil {
		return err
	}
	present := b.invoice != nil && b.invoice.ID.Partner == b.partner && b.invoice.Created.Equal(end)
	if reason != "" {
		if !present {
			return nil
		}
		err = b.check(7, false, "invoice "+b.invoice.ID.String(), "%s", reason)
		b.advance()
		return err
	}
	b.number, b.statement = b.number+1, invoice.Statement{}
	if !present {
		return b.check(7, false, fmt.Sprintf("partner %d", b.partner), "it has no invoice for %s, and is owed %d in minor units", b.month, want.Net)
	}
	found := *b.invoice
	b.advance()
	same, err := equalInvoices(want, found)
	if err != nil {
		return err
	}
	return b.check(9, same, "invoice "+found.ID.String(), "it differs from what its entries give")
}

func equalInvoices(a, b invoice.Invoice) (bool, error) {
	first, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	second, err := json.Marshal(b)
	return a.Digest == b.Digest && bytes.Equal(first, second), err
}
