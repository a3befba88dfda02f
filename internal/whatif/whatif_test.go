package whatif_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/whatif"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	tried "github.com/trueup-ledger/trueup/ledger/whatif"
	"github.com/trueup-ledger/trueup/money"
)

// Accounts of the tests. Both get the same submissions: actual has terms that change, and
// other has other terms all along.
const (
	actual = 1
	other  = 2
)

var (
	start  = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: start}
)

// account is a reference file with placeholders for the id and the terms of three contracts.
const account = `accounts:
  - id: ID
    name: Shop
    currency: USD
    zone: America/Los_Angeles
    campaigns: [{id: 1000, name: All}, {id: 1001, name: Tracked, pricing: tracked}]
    event_types:
      - {id: 2240, campaign: 1000, name: Sale, customer_statuses: [NEW, OLD]}
      - {id: 2241, campaign: 1001, name: Sale}
    partners: [{id: 10, name: Blog}, {id: 11, name: Coupons}]
    contracts:
      - {id: 77, campaign: 1000, partner: 10, start: 2026-01-01, terms: [{event_type: 2240, locking: {days: 365}, FIRST}]}
      - {id: 78, campaign: 1001, partner: 10, start: 2026-01-01, terms: [{event_type: 2241, locking: {days: 365}, SECOND}]}
      - {id: 79, campaign: 1000, partner: 11, start: 2026-01-01, terms: [{event_type: 2240, locking: {days: 365}, THIRD}]}
`

// terms are the terms of the three contracts.
type terms [3]string

func (c terms) file(t *testing.T, id string) *refdata.File {
	t.Helper()
	f, err := refdata.Parse("f.yaml", []byte(strings.NewReplacer("ID", id, "FIRST", c[0], "SECOND", c[1], "THIRD", c[2]).Replace(account)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var (
	before = terms{"level: ITEM, default: {rate: 4}", "level: ORDER, default: {flat: 5}", "level: ITEM, default: {rate: 10}"}
	after  = terms{"level: ORDER, default: {rate: 7.5}", "level: ITEM, default: {flat: 0.25}", "level: ITEM, default: {rate: 10}, cap: 3"}
	others = terms{
		"level: ITEM, default: {rate: 3.3}, groups: [{id: 1, payout: {rate: 12}, rules: [{variable: CUSTOMER_STATUS, operator: IS, values: [NEW]}]}], cap: 4",
		"level: ORDER, default: {flat: 2.5}, groups: [{id: 1, payout: {rate: 9}, rules: [{variable: ORDER_TOTAL, operator: GREATER_THAN, values: [30]}]}]",
		"level: ORDER, default: {rate: 8.25}",
	}
)

// harness is a store with both accounts.
type harness struct {
	*testing.T
	*sqlstore.Store
	now time.Time
}

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
	h := &harness{T: t, Store: st, now: start}
	h.record(before.file(t, "1"))
	h.record(others.file(t, "2"))
	return h
}

func (h *harness) record(f *refdata.File) {
	h.Helper()
	if _, err := f.Record(h.Context(), h, h.now, byTest); err != nil {
		h.Fatal(err)
	}
}

// apply sends commands to both accounts and applies them.
func (h *harness) apply(commands ...ledger.Command) {
	h.Helper()
	h.now = h.now.Add(time.Minute)
	for _, account := range []int64{actual, other} {
		var batch []store.Submission
		for _, c := range commands {
			batch = append(batch, store.Submission{Submission: ledger.Submission{Command: c}})
		}
		_, err := h.Accept(h.Context(), account, h.now, batch)
		for n := 1; err == nil && n > 0; {
			n, err = h.Apply(h.Context(), account, h.now, store.MaxBatch, ledger.Decide)
		}
		if err != nil {
			h.Fatal(err)
		}
	}
}

func (h *harness) estimate(account int64, span search.TimeRange, t tried.Terms) whatif.Result {
	h.Helper()
	r, err := whatif.Estimate(h.Context(), h, account, span, t)
	if err != nil || r.Account != account {
		h.Fatal(err)
	}
	return r
}

func ptr[T any](v T) *T { return &v }

// order returns a conversion with random items.
func (h *harness) order(r *rand.Rand, id string) ledger.Command {
	c := ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: h.now.Add(-time.Duration(r.IntN(48)) * time.Hour), Order: id, Partner: 10 + r.Int64N(2),
		CustomerStatus: []string{"NEW", "OLD", ""}[r.IntN(3)],
	}
	if r.IntN(3) == 0 {
		c.Campaign, c.EventType, c.Partner, c.CustomerStatus = 1001, 2241, 10, ""
	}
	if r.IntN(8) == 0 {
		c.Inquiry, c.Payout = 1, ptr(money.Decimal(r.Int64N(90_000)))
	}
	for i := range 1 + r.IntN(3) {
		c.Lines = append(c.Lines, ledger.ConversionLine{
			Number: i + 1, SKU: string(rune('A' + i)), Quantity: ptr(r.Int64N(3) + 1), Amount: ptr(money.Decimal(r.Int64N(400_000)) / 100 * 100),
		})
	}
	return c
}

// change returns a random change of the order, the n-th submission of the account.
func change(r *rand.Rand, id string, n int64) ledger.Command {
	address := ledger.Address{EventType: 2240, Order: id}
	if r.IntN(3) == 0 {
		address.EventType = 2241
	}
	item := ledger.ItemChange{SKU: string(rune('A' + r.IntN(2)))}
	switch r.IntN(8) {
	case 0:
		return ledger.Reversal{Address: address, Reason: "ITEM_RETURNED"}
	case 1:
		return ledger.Modification{Address: address, Reason: ledger.ReasonReset}
	case 2, 3:
		return ledger.Undo{Submission: 1 + r.Int64N(n)}
	case 4:
		item.Amount = ptr(money.Decimal(r.Int64N(400_000)) / 100 * 100)
	case 5:
		item.QuantityDelta = ptr(r.Int64N(4) - 1)
	default:
		item.Quantity = ptr(r.Int64N(4))
	}
	return ledger.Modification{Address: address, Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{item}}
}

// applyRandom applies random orders and changes of them. In the middle, the terms of the first
// account change.
func (h *harness) applyRandom(r *rand.Rand, submissions int64) {
	h.Helper()
	var batch []ledger.Command
	for n := range submissions {
		if n == submissions/2 {
			h.record(after.file(h.T, "1"))
		}
		if id := fmt.Sprintf("order-%d", r.Int64N(n/4+1)); r.IntN(3) == 0 {
			batch = append(batch, h.order(r, id))
		} else {
			batch = append(batch, change(r, id, n+1))
		}
		if len(batch) == 20 {
			h.apply(batch...)
			batch = nil
		}
	}
}

// TestAnEstimateIsWhatTheOtherTermsWouldHavePaid compares the estimates for an account with the
// payouts of another one that had the terms to try all along, and vice versa.
func TestAnEstimateIsWhatTheOtherTermsWouldHavePaid(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		h := open(t)
		h.applyRandom(rand.New(rand.NewPCG(seed, 1)), 600)
		try := others.file(t, "2").Terms()[other]
		got, want := h.estimate(actual, search.TimeRange{}, try), h.estimate(other, search.TimeRange{}, nil)
		if len(got.Lines) != 3 || got.Failed != 0 {
			t.Fatalf("seed %d: %+v", seed, got)
		}
		for i, line := range want.Lines {
			present := h.estimate(actual, search.TimeRange{}, nil).Lines[i]
			if present.Payout == line.Payout {
				t.Errorf("seed %d: the terms pay the same, %+v", seed, line)
			}
			present.Tried, present.Difference = line.Payout, got.Lines[i].Difference
			if diff := cmp.Diff(present, got.Lines[i]); diff != "" {
				t.Errorf("seed %d: %s", seed, diff)
			}
			if line.Tried != line.Payout || line.Orders < 10 || line.Difference != "0.00" {
				t.Errorf("seed %d: without terms to try, the line is %+v", seed, line)
			}
		}
		if same := h.estimate(other, search.TimeRange{}, try); cmp.Diff(want.Lines, same.Lines) != "" {
			t.Errorf("seed %d: with the present terms, the lines are %+v, want %+v", seed, same.Lines, want.Lines)
		}
	}
}

// TestTermsThatPricedNothingChangeNothing tries terms of contracts that were never in force: every
// submission is decided again, by the recorded terms.
func TestTermsThatPricedNothingChangeNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.applyRandom(rand.New(rand.NewPCG(7, 7)), 300)
	file := strings.NewReplacer("77", "177", "78", "178", "79", "179", "ID", "1", "FIRST", after[0], "SECOND", after[1], "THIRD", after[2],
		"2026-01-01", "2031-01-01").Replace(account)
	f, err := refdata.Parse("f.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	h.record(f)
	got := h.estimate(actual, search.TimeRange{}, f.Terms()[actual])
	for _, line := range got.Lines {
		if line.Difference != "0.00" || line.Payout == "0.00" {
			t.Errorf("%+v", line)
		}
	}
	if got.Total.Orders < 30 || got.Failed != 0 {
		t.Errorf("the total is %+v, %d failed: %s", got.Total, got.Failed, got.Reason)
	}
}

func TestAnEstimateCountsTheOrdersOfItsSpan(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i, at := range []time.Time{start.Add(-2 * time.Hour), start.Add(-time.Hour), start} {
		h.apply(ledger.Conversion{
			Campaign: 1000, EventType: 2240, EventDate: at, Order: fmt.Sprint(i), Partner: 10,
			Prices: ledger.Prices{Lines: []ledger.ConversionLine{{Number: 1, SKU: "A", Amount: ptr(money.Whole(10))}}},
		})
	}
	got := h.estimate(actual, search.TimeRange{Start: start.Add(-time.Hour), End: start}, others.file(t, "1").Terms()[actual])
	sums := whatif.Sums{Orders: 1, Revenue: "10.00", Payout: "0.40", Tried: "0.33", Difference: "-0.07"}
	want := whatif.Result{
		Account: actual, Currency: "USD", Since: start.Add(-time.Hour), Until: start, Total: sums,
		Lines: []whatif.Line{{Partner: 10, PartnerName: "Blog", EventType: 2240, EventTypeName: "Sale", Sums: sums}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnEstimateCountsOrdersThatTheTermsCannotPrice(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i, quantity := range []int64{1, 5_000_000} {
		h.apply(ledger.Conversion{
			Campaign: 1000, EventType: 2240, EventDate: start, Order: fmt.Sprint(i), Partner: 10,
			Prices: ledger.Prices{Lines: []ledger.ConversionLine{{Number: 1, SKU: "A", Quantity: &quantity, Amount: ptr(money.Whole(10))}}},
		})
	}
	h.apply(ledger.Modification{
		Address: ledger.Address{EventType: 2240, Order: "0"}, Reason: ledger.ReasonOrderUpdate,
		Items: []ledger.ItemChange{{SKU: "A", Quantity: ptr[int64](6_000_000)}},
	})
	got := h.estimate(actual, search.TimeRange{}, terms{"level: ITEM, default: {flat: 999999}", before[1], before[2]}.file(t, "1").Terms()[actual])
	if got.Failed != 2 || got.First != "1000.2240.1" || !strings.Contains(got.Reason, "would exceed 12 digits") || len(got.Lines) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestAnExpectedUpdateIsNoConditionOfAnEstimate tries terms by which a change of an item also
// changes the payout of another one, which is an update that its caller never saw.
func TestAnExpectedUpdateIsNoConditionOfAnEstimate(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.apply(ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: start, Order: "a", Partner: 10,
		Prices: ledger.Prices{Lines: []ledger.ConversionLine{
			{Number: 1, SKU: "A", Quantity: ptr[int64](4), Amount: ptr(money.Whole(40))}, {Number: 2, SKU: "B", Amount: ptr(money.Whole(10))},
		}},
	})
	set := func(quantity int64, expected ids.UpdateID) {
		h.apply(ledger.Modification{
			Address: ledger.Address{EventType: 2240, Order: "a"}, Reason: ledger.ReasonOrderUpdate, Expected: expected,
			Items: []ledger.ItemChange{{SKU: "A", Quantity: &quantity}},
		})
	}
	set(3, ids.UpdateID{})
	set(1, ids.UpdateID{Action: ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1}, Number: 3})
	got := h.estimate(actual, search.TimeRange{}, terms{"level: ORDER, default: {flat: 5}", before[1], before[2]}.file(t, "1").Terms()[actual])
	want := whatif.Sums{Orders: 1, Revenue: "20.00", Payout: "0.80", Tried: "5.00", Difference: "4.20"}
	if diff := cmp.Diff(want, got.Total); diff != "" || got.Failed != 0 {
		t.Error(diff, got.Reason)
	}
}

func TestAnEstimateNamesTermsThatAreNotRecorded(t *testing.T) {
	t.Parallel()
	h := open(t)
	try := others.file(t, "1").Terms()[actual]
	new := program.TermsOf{Contract: 80, EventType: 2240}
	try[new] = program.Terms{}
	if got := h.estimate(actual, search.TimeRange{}, try); !slices.Equal(got.NotRecorded, []string{"80/2240"}) {
		t.Errorf("not recorded: %q", got.NotRecorded)
	}
	_, err := whatif.Estimate(h.Context(), h, actual, search.TimeRange{}, tried.Terms{new: {}})
	if !errors.Is(err, whatif.ErrNotRecorded) {
		t.Errorf("none is recorded: %v", err)
	}
}

func TestASpanBeginsAtADateOrADurationAgo(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, time.February, 1, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		since, until string
		want         search.TimeRange
		field        string
	}{
		{"90d", "", search.TimeRange{Start: start.Add(-90 * 24 * time.Hour)}, ""},
		{"36h", "", search.TimeRange{Start: start.Add(-36 * time.Hour)}, ""},
		{"2026-02-01", "2026-02-01T12:00:00Z", search.TimeRange{Start: midnight, End: midnight.Add(4 * time.Hour)}, ""},
		{"", "", search.TimeRange{}, "since"},
		{"soon", "", search.TimeRange{}, "since"},
		{"90d", "soon", search.TimeRange{}, "until"},
		{"1d", "2026-02-01", search.TimeRange{}, "until"},
	} {
		got, err := whatif.ParseSpan(c.since, c.until, start, zone)
		invalid := (*whatif.SpanError)(nil)
		if errors.As(err, &invalid); (err == nil) != (c.field == "") || invalid != nil && invalid.Field != c.field || err == nil && got != c.want {
			t.Errorf("%q to %q: %v, %v", c.since, c.until, got, err)
		}
	}
}

func TestAnEstimateEndsWithItsContextAndForUnknownAccounts(t *testing.T) {
	t.Parallel()
	h := open(t)
	if _, err := whatif.Estimate(h.Context(), h, 3, search.TimeRange{}, nil); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an unknown account: %v", err)
	}
	ctx, cancel := context.WithCancel(h.Context())
	cancel()
	if _, err := whatif.Estimate(ctx, h, actual, search.TimeRange{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
