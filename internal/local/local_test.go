package local_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/local"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

const reference = `
accounts:
  - id: 1
    name: Shop
    currency: USD
    zone: UTC
    campaigns: [{id: 1000, name: Shop}]
    event_types: [{id: 2240, campaign: 1000, name: Sale}]
    partners: [{id: 10, name: Partner}]
    contracts:
      - {id: 1, campaign: 1000, partner: 10, start: 2020-01-01, terms: [{event_type: 2240, level: ITEM, default: {rate: 4}, locking: {days: 30}}]}
`

var (
	actor = store.Actor{Source: store.SourceCommand, ID: "test"}
	log   = slog.New(slog.DiscardHandler)
)

// newStore creates a store with an account and returns its folder.
func newStore(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	file, err := refdata.Parse("reference.yaml", []byte(reference))
	if err != nil {
		t.Fatal(err)
	}
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	_, err = file.Record(t.Context(), st, now, store.AuditEvent{Actor: actor, Operation: store.OperationRecord, At: now})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// use calls do with a client of the ledger in a folder.
func use(t *testing.T, dir string, readOnly bool, do func(*client.Client)) {
	t.Helper()
	open := sqlstore.OpenSQLite
	if readOnly {
		open = sqlstore.OpenSQLiteReadOnly
	}
	st, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := local.Open(local.Config{Store: st.Roles(), Account: 1, Actor: actor, Clock: clockguard.New(time.Time{}, log), Log: log, ReadOnly: readOnly})
	if err != nil {
		t.Fatal(err)
	}
	do(l.Client)
	if err := errors.Join(l.Close(context.Background()), st.Close()); err != nil {
		t.Fatal(err)
	}
}

func order() client.Conversion {
	return client.Conversion{
		CampaignID: 1000, ActionTrackerID: 2240, OrderID: "O-1", MediaPartnerID: 10, Currency: "USD",
		Items: []client.ConversionItem{{SKU: "A", Quantity: 9, SubTotal: new(money.Amount(9000))}},
	}
}

func TestWritesAreAppliedBeforeCloseReturns(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	dir := newStore(t)
	const n = 5
	use(t, dir, false, func(c *client.Client) {
		write, err := c.Convert(t.Context(), order())
		if err != nil {
			t.Fatal(err)
		}
		submission, err := write.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i := range n { // without waiting
			m := client.Modification{ActionID: submission.ActionID, Reason: "ORDER_UPDATE", Items: []client.ItemChange{{SKU: "A", Quantity: new(8 - i)}}}
			if _, err := c.Modify(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	})
	use(t, dir, true, func(c *client.Client) {
		for s, err := range c.Submissions(t.Context(), client.SubmissionFilter{}) {
			if err != nil || s.Status != client.StatusComplete || s.ErrorType != "" {
				t.Errorf("submission %s is %s %s, %v", s.ID, s.Status, s.ErrorReason, err)
			}
		}
		item, err := c.Item(t.Context(), "1000.2240.1", "A")
		if err != nil || item.Quantity != 9-n || item.SaleAmount != 4000 {
			t.Errorf("the item is %+v, %v", item, err)
		}
	})
	goleak.VerifyNone(t, leaks)
}

func TestReadOnlyLedgerRefusesWrites(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	use(t, newStore(t), true, func(c *client.Client) {
		_, err := c.Convert(t.Context(), order())
		if response := (*client.Error)(nil); !errors.As(err, &response) || response.Status != http.StatusForbidden {
			t.Errorf("the error is %v", err)
		}
		if company, err := c.Company(t.Context()); err != nil || company.CompanyName != "Shop" {
			t.Errorf("the company is %+v, %v", company, err)
		}
	})
	goleak.VerifyNone(t, leaks)
}

func TestDrainAppliesWhatIsQueued(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	st, err := sqlstore.OpenSQLite(t.Context(), newStore(t))
	if err != nil {
		t.Fatal(err)
	}
	one := int64(1)
	action := ids.ActionID{Campaign: 1000, EventType: 2240, Number: 7}
	_, err = st.Accept(t.Context(), 1, time.Now(), []store.Submission{{Submission: ledger.Submission{Command: ledger.Modification{
		Address: ledger.Address{Action: action}, Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{{SKU: "A", QuantityDelta: &one}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := local.Open(local.Config{Store: st.Roles(), Account: 1, Actor: actor, Clock: clockguard.New(time.Time{}, log), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	status := func() (text string) {
		t.Helper()
		for s, err := range l.Client.Submissions(t.Context(), client.SubmissionFilter{}) {
			if err != nil {
				t.Fatal(err)
			}
			text += s.Status
		}
		return text
	}
	if got := status(); got != client.StatusQueued {
		t.Errorf("the submission is %s", got)
	}
	if err := l.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != client.StatusComplete {
		t.Errorf("the submission is %s after Drain", got)
	}
	if err := errors.Join(l.Close(context.Background()), st.Close()); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, leaks)
}
