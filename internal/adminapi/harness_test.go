package adminapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// harness is an admin API with the token of an operator and two equal accounts, 1 and 2.
type harness struct {
	*testing.T
	http.Handler
	store       *sqlstore.Store
	sid, secret string
	notified    []int64
	clock       *jumpingClock
	archive     store.ArchiveFolder
}

// jumpingClock is a clock that a test sets.
type jumpingClock struct{ ahead time.Duration }

func (c *jumpingClock) Now() time.Time           { return time.Now().Add(c.ahead) }
func (c *jumpingClock) sinceBoot() time.Duration { return time.Since(started) }

var started = time.Now()

const reference = `accounts:
  - &shop
    id: 1
    name: Shop
    currency: USD
    zone: America/Los_Angeles
    campaigns: [{id: 1000, name: All}]
    event_types: [{id: 2240, campaign: 1000, name: Sale, code: SALE}]
    partners: [{id: 10, name: Partner}]
    promo_codes: [{campaign: 1000, code: SAVE10, partner: 10}]
    contracts: [{id: 77, campaign: 1000, partner: 10, start: 2026-01-01, terms: [
      {event_type: 2240, level: ITEM, default: {rate: 4}, locking: {days: 30}}]}]
`

func open(t *testing.T) *harness {
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
	h := &harness{T: t, store: st, clock: new(jumpingClock)}
	for _, text := range []string{reference, strings.Replace(reference, "id: 1\n", "id: 2\n", 1)} {
		file, err := refdata.Parse("f.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Record(t.Context(), st, time.Now().Add(-time.Hour), byTest); err != nil {
			t.Fatal(err)
		}
	}
	h.sid, h.secret = h.token(store.TokenRequest{Account: store.Operator, Name: "ada", Version: 14})
	guard := clockguard.NewWith(time.Time{}, slog.New(slog.DiscardHandler), h.clock.Now, h.clock.sinceBoot)
	h.serve(adminapi.Clock{Guard: guard, Log: st.LogClock})
	return h
}

// serve creates the handler.
func (h *harness) serve(clock adminapi.Clock) {
	h.Handler = adminapi.New(adminapi.Config{
		Store: h.store, Notifications: h.store, References: h.store, Bridges: h.store, Keys: h.store, Invoices: adminapi.Invoices{Store: h.store},
		Customers: adminapi.Customers{Store: h.store, Archive: h.archive}, Queued: func(account int64) { h.notified = append(h.notified, account) },
		Clock: clock, Log: slog.New(slog.DiscardHandler), Additional: persons.Routes(h.store, h.store),
	})
}

var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: time.Now()}

func (h *harness) token(request store.TokenRequest) (sid, secret string) {
	h.Helper()
	token, secret, err := request.Issue(time.Now())
	if err == nil {
		err = h.store.SaveToken(h.Context(), token, byTest)
	}
	if err != nil {
		h.Fatal(err)
	}
	return token.SID, secret
}

// do sends a request to a path below the root and returns the status and the body.
func (h *harness) do(method, path, body string) (int, string) {
	h.Helper()
	r := httptest.NewRequest(method, adminapi.Root+path, strings.NewReader(body))
	r.SetBasicAuth(h.sid, h.secret)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (h *harness) auditEvents(account int64) []store.AuditEvent {
	h.Helper()
	events, err := h.store.AuditEvents(h.Context(), account, 0, 100)
	if err != nil {
		h.Fatal(err)
	}
	return events
}

// track creates action 1000.2240.1 of account 1 and a failed submission, whose id it
// returns.
func (h *harness) track() (failed store.SubmissionID) {
	h.Helper()
	reversal := ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: "none"}, Reason: "REJECTED"}
	conversion := ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: time.Now().Add(-time.Minute), Order: "a", Partner: 10,
		Prices: ledger.Prices{Lines: []ledger.ConversionLine{{Number: 1, SKU: "A"}}},
	}
	accepted, err := h.store.Accept(h.Context(), 1, time.Now(), []store.Submission{
		{Submission: ledger.Submission{Command: conversion}}, {Submission: ledger.Submission{Command: reversal}},
	})
	if err == nil {
		_, err = h.store.Apply(h.Context(), 1, time.Now(), 10, ledger.Decide)
	}
	if err != nil {
		h.Fatal(err)
	}
	return accepted[1].ID
}
