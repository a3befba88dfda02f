package webhook_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

const account = 7

var (
	start  = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: start}
	first  = store.Notifying{Account: account, Notification: 1}
)

// office is a ledger with a receiver of its notifications.
type office struct {
	*testing.T
	*webhook.Notifier
	store *storetest.Faulty
	url   string
	log   strings.Builder
	// follows is while another process leads.
	follows atomic.Bool

	mu sync.Mutex
	// now is the clock; it moves only when a test moves it.
	now time.Time
	// answer says what status a request gets; 200 if it is nil.
	answer   func(r received) int
	requests []received
}

func open(t *testing.T) *office {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, store: storetest.NewFaulty(st), now: start}
	receiver := httptest.NewServer(http.HandlerFunc(o.receive))
	o.url = receiver.URL
	o.Notifier = webhook.New(o.store, o.clock, slog.New(slog.NewTextHandler(&o.log, nil)), func() bool { return !o.follows.Load() })
	t.Cleanup(func() {
		o.Stop()
		receiver.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	four := money.Whole(4)
	of := ledger.TermsOf{Contract: 1, EventType: 2240}
	o.record(ledger.Reference{
		Account:    ledger.Account{ID: account, Name: "Shop", Currency: "USD", Zone: "America/Los_Angeles", ModificationLimit: 100},
		Campaigns:  map[int64]ledger.Campaign{1000: {ID: 1000, Name: "All & more", State: "ACTIVE"}},
		EventTypes: map[int64]ledger.EventType{2240: {ID: 2240, Campaign: 1000, Name: "Sale", State: "ACTIVE"}},
		Partners:   map[int64]ledger.Partner{10: {ID: 10, Name: "Blog", State: "ACTIVE"}},
		Contracts:  map[int64]ledger.Contract{1: {ID: 1, Campaign: 1000, Partner: 10, Start: start.AddDate(-1, 0, 0)}},
		Terms: map[ledger.TermsOf][]ledger.Terms{of: {{
			TermsKey: ledger.TermsKey{TermsOf: of, Version: 1}, From: start.AddDate(-1, 0, 0), Level: ledger.LevelItem,
			Default: ledger.Payout{Rate: &four}, Locking: ledger.Locking{Days: 30},
		}}},
	})
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func (o *office) record(r ledger.Reference) {
	o.Helper()
	_, err := o.store.Record(o.Context(), account, o.clock(), byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: r}, nil
	})
	if err != nil {
		o.Fatal(err)
	}
}

// notify records notification 1, by GET of a path of the receiver unless it says otherwise.
func (o *office) notify(n ledger.Notification) {
	o.Helper()
	n.ID, n.Campaign = 1, 1000
	if n.URL == "" {
		n.URL = "/{ActionId}?event={Event}&amount={Amount}"
	}
	if strings.HasPrefix(n.URL, "/") {
		n.URL = o.url + n.URL
	}
	if n.Method == "" {
		n.Method = ledger.MethodGet
	}
	if n.State == "" {
		n.State = ledger.StateActive
	}
	o.record(ledger.Reference{Notifications: map[int64]ledger.Notification{1: n}})
}

// apply accepts commands and applies them.
func (o *office) apply(commands ...ledger.Command) {
	o.Helper()
	var queue []store.Submission
	for _, c := range commands {
		queue = append(queue, store.Submission{Submission: ledger.Submission{Command: c}})
	}
	_, err := o.store.Accept(o.Context(), account, o.clock(), queue)
	if err == nil {
		_, err = o.store.Apply(o.Context(), account, o.clock(), store.MaxBatch, ledger.Decide)
	}
	if err != nil {
		o.Fatal(err)
	}
}

func order(id string) ledger.Command {
	quantity, amount := int64(2), money.Whole(20)
	return ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: start.Add(-time.Minute), Order: id, Partner: 10,
		SharedID: "a&b", Lines: []ledger.ConversionLine{{Number: 1, SKU: "A \"1\"", Quantity: &quantity, Amount: &amount}},
	}
}

func setQuantity(id string, quantity int64) ledger.Command {
	return ledger.Modification{
		Address: ledger.Address{EventType: 2240, Order: id}, Reason: ledger.ReasonOrderUpdate,
		Items: []ledger.ItemChange{{SKU: "A \"1\"", Quantity: &quantity}},
	}
}

func reverse(id string) ledger.Command {
	return ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: id}, Reason: "ITEM_RETURNED"}
}
