package billing

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

var insertInvoice = sqldb.BulkInsert("invoices", "partner", "ordinal", "number", "created", "due", "total", "digest bytea", "document text")

// invoiceRow returns the row of an invoice without its number.
func invoiceRow(account int64, v invoice.Invoice) ([]any, error) {
	document, err := json.Marshal(v)
	return []any{
		account, v.ID.Partner, v.ID.Number, int64(0), column.Micros(v.Created), column.Micros(v.Due), int64(v.Total), v.Digest[:], string(document),
	}, err
}

// writeInvoices writes rows of [invoiceRow] and gives them numbers. The applier must be locked.
func writeInvoices(s *sqldb.Session, account int64, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	number, err := nextNumbers(s, account, len(rows))
	if err != nil {
		return err
	}
	for i, row := range rows {
		row[3] = number + int64(i)
	}
	return s.WriteRows(insertInvoice, rows)
}

const (
	selectInvoice = `SELECT v.partner, v.ordinal, v.number, v.created, v.due, v.total, v.digest, v.document,
		coalesce(p.number, 0), coalesce(p.date, 0), coalesce(p.reference, '') FROM ` + fromInvoices
	fromInvoices = "invoices v LEFT JOIN payments p ON p.account = v.account AND p.partner = v.partner AND p.ordinal = v.ordinal "
)

// row is a row of selectInvoice.
type row struct {
	store.BilledInvoice
	digest   column.Digest
	document []byte
	payment  invoice.Payment
}

func (r *row) dest() []any {
	return []any{
		&r.ID.Partner, &r.ID.Number, &r.Number, (*column.Instant)(&r.Created), (*column.Instant)(&r.Due), &r.Total, &r.digest, &r.document,
		&r.PaymentNumber, (*column.Instant)(&r.payment.Date), &r.payment.Reference,
	}
}

// invoice returns the invoice of the row. What has columns is read from these.
func (r *row) invoice() (store.BilledInvoice, error) {
	v := r.BilledInvoice
	if err := json.Unmarshal(r.document, &v.Invoice); err != nil {
		return v, fmt.Errorf("invoice %s: %w", r.ID, err)
	}
	v.ID, v.Created, v.Due, v.Total, v.Digest = r.ID, r.Created, r.Due, r.Total, ids.Hash(r.digest)
	if v.PaymentNumber != 0 {
		payment := r.payment // the row is scanned again
		payment.Invoice = v.ID
		v.Payment = &payment
	}
	return v, nil
}

func loadInvoice(s *sqldb.Session, account int64, id invoice.ID) (store.BilledInvoice, error) {
	var r row
	err := column.QueryRow(s, selectInvoice+"WHERE v.account = ? AND v.partner = ? AND v.ordinal = ?", []any{account, id.Partner, id.Number}, r.dest()...)
	if err != nil {
		return store.BilledInvoice{}, err
	}
	return r.invoice()
}

// InvoiceOf returns the invoice with a number, or whose payment has it.
func InvoiceOf(s *sqldb.Session, account, number int64) (store.BilledInvoice, error) {
	var r row
	err := column.QueryRow(s, selectInvoice+`WHERE v.account = ?1 AND v.number = coalesce((SELECT w.number FROM payments q
		JOIN invoices w ON w.account = ?1 AND w.partner = q.partner AND w.ordinal = q.ordinal WHERE q.account = ?1 AND q.number = ?2), ?2)`,
		[]any{account, number}, r.dest()...)
	if err != nil {
		return store.BilledInvoice{}, err
	}
	return r.invoice()
}

// collect returns the invoices that a condition selects.
func collect(s *sqldb.Session, condition string, args ...any) ([]store.BilledInvoice, error) {
	rows, err := column.Collect(s, selectInvoice+condition, args, (*row).dest)
	if err != nil {
		return nil, err
	}
	found := make([]store.BilledInvoice, len(rows))
	for i := range rows {
		if found[i], err = rows[i].invoice(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Invoices returns all invoices of a snapshot by partner and number.
func Invoices(r *account.Snapshot) iter.Seq2[store.BilledInvoice, error] {
	return listing.Scroll(r.Context, func(last *store.BilledInvoice) ([]store.BilledInvoice, error) {
		var after invoice.ID
		if last != nil {
			after = last.ID
		}
		return collect(r.Session, "WHERE v.account = ?1 AND v.partner >= ?2 AND (v.partner > ?2 OR v.ordinal > ?3) ORDER BY v.partner, v.ordinal LIMIT ?4",
			r.Account, after.Partner, after.Number, int64(listing.Chunk))
	})
}

// lastInvoice returns the number of a partner's last invoice and the end of its period, or
// zeros.
func lastInvoice(s *sqldb.Session, account, partner int64) (number int64, until time.Time, err error) {
	err = column.QueryRow(s, "SELECT ordinal, created FROM invoices WHERE account = ? AND partner = ? ORDER BY ordinal DESC LIMIT 1",
		[]any{account, partner}, &number, (*column.Instant)(&until))
	if errors.Is(err, ledger.ErrNotFound) {
		return 0, time.Time{}, nil
	}
	return number, until, err
}

// loader loads the invoices of a page.
var loader = listing.NewLoader(selectInvoice, "invoices v", listing.Chunk, func(r *row) int64 { return r.Number }, (*row).dest)

// list returns the listing of the invoices that match f.
func list(r *account.Snapshot, f search.InvoiceFilter) *listing.Listing {
	l := listing.New(r, fromInvoices, "v")
	if f.Partner != 0 {
		l.AndIndexed("v.partner = ?", f.Partner)
	}
	if !f.Created.Start.IsZero() {
		l.And("v.created >= ?", column.MicrosUp(f.Created.Start))
	}
	if !f.Created.End.IsZero() {
		l.And("v.created < ?", column.MicrosUp(f.Created.End))
	}
	switch f.Status {
	case invoice.Paid:
		l.And("p.number IS NOT NULL")
	case invoice.Overdue:
		l.And("p.number IS NULL AND v.due < ?", column.Micros(f.Now))
	case invoice.Pending:
		l.And("p.number IS NULL AND v.due >= ?", column.Micros(f.Now))
	}
	return l
}
