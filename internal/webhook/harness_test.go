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
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const account = 7

var (
	start  = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: start}
	first  = store.NotificationKey{Account: account, Notification: 1}
)

// harness is a ledger, a notifier and a receiver of its notifications.
type harness struct {
	*testing.T
	*webhook.Notifier
	store *storetest.FaultInjector
	url   string
	log   strings.Builder
	// follower is true while another process is the leader.
	follower atomic.Bool

	mu sync.Mutex
	// now is the time, which only advance changes.
	now time.Time
	// status returns the status of the response to a request. If it is nil, the status is 200.
	status   func(r received) int
	requests []received
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{T: t, store: storetest.NewFaultInjector(st.Roles()), now: start}
	receiver := httptest.NewServer(http.HandlerFunc(h.receive))
	h.url = receiver.URL
	h.Notifier = webhook.New(h.store, h.clock, slog.New(slog.NewTextHandler(&h.log, nil)), func() bool { return !h.follower.Load() },
		webhook.Options{Allowed: webhook.Loopback()})
	t.Cleanup(func() {
		h.Stop()
		receiver.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	four := money.Whole(4)
	terms := program.TermsOf{Contract: 1, EventType: 2240}
	h.record(program.Reference{
		Account:    program.Account{ID: account, Name: "Shop", Currency: "USD", Zone: "America/Los_Angeles", ModificationLimit: 100},
		Campaigns:  map[int64]program.Campaign{1000: {ID: 1000, Name: "All & more", State: "ACTIVE"}},
		EventTypes: map[int64]program.EventType{2240: {ID: 2240, Campaign: 1000, Name: "Sale", State: "ACTIVE"}},
		Partners:   map[int64]program.Partner{10: {ID: 10, Name: "Blog", State: "ACTIVE"}},
		Contracts:  map[int64]program.Contract{1: {ID: 1, Campaign: 1000, Partner: 10, Start: start.AddDate(-1, 0, 0)}},
		Terms: map[program.TermsOf][]program.Terms{terms: {{
			TermsKey: program.TermsKey{TermsOf: terms, Version: 1}, From: start.AddDate(-1, 0, 0), Level: program.LevelItem,
			Default: program.Payout{Rate: &four}, Locking: program.Locking{Days: 30},
		}}},
	})
	return h
}

func (h *harness) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *harness) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *harness) record(r program.Reference) {
	h.Helper()
	_, err := h.store.Record(h.Context(), account, h.clock(), byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: r}, nil
	})
	if err != nil {
		h.Fatal(err)
	}
}

// notify records notification 1. By default it sends a GET request to the receiver.
func (h *harness) notify(n program.Notification) {
	h.Helper()
	n.ID, n.Campaign = 1, 1000
	if n.URL == "" {
		n.URL = "/{ActionId}?event={Event}&amount={Amount}"
	}
	if strings.HasPrefix(n.URL, "/") {
		n.URL = h.url + n.URL
	}
	if n.Method == "" {
		n.Method = program.MethodGet
	}
	if n.State == "" {
		n.State = program.StateActive
	}
	h.record(program.Reference{Notifications: map[int64]program.Notification{1: n}})
}

// apply accepts the commands and applies them.
func (h *harness) apply(commands ...ledger.Command) {
	h.Helper()
	var queue []store.Submission
	for _, c := range commands {
		queue = append(queue, store.Submission{Submission: ledger.Submission{Command: c}})
	}
	_, err := h.store.Accept(h.Context(), account, h.clock(), queue)
	if err == nil {
		_, err = h.store.Apply(h.Context(), account, h.clock(), store.MaxBatch, ledger.Decide)
	}
	if err != nil {
		h.Fatal(err)
	}
}

func order(id string) ledger.Command {
	quantity, amount := int64(2), money.Whole(20)
	return ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: start.Add(-time.Minute), Order: id, Partner: 10,
		SharedID: "a&b", Prices: ledger.Prices{Lines: []ledger.ConversionLine{{Number: 1, SKU: "A \"1\"", Quantity: &quantity, Amount: &amount}}},
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
