package storetest

import (
	"cmp"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var oracleGuarantees = []guarantee{
	{"entries, invoices and balances are those of the second implementation", func(f *fixture) { f.compareBooks(12) }},
}

// CompareBooks keeps the books of a number of scenarios in a new store and compares them with those
// of the second implementation of the rules. [Run] does the same with few scenarios.
func CompareBooks(t *testing.T, open Reopen, scenarios int) {
	t.Helper()
	newFixture(t, open).compareBooks(scenarios)
}

func (f *fixture) compareBooks(scenarios int) {
	f.Helper()
	entries, invoices := 0, 0
	for number := range int64(scenarios) {
		books := newScenarioTest(f, number).run()
		entries, invoices = entries+len(books.Entries), invoices+len(books.Invoices)
	}
	if entries < 20 || invoices < 10 {
		f.Errorf("the scenarios have only %d entries and %d invoices", entries, invoices)
	}
}

// scenarioTest compares an account in the store with one of package oracle.
type scenarioTest struct {
	*fixture
	scenario.Scenario

	account int64
	choices scenario.Choices
	oracle  *oracle.Oracle
	// versions are those of the reference data that are not recorded yet, and last is the
	// acceptance of the last submission.
	versions oracle.History
	last     time.Time
}

// pseudoRandom implements [scenario.Chooser].
type pseudoRandom struct{ *rand.Rand }

func (r pseudoRandom) Choose(n int) int { return r.IntN(n) }

func newScenarioTest(f *fixture, number int64) *scenarioTest {
	c := scenario.Choices{Chooser: pseudoRandom{rand.New(rand.NewPCG(20_261_128, uint64(number)))}}
	s := scenario.New(c)
	return &scenarioTest{fixture: f, Scenario: s, account: 1000 + number, choices: c, oracle: oracle.New(s.History, s.Clicks), versions: s.History}
}

// run does everything in the order of time and compares the results.
func (t *scenarioTest) run() *oracle.Books {
	t.Helper()
	g := scenario.NewGenerator(t.choices, t.Scenario)
	for step := range g.Steps() {
		t.submit(g, step)
	}
	operations, end := t.Operations(t.choices)
	books := t.oracle.Books(t.History[0].From)
	for _, op := range operations {
		if op.At.After(t.last) {
			t.recordUntil(op.At)
			t.bill(op.At)
			books.Close(op.At)
			t.operate(books, op)
		}
	}
	t.recordUntil(end)
	t.bill(end)
	books.Close(end)
	t.compare(books, end)
	return books
}

// recordUntil records the reference data of the versions up to an instant.
func (t *scenarioTest) recordUntil(at time.Time) {
	t.Helper()
	for ; len(t.versions) > 0 && !t.versions[0].From.After(at); t.versions = t.versions[1:] {
		v := t.versions[0]
		change := store.ReferenceChange{Reference: *v.Reference, RateTables: v.Rates}
		change.Reference.Account.ID, change.Reference.Account.Name = t.account, "Scenario"
		if v.From.Equal(t.History[0].From) {
			change.Clicks = t.Clicks
		}
		t.now = v.From
		t.record(t.account, change)
	}
}

// submit accepts and applies a submission in the store, and decides it by the oracle.
func (t *scenarioTest) submit(g *scenario.Generator, step scenario.Step) {
	t.Helper()
	t.recordUntil(step.Accepted)
	if c, is := step.Command.(ledger.Conversion); is {
		c.Payout, c.Inquiry = nil, 0 // there are no inquiries
		step.Command = c
	}
	accepted := submissions(must(t.Accept(t.Context(), t.account, step.Accepted, batchOf(step.Command)))(t.fixture))[0]
	step.Accepted, step.At = accepted.Accepted, accepted.Accepted
	same(t.fixture, step.Number, accepted.Number, "number")
	must(t.Apply(t.Context(), t.account, step.At, store.MaxBatch, ledger.Decide))(t.fixture)
	t.oracle.Judge(step.Submission, ledger.ApplyContext{At: step.At, Update: g.Memory.LastUpdate + 1})
	_, err := g.Memory.Apply(step.Submission, step.At) // the generator reads it
	if rejected := (*rejection.Rejection)(nil); err != nil && !errors.As(err, &rejected) {
		t.Fatal(err)
	}
	t.last = step.Accepted
}

// bill bills the account until nothing more is due.
func (t *scenarioTest) bill(now time.Time) {
	t.Helper()
	for progress := true; progress; {
		progress = must(t.Bill(t.Context(), t.account, now))(t.fixture).Progress
	}
}

// operate does the operation in the store and in the oracle's books.
func (t *scenarioTest) operate(books *oracle.Books, op scenario.Operation) {
	t.Helper()
	ctx, f := t.Context(), t.fixture
	switch op.Kind {
	case scenario.Bonus:
		b := store.Bonus{Partner: op.Partner, Campaign: op.Campaign, Amount: op.Amount}
		must(t.RecordBonus(ctx, t.account, op.At, b, t.auditEvent(store.OperationBonus)))(f)
		books.Bonus(op.At, op.Partner, op.Campaign, int64(op.Amount))
	case scenario.WriteOff:
		_, err := t.Store.WriteOff(ctx, t.account, op.At, op.Partner, t.auditEvent(store.OperationWriteOff))
		if !books.WriteOff(op.At, op.Partner) {
			wantError(f, store.ErrNothingCarried, err)
			err = nil
		}
		wantError(f, nil, err)
	case scenario.Force:
		id, err := t.ForceInvoice(ctx, t.account, op.At, op.Partner, t.auditEvent(store.OperationIssue))
		if refused := (*store.NotInvoicedError)(nil); !errors.As(err, &refused) {
			wantError(f, nil, err)
		}
		same(f, books.Force(op.Partner), id.String(), "forced invoice")
	case scenario.Pay:
		t.pay(books, invoice.ID{Partner: op.Partner, Number: op.Number}, op.At)
	}
}

func (t *scenarioTest) pay(books *oracle.Books, id invoice.ID, at time.Time) {
	t.Helper()
	payment := store.Payment{Payment: invoice.Payment{Invoice: id, Date: at}}
	for _, v := range books.Invoices {
		if v.ID == id.String() {
			payment.Amount = money.Amount(v.Total)
		}
	}
	err := t.RecordPayments(t.Context(), t.account, at, []store.Payment{payment}, t.auditEvent(store.OperationPay))
	if refused := (*store.PaymentError)(nil); errors.As(err, &refused) != !books.Pay(id.String()) {
		t.Fatalf("the payment of %s: %v", id, err)
	}
}

// compare compares the invoices, entries and balances.
func (t *scenarioTest) compare(books *oracle.Books, at time.Time) {
	t.Helper()
	f := t.fixture
	var invoices []oracle.Invoice
	var entries []oracle.Entry
	err := t.Read(t.Context(), t.account, func(snapshot store.Reader) error {
		r := snapshot.Statements()
		_, found, err := r.Invoices(search.InvoiceFilter{}, search.Page{Size: 1000, Number: 1})
		if err != nil {
			return err
		}
		for v := range values(f, found) {
			invoices = append(invoices, oracle.ConvertInvoice(v))
			for e := range values(f, r.InvoiceEntries(v.ID)) {
				converted := oracle.ConvertEntry(e)
				converted.Invoice = v.ID.String()
				entries = append(entries, converted)
			}
		}
		return t.compareBalances(r, books, at)
	})
	wantError(f, nil, err)
	byID := func(a, b oracle.Invoice) int { return cmp.Compare(a.ID, b.ID) }
	same(f, slices.SortedFunc(slices.Values(books.Invoices), byID), slices.SortedFunc(slices.Values(invoices), byID), "invoices")
	byKey := func(a, b oracle.Entry) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }
	onInvoices := slices.DeleteFunc(slices.Clone(books.Entries), func(e oracle.Entry) bool { return e.Invoice == "" })
	same(f, slices.SortedFunc(slices.Values(onInvoices), byKey), slices.SortedFunc(slices.Values(entries), byKey), "entries")
}

func (t *scenarioTest) compareBalances(r store.StatementReader, books *oracle.Books, at time.Time) error {
	balances, err := r.Balances([]int64{scenario.PartnerOne, scenario.PartnerTwo}, at)
	for _, b := range balances {
		got := oracle.Balance{
			Pending: int64(b.Pending), Locked: int64(b.Locked), Cleared: int64(b.Cleared), Carried: int64(b.Carried),
			Invoiced: int64(b.Invoiced), Paid: int64(b.Paid), WrittenOff: int64(b.WrittenOff),
		}
		same(t.fixture, books.Balance(b.Partner, at), got, "balance")
	}
	return err
}

// values returns the values of a sequence and fails the test on an error.
func values[T any](f *fixture, all iter.Seq2[T, error]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v, err := range all {
			if err != nil {
				f.Fatal(err)
			}
			if !yield(v) {
				return
			}
		}
	}
}
