package verify

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

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
	if !p.Gathers(a, accepted) {
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

// verifyBilling checks that the entries are those of the actions, the adjustments and the
// operators, and that the invoices of the closed periods are those that follow from the entries.
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
	if err := b.skipInvoices(math.MaxInt64); err != nil {
		return err
	}
	recorded := v.billing.Position.Recorded
	if err := v.check(7, b.recorded == recorded && b.recordedIDs == recorded*(recorded+1)/2, "bonuses and write-offs",
		"there are %d, and %d were recorded", b.recorded, recorded); err != nil {
		return err
	}
	if err := v.check(8, b.paid == v.billing.Payments, "payments", "there are %d, and %d invoices are paid", v.billing.Payments, b.paid); err != nil {
		return err
	}
	partners := maps.Clone(v.entries)
	maps.Copy(partners, b.found)
	for _, partner := range slices.Sorted(maps.Keys(partners)) {
		want, found := v.entries[partner], b.found[partner]
		if err := v.check(7, want == found, fmt.Sprintf("partner %d", partner),
			"it has %d entries of %d in minor units, and its locked actions and adjustments give %d of %d",
			found.count, found.amount, want.count, want.amount); err != nil {
			return err
		}
	}
	return nil
}

// billingCheck reads the invoices in step with the entries.
type billingCheck struct {
	*verifier
	invoices func() (store.BilledInvoice, error, bool)
	// invoice is the next invoice, or nil.
	invoice *store.BilledInvoice
	err     error
	// found are the sums of the entries of actions and adjustments.
	found entrySums
	// recorded is the number of entries of operators, recordedIDs the sum of their ids, and paid
	// the number of invoices with a payment.
	recorded, recordedIDs, paid int64

	// partner is the one whose entries are read, statement has those that are on no invoice
	// yet, month is that of the last one, and number is that of the last invoice.
	partner   int64
	statement invoice.Statement
	month     program.Month
	number    int64
}

// advance reads the next invoice.
func (b *billingCheck) advance() {
	v, err, more := b.invoices()
	b.invoice, b.err = &v, err
	if !more || err != nil {
		b.invoice = nil
		return
	}
	b.lastUpdate = max(b.lastUpdate, v.Number, v.PaymentNumber)
	if v.Payment != nil {
		b.paid++
	}
}

// skipInvoices reports the next invoices of partners below the given one as violations.
func (b *billingCheck) skipInvoices(below int64) error {
	for b.invoice != nil && b.invoice.ID.Partner < below {
		if err := b.check(7, false, "invoice "+b.invoice.ID.String(), "it has no entries, or its period isn't closed"); err != nil {
			return err
		}
		b.advance()
	}
	return b.err
}

// skipInvoicesBefore reports the partner's next invoices of earlier periods than the one that ends
// as violations. The numbers of later ones follow theirs.
func (b *billingCheck) skipInvoicesBefore(end time.Time) error {
	for b.invoice != nil && b.invoice.ID.Partner == b.partner && b.invoice.Created.Before(end) {
		b.number = b.invoice.ID.Number
		if err := b.check(7, false, "invoice "+b.invoice.ID.String(), "it has no entries"); err != nil {
			return err
		}
		b.advance()
	}
	return b.err
}

func (b *billingCheck) entry(e invoice.Entry) error {
	if e.Kind == invoice.KindBonus || e.Kind == invoice.KindWriteOff {
		id, err := strconv.ParseInt(e.ID, 10, 64)
		if err != nil {
			return b.check(7, false, "entry "+e.ID, "its id is not a number")
		}
		b.recorded, b.recordedIDs = b.recorded+1, b.recordedIDs+id
	} else {
		b.found.add(e)
	}
	reference, err := b.contents.Reference(e.Date)
	if err != nil {
		return err
	}
	month := program.MonthOf(e.Date, reference.Zone())
	if e.Partner != b.partner {
		if err := b.endPartner(); err != nil {
			return err
		}
		if err := b.skipInvoices(e.Partner); err != nil {
			return err
		}
		b.partner, b.number, b.statement, b.month = e.Partner, 0, invoice.Statement{}, month
	}
	for ; b.month.Before(month); b.month = b.month.Add(1) {
		if err := b.closePeriod(); err != nil {
			return err
		}
	}
	return b.statement.Add(e, reference.Zone())
}

// endPartner checks the periods since the last entry of a partner.
func (b *billingCheck) endPartner() error {
	for b.partner != 0 && b.err == nil {
		closed, err := b.isClosed(b.month)
		if err != nil || !closed {
			return err
		}
		if err := b.closePeriod(); err != nil {
			return err
		}
		b.month = b.month.Add(1)
	}
	return b.err
}

// isClosed reports whether the period was closed for the partner.
func (b *billingCheck) isClosed(month program.Month) (bool, error) {
	p := b.billing.Position
	reference, err := b.contents.Reference(p.Period)
	if err != nil {
		return false, err
	}
	return !month.End(reference.Zone()).After(p.Closed(b.partner, reference.Zone())), nil
}

// closePeriod checks the partner's invoice of a closed period, or that there is none.
func (b *billingCheck) closePeriod() error {
	if closed, err := b.isClosed(b.month); err != nil || !closed {
		return err
	}
	reference, err := b.contents.Reference(b.billing.Position.Period)
	if err != nil {
		return err
	}
	end := b.month.End(reference.Zone())
	if err := b.skipInvoicesBefore(end); err != nil {
		return err
	}
	if reference, err = b.contents.Reference(end); err != nil {
		return err
	}
	present := b.invoice != nil && b.invoice.ID.Partner == b.partner && b.invoice.Created.Equal(end)
	rates := b.contents.LookupAsOf(ledger.Submission{Accepted: end})
	want, reason, err := b.expect(invoice.TermsOf(reference, b.partner, rates), present && b.invoice.Forced)
	switch {
	case err != nil:
		return err
	case reason != "" && !present:
		return nil
	case reason != "":
		err = b.check(7, false, "invoice "+b.invoice.ID.String(), "%s", reason)
		b.advance()
		return err
	}
	b.number, b.statement = b.number+1, invoice.Statement{}
	if !present {
		return b.check(7, false, fmt.Sprintf("partner %d", b.partner), "it has no invoice for %s, and is owed %d in minor units", b.month, want.Net)
	}
	found := b.invoice.Invoice
	b.advance()
	same, err := equalInvoices(want, found)
	if err != nil {
		return err
	}
	return b.check(9, same, "invoice "+found.ID.String(), "it differs from what its entries give")
}

// expect returns the invoice of the period that follows from the entries, or the reason why there
// is none. An operator may have forced it.
func (b *billingCheck) expect(t invoice.Terms, forced bool) (v invoice.Invoice, reason invoice.Reason, err error) {
	id := invoice.ID{Partner: b.partner, Number: b.number + 1}
	v, reason, err = b.statement.Invoice(id, b.month, t, false)
	if err == nil && reason != "" && forced {
		v, reason, err = b.statement.Invoice(id, b.month, t, true)
	}
	return v, reason, err
}

func equalInvoices(a, b invoice.Invoice) (bool, error) {
	first, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	second, err := json.Marshal(b)
	return a.Digest == b.Digest && bytes.Equal(first, second), err
}
