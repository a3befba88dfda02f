package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/testclock"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// reference is an account with two partners, of which one has a minimum.
const reference = `accounts:
  - id: 7
    name: Shop
    currency: USD
    zone: UTC
    retain_submissions_days: 90
    campaigns: [{id: 1000, name: All}]
    event_types: [{id: 2240, campaign: 1000, name: Sale, code: SALE}]
    partners: [{id: 10, name: Blog, vat_rate: 20}, {id: 11, name: Coupons, minimum_payout: 25}]
    contracts: [{id: 77, campaign: 1000, partner: 10, start: 2026-01-01, terms: [
      {event_type: 2240, level: ORDER, default: {flat: 3}, locking: {days: 30}}]}]
    notifications: [{id: 5, campaign: 1000, events: [modified], method: GET, url: "http://127.0.0.1:9/"}]
`

// begin is the time of the test clock.
var begin = time.Date(2100, 1, 10, 12, 0, 0, 0, time.UTC)

// serve serves the admin API of an empty ledger with a test clock and the account 7, and returns a
// client of it. The OpenAPI document describes all requests and responses.
func serve(t *testing.T) (*admin.Client, *sqlstore.Store) {
	t.Helper()
	return serveWith(t, admin.Options{})
}

// serveWith is like serve, with options of the client and additional routes.
func serveWith(t *testing.T, o admin.Options, routes ...httpapi.OperatorRoute) (*admin.Client, *sqlstore.Store) {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	clock, err := testclock.New(begin)
	if err != nil {
		t.Fatal(err)
	}
	token, secret, err := store.TokenRequest{Account: store.Operator, Name: "ada", Version: 14}.Issue(clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	event := store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: store.OperationCreateToken, At: clock.Now()}
	if err := st.SaveToken(t.Context(), token, event); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	move := func(_ context.Context, target func(time.Time) time.Time, record func(from, to time.Time) error) error {
		return clock.Move(target, record)
	}
	handler := adminapi.New(adminapi.Config{
		Store: st, Notifications: st, References: st, Bridges: st, Keys: st, Invoices: adminapi.Invoices{Store: st},
		Customers: adminapi.Customers{Store: st, Archive: archive.Folder(t.TempDir())}, Queued: func(int64) {},
		Clock: adminapi.Clock{Guard: clock.Guard(log), Log: st.LogClock, Move: move}, Log: log, Additional: append(routes, persons.Routes(st, st)...),
	})
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(checker.Wrap(handler, func(err error) { t.Error(err) }))
	t.Cleanup(server.Close)
	o.BaseURL, o.SID, o.Token = server.URL+adminapi.Root, token.SID, secret
	c, err := admin.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Apply(t.Context(), admin.ReferenceFile{Content: reference}, admin.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return c, st
}

func TestTheClockMoves(t *testing.T) {
	c, _ := serve(t)
	ctx := t.Context()
	if clock, err := c.Clock(ctx); err != nil || !clock.Test || !clock.Time.Equal(begin) {
		t.Errorf("the clock is %+v (%v)", clock, err)
	}
	if now, err := c.AdvanceClock(ctx, 36*time.Hour, reason("the return is late")); err != nil || now.Time.Sub(begin) != 36*time.Hour {
		t.Errorf("the clock is %+v (%v)", now, err)
	}
	later := begin.AddDate(0, 1, 0)
	if now, err := c.SetClock(ctx, later, admin.WriteOptions{}); err != nil || !now.Time.Equal(later) {
		t.Errorf("the clock is %+v (%v)", now, err)
	}
	if accepted, err := c.AcceptClock(ctx, reason("a check")); err != nil || accepted.Accepted || !accepted.Time.Equal(later) {
		t.Errorf("the accepted clock is %+v (%v)", accepted, err)
	}
	events := take(t, c.AuditEvents(ctx, admin.AuditFilter{PageSize: 1}), 9)
	if i := slices.IndexFunc(events, func(e admin.AuditEvent) bool { return e.Reason == "the return is late" }); i < 0 ||
		events[i].Source != "ADMIN API" || events[i].Name != "ada" || events[i].Operation != "move clock" || !strings.Contains(events[i].Detail, "2100-01-10") {
		t.Errorf("the events are %+v", events)
	}
	if older := take(t, c.AuditEvents(ctx, admin.AuditFilter{Before: events[0].Number}), 9); len(older) != len(events)-1 {
		t.Errorf("before event %d there are %+v", events[0].Number, older)
	}
}

func TestInvoicesAreIssuedForcedAndPaid(t *testing.T) {
	c, _ := serve(t)
	ctx := t.Context()
	for partner, amount := range map[int]money.Amount{10: 1000, 11: 2000} {
		if _, err := c.RecordBonus(ctx, 7, admin.Bonus{Partner: partner, Campaign: 1000, Amount: amount, Currency: "USD"}, reason("a contest")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.AdvanceClock(ctx, 22*24*time.Hour, admin.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	issued, err := c.IssueInvoices(ctx, 7)
	if err != nil || !slices.Equal(issued.Invoices, []string{"10-1"}) || issued.More || issued.Queued != 0 || issued.Open == nil || issued.Open.Period != "2100-02" ||
		!slices.Equal(issued.Carried, []admin.CarriedBalance{{Partner: 11, PartnerName: "Coupons", Carried: 2000, Minimum: 2500}}) {
		t.Fatalf("issued %+v (%v)", issued, err)
	}
	paid, err := c.RecordPayment(ctx, 7, "10-1", admin.Payment{Date: "2100-02-01", Reference: "transfer 4", Amount: new(money.Amount(1200)), Currency: "USD"}, reason("bank"))
	if err != nil || paid.Total != 1200 || paid.VAT != 200 || paid.Status != "PAID" || *paid.Payment != (admin.Paid{Date: "2100-02-01", Reference: "transfer 4"}) {
		t.Errorf("the invoice is %+v (%v)", paid, err)
	}
	forced, err := c.ForceInvoice(ctx, 7, 11, reason("leaves"))
	if err != nil || !slices.Equal(forced.Invoices, []string{"11-1"}) || forced.Open != nil {
		t.Fatalf("forced %+v (%v)", forced, err)
	}
	file := admin.PaymentFile{Content: "date,amount,invoice\n2100-02-01,20.00,11-1\n2100-02-01,20.00,11-2\n", Decimal: ".", DryRun: true}
	if imported, err := c.ImportPayments(ctx, 7, file, reason("bank")); err != nil || imported.Recorded != 0 || imported.Problems != 1 || imported.Rows[0].Status != "MATCHED" {
		t.Errorf("the dry run is %+v (%v)", imported, err)
	}
	file.DryRun = false
	if _, err := c.ImportPayments(ctx, 7, file, reason("bank")); !isStatus(err, http.StatusBadRequest, "partial") {
		t.Errorf("a file with a problem: %v", err)
	}
	file.Partial = true
	if imported, err := c.ImportPayments(ctx, 7, file, reason("bank")); err != nil || imported.Recorded != 1 || imported.Problems != 1 || imported.Rows[0].Invoice != "11-1" || imported.Rows[1].Message == "" {
		t.Errorf("the import is %+v (%v)", imported, err)
	}
	if v, err := c.Invoice(ctx, 7, "11-1"); err != nil || !v.Forced || v.Status != "PAID" {
		t.Errorf("the invoice is %+v (%v)", v, err)
	}
}

func TestCarriedBalancesAreWrittenOff(t *testing.T) {
	c, _ := serve(t)
	ctx := t.Context()
	if _, err := c.RecordBonus(ctx, 7, admin.Bonus{Partner: 11, Campaign: 1000, Amount: -500, Currency: "USD"}, reason("damaged goods")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AdvanceClock(ctx, 22*24*time.Hour, admin.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.IssueInvoices(ctx, 7); err != nil {
		t.Fatal(err)
	}
	entries, err := c.WriteOff(ctx, 7, 11, reason("too small"))
	if err != nil || len(entries) != 1 || entries[0].Kind != "WRITE_OFF" || entries[0].Amount != 500 || entries[0].Currency != "USD" || entries[0].Period != "2100-02" {
		t.Errorf("the entries are %+v (%v)", entries, err)
	}
	if b, err := c.Balance(ctx, 7, 11); err != nil || b.WrittenOff != 500 || b.Carried != 0 {
		t.Errorf("the balance is %+v (%v)", b, err)
	}
}

func TestExchangeRates(t *testing.T) {
	c, _ := serve(t)
	ctx := t.Context()
	file := admin.RateFile{Content: "date,currency,rate\n2026-11-02,USD,1.0956\n2026-11-01,USD,1.1\n", Base: "EUR", PerBase: true, DryRun: true}
	want := admin.LastRate{Date: "2026-11-02", Base: "EUR", Currency: "USD", Rate: "1.0956"}
	for _, dryRun := range []bool{true, false} {
		file.DryRun = dryRun
		imported, err := c.ImportRates(ctx, 7, file, reason("of the bank"))
		if err != nil || imported.Rates != 2 || imported.Days != 2 || imported.New != 2 || imported.Changed != 0 || imported.Last != want || imported.DryRun != dryRun {
			t.Errorf("the import is %+v (%v)", imported, err)
		}
	}
	table := admin.Entry(admin.RateTables, "2026-11-01", "EUR")
	if n, err := c.PutEntry(ctx, 7, table, map[string]any{"rates": map[money.Currency]money.Rate{"USD": "1.2"}}, admin.PutOptions{}); err != nil || n != 1 {
		t.Errorf("a table records %d entries (%v)", n, err)
	}
	tables := take(t, c.RateTables(ctx, 7, admin.RateFilter{First: "2026-11-01", Last: "2026-11-01", Limit: 5}), 9)
	if len(tables) != 1 || tables[0].Date != "2026-11-01" || tables[0].Base != "EUR" || tables[0].Rates["USD"] != "1.2" {
		t.Errorf("the tables are %+v", tables)
	}
}

// accept stores a conversion and a reversal of an unknown order, and applies them if apply is set.
func accept(t *testing.T, st *sqlstore.Store, order string, apply bool) (ids []string) {
	t.Helper()
	now := begin.Add(time.Hour)
	accepted, err := st.Accept(t.Context(), 7, now, []store.Submission{
		{Submission: ledger.Submission{Command: ledger.Conversion{
			Campaign: 1000, EventType: 2240, EventDate: now.Add(-time.Minute), Order: order, Partner: 10,
			Prices: ledger.Prices{Lines: []ledger.ConversionLine{{Number: 1, SKU: "A"}}},
		}}},
		{Submission: ledger.Submission{Command: ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: "none"}, Reason: "REJECTED"}}},
	})
	if err == nil && apply {
		_, err = st.Apply(t.Context(), 7, now, 10, ledger.Decide)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accepted {
		ids = append(ids, string(a.ID))
	}
	return ids
}

func TestAQueuedSubmissionIsParked(t *testing.T) {
	c, st := serve(t)
	ids := accept(t, st, "P-1", false)
	if err := c.ParkSubmission(t.Context(), 7, ids[0], reason("a mistake")); err != nil {
		t.Error(err)
	}
	if _, err := st.Apply(t.Context(), 7, begin.Add(time.Hour), 10, ledger.Decide); err != nil {
		t.Fatal(err)
	}
	if id, err := c.RetrySubmission(t.Context(), 7, ids[0], reason("no mistake")); err != nil || id == "" {
		t.Errorf("it is retried as %q (%v)", id, err)
	}
}

func TestOldRecordsAreRemoved(t *testing.T) {
	c, st := serve(t)
	accept(t, st, "R-1", true)
	accept(t, st, "R-2", true) // its reversal is the newest submission, which stays
	if _, err := c.AdvanceClock(t.Context(), 91*24*time.Hour, admin.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		dryRun             bool
		submissions, files int
	}{{true, 1, 0}, {false, 1, 1}, {false, 0, 0}} {
		r, err := c.Retain(t.Context(), 7, admin.Retain{DryRun: want.dryRun}, reason("a check"))
		if err != nil || r.Removed.Submissions != want.submissions || len(r.Files) != want.files || r.DryRun != want.dryRun || r.More || r.Queued || r.Unlimited ||
			r.Removed.Oldest.IsZero() != (want.submissions == 0) || r.Removed.Newest.Before(r.Removed.Oldest) {
			t.Errorf("the retention is %+v (%v), want %+v", r, err, want)
		}
	}
}

func TestPayoutsAreEstimated(t *testing.T) {
	c, st := serve(t)
	accept(t, st, "W-1", true)
	account, err := c.Account(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	entry := json.RawMessage(strings.Replace(string(account), `"flat":"3"`, `"flat":"5"`, 1))
	e, err := c.EstimatePayouts(t.Context(), 7, entry, admin.EstimateSpan{Since: "2026-01-01", Until: "2200-01-01"})
	if err != nil || len(e.Lines) != 1 || e.Total != (admin.EstimateTotal{Orders: 1, Payout: 300, NewPayout: 500, Difference: 200}) || e.Currency != "USD" {
		t.Fatalf("the estimate is %+v (%v)", e, err)
	}
	if l := e.Lines[0]; l.Partner != 10 || l.PartnerName != "Blog" || l.EventType != 2240 || l.EventTypeName != "Sale" || l.EstimateTotal != e.Total {
		t.Errorf("the line is %+v", l)
	}
}

func TestDeliveriesAreListedAndResent(t *testing.T) {
	c, _ := serve(t)
	if deliveries := take(t, c.Deliveries(t.Context(), 7, 5, admin.DeliveryFilter{}), 9); len(deliveries) != 0 {
		t.Errorf("the deliveries are %+v", deliveries)
	}
	if n, err := c.Resend(t.Context(), 7, 5, "", reason("fixed")); err != nil || n != 0 {
		t.Errorf("%d events are sent again (%v)", n, err)
	}
	if _, err := c.Resend(t.Context(), 7, 5, "1000.2240.1.2", reason("fixed")); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an unknown event: %v", err)
	}
}
