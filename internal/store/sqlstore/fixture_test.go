package sqlstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const account = 1000001

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// byTest is the audit event of changes that tests make.
var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceCommand, ID: "test"}, Operation: "test", At: now}

// database is a kind of database that holds a store.
type database struct {
	name string
	// newLocation returns a location without a store.
	newLocation    func(t testing.TB) string
	open, readOnly func(ctx context.Context, location string) (*sqlstore.Store, error)
}

var databases = []database{
	{"SQLite", testing.TB.TempDir, sqlstore.OpenSQLite, sqlstore.OpenSQLiteReadOnly},
	{"PostgreSQL", pgtest.Schema, sqlstore.OpenPostgres, sqlstore.OpenPostgresReadOnly},
}

// openNew opens an empty store.
func (d database) openNew(t testing.TB) *sqlstore.Store {
	t.Helper()
	st, err := d.open(t.Context(), d.newLocation(t))
	return closeAfter(t, st, err)
}

// onEachDatabase runs a test on each kind of database. The function openNew opens an
// empty store.
func onEachDatabase(t *testing.T, test func(t *testing.T, openNew func() *sqlstore.Store)) {
	t.Helper()
	onEach(t, databases, test)
}

// onEach is onEachDatabase for some kinds of databases.
func onEach(t *testing.T, databases []database, test func(t *testing.T, openNew func() *sqlstore.Store)) {
	t.Helper()
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			test(t, func() *sqlstore.Store { return d.openNew(t) })
		})
	}
}

// openSQLite opens the store in a folder until the test ends.
func openSQLite(t testing.TB, dir string) *sqlstore.Store {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	return closeAfter(t, st, err)
}

// openPostgres opens the store at a URL until the test ends.
func openPostgres(t testing.TB, url string) *sqlstore.Store {
	t.Helper()
	st, err := sqlstore.OpenPostgres(t.Context(), url)
	return closeAfter(t, st, err)
}

// openPostgresWith is openPostgres with a changed configuration.
func openPostgresWith(t testing.TB, url string, change func(*sqldb.Config)) *sqlstore.Store {
	t.Helper()
	c := sqlstore.Config()
	change(&c)
	db, err := sqldb.OpenPostgres(t.Context(), url, c)
	if err != nil {
		t.Fatal(err)
	}
	return closeAfter(t, sqlstore.New(db), nil)
}

// closeAfter closes st after the test. It fails the test if st could not be opened.
func closeAfter(t testing.TB, st *sqlstore.Store, err error) *sqlstore.Store {
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

// createAccount records an account whose orders lock after two years.
func createAccount(t testing.TB, st *sqlstore.Store) { createAccountWith(t, st, account) }

// createAccountWith creates an account with the given id.
func createAccountWith(t testing.TB, st *sqlstore.Store, account int64) {
	t.Helper()
	four := money.Whole(4)
	key := program.TermsKey{TermsOf: program.TermsOf{Contract: 9, EventType: 2240}, Version: 1}
	change := store.ReferenceChange{Reference: program.Reference{
		Account:    program.Account{ID: account, Currency: "USD", Zone: "UTC", ModificationLimit: ledger.MaxModificationLimit},
		Campaigns:  map[int64]program.Campaign{1000: {ID: 1000, State: program.StateActive}},
		EventTypes: map[int64]program.EventType{2240: {ID: 2240, Campaign: 1000, State: program.StateActive, DuplicateDays: 365}},
		Partners:   map[int64]program.Partner{501: {ID: 501, State: program.StateActive}},
		Contracts:  map[int64]program.Contract{9: {ID: 9, Campaign: 1000, Partner: 501}},
		Terms: map[program.TermsOf][]program.Terms{key.TermsOf: {{
			TermsKey: key, Level: program.LevelItem, Default: program.Payout{Rate: &four}, Locking: program.Locking{Days: 730},
		}}},
	}}
	if _, err := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return change, nil
	}); err != nil {
		t.Fatal(err)
	}
}

// fill creates an account with orders of two items.
func fill(b testing.TB, st *sqlstore.Store, actions int) {
	b.Helper()
	createAccount(b, st)
	at := now
	for made := 0; made < actions; {
		batch := make([]store.Submission, min(store.MaxBatch, actions-made))
		for i := range batch {
			made++
			at = at.Add(-time.Second)
			batch[i] = conversion(fmt.Sprintf("order-%d", made), at)
		}
		submit(b, st, batch)
	}
}

// submit accepts and applies a batch.
func submit(b testing.TB, st *sqlstore.Store, batch []store.Submission) {
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
			Prices: ledger.Prices{Lines: []ledger.ConversionLine{line("12345", 2, 192_700), line("67890", 1, 27_200)}},
		}},
	}
}

func line(sku string, quantity int64, amount money.Decimal) ledger.ConversionLine {
	return ledger.ConversionLine{SKU: sku, Quantity: &quantity, Amount: &amount}
}

func modification(action, quantity int64) store.Submission {
	id := ids.ActionID{Campaign: 1000, EventType: 2240, Number: action}
	return store.Submission{
		Payload: fmt.Sprintf("ActionId=%s&Sku=12345&Quantity=%d&Reason=ORDER_UPDATE", id, quantity),
		Submission: ledger.Submission{Command: ledger.Modification{
			Address: ledger.Address{Action: id}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{SKU: "12345", Quantity: &quantity}},
		}},
	}
}

func undo(submission int64) store.Submission {
	return store.Submission{
		Payload:    fmt.Sprintf("BatchId=%d", submission),
		Submission: ledger.Submission{Command: ledger.Undo{Submission: submission}},
	}
}
