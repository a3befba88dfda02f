package accounting_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var now = time.Date(2026, 12, 5, 12, 0, 0, 0, time.UTC)

// fakeStore is an account of one partner with unpaid invoices of 1.00 each.
type fakeStore struct {
	store.Accounting
	store.Reader
	store.StatementReader
	// invoices is the number of invoices, and queued that of queued submissions.
	invoices, queued int
	// bills is the number of times for which Bill makes progress.
	bills    int
	payments []store.Payment
	filters  []search.SubmissionFilter
}

func (s *fakeStore) CurrentReference(context.Context, int64) (*program.Reference, error) {
	r := program.NewReference()
	r.Account = program.Account{ID: 1, Currency: "USD", Zone: "America/New_York"}
	r.Partners[10] = program.Partner{ID: 10, Name: "Blog"}
	return r, r.Prepare()
}

func (s *fakeStore) Bill(context.Context, int64, time.Time) (store.Billed, error) {
	if s.bills == 0 {
		return store.Billed{}, nil
	}
	s.bills--
	return store.Billed{Progress: true, Invoices: []invoice.ID{{Partner: 10, Number: int64(s.bills + 1)}}}, nil
}

func (s *fakeStore) Read(_ context.Context, _ int64, f func(store.Reader) error) error { return f(s) }

func (s *fakeStore) Statements() store.StatementReader { return s }

func (s *fakeStore) Submissions(f search.SubmissionFilter, _ search.Page) (search.PageInfo, iter.Seq2[store.Submission, error], error) {
	s.filters = append(s.filters, f)
	return search.PageInfo{Total: s.queued}, nil, nil
}

func (s *fakeStore) Balances(partners []int64, _ time.Time) (list []store.Balance, err error) {
	for _, p := range partners {
		list = append(list, store.Balance{Partner: p, Carried: -250})
	}
	return list, nil
}

func (s *fakeStore) Invoice(id invoice.ID) (v invoice.Record, err error) {
	if id.Partner != 10 || id.Number > int64(s.invoices) {
		return v, ledger.ErrNotFound
	}
	return invoice.Record{Invoice: invoice.Invoice{ID: id, Currency: "USD", Created: now.AddDate(0, -1, 0), Totals: invoice.Totals{Total: 100}}}, nil
}

func (s *fakeStore) Invoices(_ search.InvoiceFilter, p search.Page) (search.PageInfo, iter.Seq2[invoice.Record, error], error) {
	last := int64(s.invoices)
	if p.Below > 0 {
		last = p.Below - 1
	}
	count := min(last, int64(p.Size))
	info := search.PageInfo{Total: s.invoices, Last: last - count + 1, More: last > count}
	return info, func(yield func(invoice.Record, error) bool) {
		for n := range count {
			v, err := s.Invoice(invoice.ID{Partner: 10, Number: last - n})
			v.Lines = []invoice.Line{{Campaign: 1}}
			if !yield(v, err) {
				return
			}
		}
	}, nil
}

func (s *fakeStore) Export(_ context.Context, _ int64, f func(store.ExportReader) error) error {
	return f(fakeExport{s: s})
}

// fakeExport has only statements.
type fakeExport struct {
	store.ExportReader
	s *fakeStore
}

func (e fakeExport) Statements() store.StatementReader { return e.s }

func (s *fakeStore) RecordPayments(_ context.Context, _ int64, _ time.Time, payments []store.Payment, _ store.AuditEvent) error {
	s.payments = payments
	return nil
}

func books(t *testing.T, s *fakeStore) *accounting.Books {
	t.Helper()
	b, err := accounting.Open(t.Context(), s, 1, now)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// transfers returns a file of transfers for the first invoices.
func transfers(count int) []byte {
	var b strings.Builder
	b.WriteString("date,invoice,amount\n")
	for n := range count {
		fmt.Fprintf(&b, "2026-12-04,10-%d,1.00\n", n+1)
	}
	return []byte(b.String())
}

func TestAFileHasABoundedNumberOfPayments(t *testing.T) {
	for _, c := range []struct {
		rows, recorded int
		want           string
	}{
		{store.MaxPayments, store.MaxPayments, "<nil>"},
		{store.MaxPayments + 1, 0, "line 1002: The file has over 1000 payments: split it"},
	} {
		s := &fakeStore{invoices: 2000}
		_, err := books(t, s).ImportPayments(t.Context(), accounting.Import{Content: transfers(c.rows)}, store.AuditEvent{})
		if fmt.Sprint(err) != c.want || len(s.payments) != c.recorded {
			t.Errorf("%d rows: %v, recorded %d", c.rows, err, len(s.payments))
		}
	}
}

func TestAPaymentIsDatedAtLocalMidnight(t *testing.T) {
	s := &fakeStore{invoices: 1}
	if _, err := books(t, s).ImportPayments(t.Context(), accounting.Import{Content: transfers(1)}, store.AuditEvent{}); err != nil {
		t.Fatal(err)
	}
	want := store.Payment{Payment: invoice.Payment{Invoice: invoice.ID{Partner: 10, Number: 1}, Date: time.Date(2026, 12, 4, 5, 0, 0, 0, time.UTC)}, Amount: 100}
	if got := s.payments[0]; got.Payment.Invoice != want.Invoice || !got.Date.Equal(want.Date) || got.Amount != want.Amount {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestIssuingSaysWhyNothingWasIssued(t *testing.T) {
	s := &fakeStore{queued: 3, bills: 2}
	issued, err := books(t, s).Issue(t.Context(), math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	if len(issued.Invoices) != 2 || issued.More || issued.Queued != 3 || issued.Open.String() != "2026-12" ||
		!issued.Until.Equal(time.Date(2027, 1, 1, 5, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", issued)
	}
	if c := issued.Carried; len(c) != 1 || c[0].Carried != -250 || c[0].Minimum != 1 || c[0].PartnerName != "Blog" {
		t.Errorf("carried: %+v", c)
	}
	if f := s.filters[0]; *f.Complete || !f.Accepted.End.Equal(time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)) {
		t.Errorf("queued submissions are searched by %+v", f)
	}
	s.bills = 5
	if issued, err = books(t, s).Issue(t.Context(), -1); err != nil || !issued.More || len(issued.Invoices) != 1 {
		t.Errorf("without time: %+v, %v", issued, err)
	}
}

func TestAnExportHasAllPages(t *testing.T) {
	var out strings.Builder
	err := books(t, &fakeStore{invoices: 501}).WriteExport(t.Context(), &out, accounting.Export{Format: accounting.FormatInvoices})
	if lines := strings.Count(out.String(), "\n"); err != nil || lines != 502 || !strings.Contains(out.String(), "\n10-1,1,") {
		t.Errorf("%d lines, %v", lines, err)
	}
}

func TestAmountsHaveTheDigitsOfTheCurrency(t *testing.T) {
	_, err := books(t, &fakeStore{invoices: 1}).Pay(t.Context(), invoice.ID{Partner: 10, Number: 1}, accounting.Payment{Date: "2026-12-04", Amount: "1.001"}, store.AuditEvent{})
	if invalid := (*accounting.FieldError)(nil); !errors.As(err, &invalid) || invalid.Field != "amount" {
		t.Errorf("%v", err)
	}
	s := &fakeStore{invoices: 1}
	if _, err := books(t, s).Pay(t.Context(), invoice.ID{Partner: 10, Number: 1}, accounting.Payment{Date: "2026-12-04"}, store.AuditEvent{}); err != nil || s.payments[0].Amount != money.Amount(100) {
		t.Errorf("%v, %+v", err, s.payments)
	}
}

func (s *fakeStore) ForceInvoice(context.Context, int64, time.Time, int64, store.AuditEvent) (invoice.ID, error) {
	return invoice.ID{}, &store.NotInvoicedError{Reason: invoice.NoEntries}
}

func TestARefusedInvoiceSaysWhichEntriesCount(t *testing.T) {
	_, err := books(t, &fakeStore{}).Force(t.Context(), 10, store.AuditEvent{})
	const want = "no invoice was issued: there are no entries before 2026-12-01; those of 2026-12 can be invoiced from 2027-01-01 on"
	if fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAnInvalidAmountNamesTheForm(t *testing.T) {
	b := books(t, &fakeStore{invoices: 1})
	for amount, want := range map[string]string{
		"1,000.00":             "amount: Must be a number such as 1234.50, with a decimal point and without separators of thousands",
		"0.001":                "amount: Must have at most 2 decimal places: it is in USD",
		"92233720368547758.08": "amount: Has too many digits",
	} {
		_, err := b.Pay(t.Context(), invoice.ID{Partner: 10, Number: 1}, accounting.Payment{Date: "2026-12-04", Amount: amount}, store.AuditEvent{})
		if fmt.Sprint(err) != want {
			t.Errorf("%s: got %v, want %s", amount, err, want)
		}
	}
	s := &fakeStore{invoices: 1}
	p := accounting.Payment{Date: "2026-12-04", Amount: "1234567890123.45"}
	if _, err := books(t, s).Pay(t.Context(), invoice.ID{Partner: 10, Number: 1}, p, store.AuditEvent{}); err != nil || s.payments[0].Amount != 123456789012345 {
		t.Errorf("an amount of 13 digits: %v, %v", s.payments, err)
	}
}
