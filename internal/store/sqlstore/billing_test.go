package sqlstore_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// billEverything issues three invoices, of which two are paid, and records bonuses and
// write-offs. Actions lock after two years.
func billEverything(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	var ends time.Time
	for years := 0; years < 6; years += 3 {
		late := now.AddDate(years, -1, 0)
		if _, err := st.Accept(t.Context(), account, now, []store.Submission{conversion(fmt.Sprintf("billed-%d", years), late)}); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide); err != nil {
			t.Fatal(err)
		}
		ends = now.AddDate(years+3, 0, 0)
		bill(t, st, ends)
	}
	deduction := store.Bonus{Partner: 501, Campaign: 1000, Amount: -5}
	_, bonusErr := st.RecordBonus(t.Context(), account, ends, deduction, byTest)
	ends = ends.AddDate(0, 2, 0)
	bill(t, st, ends) // the deduction is carried
	_, writeOffErr := st.WriteOff(t.Context(), account, ends, 501, byTest)
	deduction.Amount = 7
	_, secondErr := st.RecordBonus(t.Context(), account, ends, deduction, byTest)
	payments := []store.Payment{}
	for id := range int64(2) {
		p := store.Payment{Payment: invoice.Payment{Invoice: invoice.ID{Partner: 501, Number: id + 1}, Date: ends, Reference: "wire"}}
		payments = append(payments, p)
	}
	readErr := st.Read(t.Context(), account, func(snapshot store.Reader) error {
		r := snapshot.Statements()
		for i, p := range payments {
			v, err := r.Invoice(p.Invoice)
			if err != nil {
				return err
			}
			payments[i].Amount = v.Total
			for _, err := range r.InvoiceEntries(v.ID) {
				if err != nil {
					return err
				}
			}
		}
		_, err := r.Settlements(501, ends)
		_, acceptedErr := r.Accepted(1)
		err = errors.Join(err, acceptedErr)
		for _, f := range []search.EntryFilter{{}, {Partner: 501, Date: search.TimeRange{Start: now}}} {
			for _, entryErr := range r.Entries(f) {
				err = errors.Join(err, entryErr)
			}
		}
		_, balanceErr := r.Balances([]int64{501, 502}, ends)
		for _, status := range append(invoice.Statuses, "") {
			f := search.InvoiceFilter{Partner: 501, Created: search.TimeRange{Start: now, End: ends}, Status: status, Now: ends}
			if status == "" {
				f.Partner = 0
			}
			_, list, listErr := r.Invoices(f, search.Page{Number: 1, Size: 9})
			if listErr != nil {
				return listErr
			}
			for _, listErr := range list {
				err = errors.Join(err, listErr)
			}
		}
		return errors.Join(err, balanceErr)
	})
	payErr := st.RecordPayments(t.Context(), account, ends, payments, byTest)
	_, forceErr := st.ForceInvoice(t.Context(), account, ends, 501, byTest)
	if refused := (*store.NotInvoicedError)(nil); errors.As(forceErr, &refused) {
		forceErr = nil
	}
	if err := errors.Join(bonusErr, writeOffErr, secondErr, readErr, payErr, forceErr); err != nil {
		t.Fatal(err)
	}
}

// bill bills the account until nothing more is due.
func bill(t *testing.T, st *sqlstore.Store, at time.Time) {
	t.Helper()
	for progress := true; progress; {
		billed, err := st.Bill(t.Context(), account, at)
		if err != nil {
			t.Fatal(err)
		}
		progress = billed.Progress
	}
}

func TestAPartnerWhoseSumsOverflowHoldsUpNoOther(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { checkOverflow(t, openSQLite(t, t.TempDir())) })
	t.Run("PostgreSQL", func(t *testing.T) { checkOverflow(t, openPostgres(t, pgtest.Schema(t))) })
}

func checkOverflow(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	fill(t, st, 1)
	_, err := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		partners := map[int64]program.Partner{500: {ID: 500, State: program.StateActive}}
		return store.ReferenceChange{Reference: program.Reference{Partners: partners}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.RecordBonus(t.Context(), account, now, store.Bonus{Partner: 501, Campaign: 1000, Amount: 5}, byTest); err != nil {
		t.Fatal(err)
	}
	err = st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		var rows [][]any
		for _, id := range []string{"1", "2"} {
			rows = append(rows, billing.EntryRow(account, invoice.Entry{
				Kind: invoice.KindAction, ID: id, Partner: 500, Campaign: 1000, Date: now, EventDate: now, Amount: math.MaxInt64,
			}))
		}
		return s.WriteRows(billing.InsertEntry, rows)
	})
	if err != nil {
		t.Fatal(err)
	}
	var issued []invoice.ID
	var held []int64
	for progress := true; progress; {
		billed, err := st.Bill(t.Context(), account, now.AddDate(0, 1, 0))
		if err != nil {
			t.Fatal(err)
		}
		progress, issued, held = billed.Progress, append(issued, billed.Invoices...), append(held, billed.Held...)
	}
	if !slices.Equal(issued, []invoice.ID{{Partner: 501, Number: 1}}) || !slices.Equal(held, []int64{500}) {
		t.Errorf("issued %v, held %v", issued, held)
	}
	err = st.Read(t.Context(), account, func(r store.Reader) error {
		got, err := r.Statements().Balances([]int64{500, 501}, now.AddDate(0, 1, 0))
		if want := []store.Balance{{Partner: 500, TooLarge: true}, {Partner: 501, Pending: 88, Invoiced: 5}}; !slices.Equal(got, want) {
			t.Errorf("balances %+v, want %+v", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	books, err := accounting.Open(t.Context(), st, account, now.AddDate(0, 1, 0))
	if err != nil {
		t.Fatal(err)
	}
	result, err := books.Issue(t.Context(), time.Minute)
	if c := result.Carried; err != nil || len(c) != 1 || c[0].Partner != 500 || !c[0].TooLarge {
		t.Errorf("carried %+v, error %v, want partner 500", c, err)
	}
	if _, err := st.WriteOff(t.Context(), account, now.AddDate(0, 1, 0), 500, byTest); !errors.Is(err, store.ErrBalanceTooLarge) {
		t.Errorf("the write-off gives %v, want %v", err, store.ErrBalanceTooLarge)
	}
}
