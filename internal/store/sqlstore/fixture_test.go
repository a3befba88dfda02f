package sqlstore

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

const account = 1000001

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// byTest is whose deeds the tests' are.
var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceCommand, ID: "test"}, Operation: "test", At: now}

// database is one that a store can be in.
type database struct {
	name string
	// place answers where no store is yet.
	place          func(t testing.TB) string
	open, readOnly func(ctx context.Context, where string) (*Store, error)
}

var databases = []database{
	{"SQLite", testing.TB.TempDir, OpenSQLite, OpenSQLiteReadOnly},
	{"PostgreSQL", pgtest.Schema, OpenPostgres, OpenPostgresReadOnly},
}

// fresh opens an empty store.
func (d database) fresh(t testing.TB) *Store {
	t.Helper()
	st, err := d.open(t.Context(), d.place(t))
	return untilEnd(t, st, err)
}

// onBoth runs a test on each database; fresh opens an empty store.
func onBoth(t *testing.T, test func(t *testing.T, fresh func() *Store)) {
	t.Helper()
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			test(t, func() *Store { return d.fresh(t) })
		})
	}
}

// open opens the store in a folder until the test ends.
func open(t testing.TB, dir string) *Store {
	t.Helper()
	st, err := OpenSQLite(t.Context(), dir)
	return untilEnd(t, st, err)
}

func openPostgresAt(t testing.TB, url string) *Store {
	t.Helper()
	st, err := OpenPostgres(t.Context(), url)
	return untilEnd(t, st, err)
}

// untilEnd has a store that was opened be closed when the test ends.
func untilEnd(t testing.TB, st *Store, err error) *Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// record makes an account whose orders lock after two years.
func record(t testing.TB, st *Store) {
	t.Helper()
	four := money.Whole(4)
	key := ledger.TermsKey{TermsOf: ledger.TermsOf{Contract: 9, EventType: 2240}, Version: 1}
	is := store.ReferenceChange{Reference: ledger.Reference{
		Account:    ledger.Account{ID: account, Currency: "USD", Zone: "UTC", ModificationLimit: ledger.MaxModificationLimit},
		Campaigns:  map[int64]ledger.Campaign{1000: {ID: 1000, State: ledger.StateActive}},
		EventTypes: map[int64]ledger.EventType{2240: {ID: 2240, Campaign: 1000, State: ledger.StateActive, DuplicateDays: 365}},
		Partners:   map[int64]ledger.Partner{501: {ID: 501, State: ledger.StateActive}},
		Contracts:  map[int64]ledger.Contract{9: {ID: 9, Campaign: 1000, Partner: 501}},
		Terms: map[ledger.TermsOf][]ledger.Terms{key.TermsOf: {{
			TermsKey: key, Level: ledger.LevelItem, Default: ledger.Payout{Rate: &four}, Locking: ledger.Locking{Days: 730},
		}}},
	}}
	if _, err := st.Record(t.Context(), account, now, byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
		return is, nil
	}); err != nil {
		t.Fatal(err)
	}
}

// fill makes orders of two items.
func fill(b testing.TB, st *Store, actions int) {
	b.Helper()
	record(b, st)
	at := now
	for made := 0; made < actions; {
		batch := make([]store.Submission, min(store.MaxBatch, actions-made))
		for i := range batch {
			made++
			at = at.Add(-time.Second)
			batch[i] = conversion(fmt.Sprintf("order-%d", made), at)
		}
		write(b, st, batch)
	}
}

func write(b testing.TB, st *Store, batch []store.Submission) {
	b.Helper()
	if _, err := st.Accept(b.Context(), account, now, batch); err != nil {
		b.Fatal(err)
	}
	if n, err := st.Apply(b.Context(), account, now, len(batch), ledger.Decide); n != len(batch) || err != nil {
		b.Fatal(n, err)
	}
}

func conversion(order string, at time.Time) store.Submission {
	return store.Submission{
		Payload: "CampaignId=1000&ActionTrackerId=2240&OrderId=" + order + "&MediaPartnerId=501&ItemSku1=12345&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=67890&ItemQuantity2=1&ItemSubTotal2=2.72",
		Submission: ledger.Submission{Command: ledger.Conversion{
			Campaign: 1000, EventType: 2240, EventDate: at, Order: order, Partner: 501,
			Lines: []ledger.ConversionLine{line("12345", 2, 192_700), line("67890", 1, 27_200)},
		}},
	}
}

func line(sku string, quantity int64, amount money.Decimal) ledger.ConversionLine {
	return ledger.ConversionLine{SKU: sku, Quantity: &quantity, Amount: &amount}
}

func modification(action, quantity int64) store.Submission {
	id := ledger.ActionID{Campaign: 1000, EventType: 2240, Number: action}
	return store.Submission{
		Payload: fmt.Sprintf("ActionId=%s&Sku=12345&Quantity=%d&Reason=ORDER_UPDATE", id, quantity),
		Submission: ledger.Submission{Command: ledger.Modification{
			Address: ledger.Address{Action: id}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{SKU: "12345", Quantity: &quantity}},
		}},
	}
}
