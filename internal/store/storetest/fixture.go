package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/signature"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// The reference data of every test: one campaign, two event types, of which one locks
// after 15 days and the other by a code, and two partners with one contract each.
const (
	account      = 7
	otherAccount = 8
	campaign     = 1000
	locksByDay   = 2240
	locksByCode  = 2241
	partner      = 501
	otherPartner = 502
)

// fixture holds the store of one test and helpers.
type fixture struct {
	*testing.T
	store.Store
	reopen Reopen
	// now is the time of the test's clock. Only the test changes it.
	now time.Time
}

var start = time.Date(2026, 11, 2, 10, 0, 0, 123_000, time.UTC)

func newFixture(t *testing.T, reopen Reopen) *fixture {
	t.Helper()
	f := &fixture{T: t, Store: reopen(), reopen: reopen, now: start}
	t.Cleanup(func() {
		if err := Verify(context.Background(), f.Store); err != nil && !t.Failed() {
			t.Errorf("the invariants are violated: %v", err)
		}
		if err := f.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	f.record(account, reference(account))
	f.record(otherAccount, reference(otherAccount))
	f.now = f.now.Add(time.Minute)
	return f
}

// must returns a function that fails the test on an error and returns the value. Go lets
// only a call without other arguments pass on two results.
func must[T any](value T, err error) func(f *fixture) T {
	return func(f *fixture) T {
		f.Helper()
		if err != nil {
			f.Fatal(err)
		}
		return value
	}
}

// same fails the test if two values differ.
func same(f *fixture, want, got any, label string) {
	f.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(signature.Secret{})); diff != "" {
		f.Fatalf("%s (-want +got):\n%s", label, diff)
	}
}

// wantError fails the test unless got wraps want, or is nil if want is nil.
func wantError(f *fixture, want, got error) {
	f.Helper()
	if !errors.Is(got, want) {
		f.Fatalf("error is %v, want %v", got, want)
	}
}

// reference returns the reference data of a test's account.
func reference(account int64) store.ReferenceChange {
	four := money.Whole(4)
	r := program.Reference{
		Account:   program.Account{ID: account, Name: "Shop", Currency: "USD", Zone: "America/Los_Angeles", ModificationLimit: program.DefaultModificationLimit},
		Campaigns: map[int64]program.Campaign{campaign: {ID: campaign, Name: "All", State: program.StateActive, FeeRate: four}},
		EventTypes: map[int64]program.EventType{
			locksByDay:  eventType(locksByDay, "SALE"),
			locksByCode: eventType(locksByCode, "LEAD"),
		},
		PromoCodes: map[program.PromoKey]program.PromoCode{},
		Partners:   map[int64]program.Partner{},
		Contracts:  map[int64]program.Contract{},
		Terms:      map[program.TermsOf][]program.Terms{},
	}
	for _, id := range []int64{partner, otherPartner} {
		r.Partners[id] = program.Partner{ID: id, Name: fmt.Sprintf("Partner %d", id), State: program.StateActive}
		r.Contracts[id] = program.Contract{ID: id, Campaign: campaign, Partner: id, Start: start.AddDate(-2, 0, 0)}
		putTerms(r, terms(id, locksByDay, 1, 4, program.Locking{Days: 15}))
		putTerms(r, terms(id, locksByCode, 1, 4, program.Locking{OpenEnded: true}))
	}
	promo := program.PromoCode{Campaign: campaign, Code: "Save10", Partner: otherPartner}
	r.PromoCodes[promo.Key()] = promo
	return store.ReferenceChange{Reference: r, RateTables: rates}
}

func eventType(id int64, code string) program.EventType {
	return program.EventType{
		ID: id, Campaign: campaign, Name: code, Code: code, State: program.StateActive,
		CustomerStatuses: []string{"NEW", "OLD"}, DuplicateDays: program.DefaultDuplicateDays,
		Dispositions: []program.Disposition{{Code: "checked", Name: "Checked", Effect: program.EffectApprove}},
	}
}

func terms(contract, eventType int64, version int, percent int64, locking program.Locking) program.Terms {
	rate := money.Whole(percent)
	of := program.TermsOf{Contract: contract, EventType: eventType}
	return program.Terms{
		TermsKey: program.TermsKey{TermsOf: of, Version: version}, From: start.AddDate(-2, 0, version),
		Level: program.LevelItem, Default: program.Payout{Rate: &rate}, Locking: locking,
	}
}

// putTerms appends a version of terms to the reference data.
func putTerms(r program.Reference, t program.Terms) {
	r.Terms[t.TermsOf] = append(r.Terms[t.TermsOf], t)
}

// always returns a function that returns the change and ignores the current data.
func always(change store.ReferenceChange) store.AmendReference {
	return func(*program.Reference, time.Time) (store.ReferenceChange, error) { return change, nil }
}

// record records a change and returns the number of changed entries.
func (f *fixture) record(account int64, change store.ReferenceChange) int {
	f.Helper()
	return must(f.Record(f.Context(), account, f.now, f.auditEvent(store.OperationRecord), always(change)))(f)
}

// auditEvent returns an audit event of the test's operator.
func (f *fixture) auditEvent(operation store.Operation) store.AuditEvent {
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceAdminAPI, ID: "IRop", Name: "Operator"}, Operation: operation, Reason: "a test", At: f.now}
}

// accept accepts commands in one batch.
func (f *fixture) accept(commands ...ledger.Command) []store.Submission {
	f.Helper()
	return submissions(must(f.Accept(f.Context(), account, f.now, batchOf(commands...)))(f))
}

// submissions returns the submissions of a result of Accept.
func submissions(accepted []store.Accepted) []store.Submission {
	all := make([]store.Submission, len(accepted))
	for i, a := range accepted {
		all[i] = a.Submission
	}
	return all
}

func batchOf(commands ...ledger.Command) []store.Submission {
	batch := make([]store.Submission, len(commands))
	for i, c := range commands {
		batch[i].Command, batch[i].Payload = c, fmt.Sprintf("Line=%d", i)
	}
	return batch
}

// apply applies all queued submissions.
func (f *fixture) apply() int {
	f.Helper()
	return must(f.Apply(f.Context(), account, f.now, store.MaxBatch, ledger.Decide))(f)
}

// read returns the result of get in a snapshot of the account.
func read[T any](f *fixture, get func(r store.Reader) (T, error)) T {
	f.Helper()
	var value T
	if err := f.Read(f.Context(), account, func(r store.Reader) (err error) {
		value, err = get(r)
		return err
	}); err != nil {
		f.Fatal(err)
	}
	return value
}

func (f *fixture) action(number int64) ledger.Action {
	f.Helper()
	return read(f, func(r store.Reader) (ledger.Action, error) { return r.Action(idOf(number)) })
}

func (f *fixture) submission(s store.Submission) store.Submission {
	f.Helper()
	return read(f, func(r store.Reader) (store.Submission, error) { return r.Submission(s.ID) })
}

// idOf returns the id of the action that the conversion with the number created.
func idOf(number int64) ids.ActionID {
	return ids.ActionID{Campaign: campaign, EventType: locksByDay, Number: number}
}

func ptr[T any](v T) *T { return &v }

// order returns a conversion of two items.
func (f *fixture) order(order string) ledger.Conversion {
	return ledger.Conversion{
		Campaign: campaign, EventType: locksByDay, EventDate: f.now, Order: order, Partner: partner,
		Prices: ledger.Prices{Lines: []ledger.ConversionLine{
			{Number: 1, SKU: "12345", Category: "Shoes", Quantity: ptr[int64](2), Amount: ptr(money.Decimal(192_700))},
			{Number: 2, SKU: "67890", Quantity: ptr[int64](1), Amount: ptr(money.Decimal(27_200))},
		}},
	}
}

func setQuantity(order, sku string, quantity int64) ledger.Modification {
	return ledger.Modification{
		Address: ledger.Address{EventType: locksByDay, Order: order}, Reason: ledger.ReasonOrderUpdate,
		Items: []ledger.ItemChange{{SKU: sku, Quantity: &quantity}},
	}
}

func reverse(order string) ledger.Reversal {
	return ledger.Reversal{Address: ledger.Address{EventType: locksByDay, Order: order}, Reason: "REJECTED"}
}
