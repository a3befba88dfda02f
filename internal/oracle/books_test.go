package oracle_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// invoiceStates are what the sequences must cover.
var invoiceStates = []string{
	"ACTION", "ADJUSTMENT", "BONUS", "WRITE_OFF", "reversed action", "carried balance", "negative balance", "forced invoice", "nothing to force",
	"nothing to write off", "payment", "converted total", "total without a rate", "several lines", "several campaigns", "VAT", "VAT below zero",
	"second invoice", "PENDING", "PAID", "OVERDUE",
}

// TestInvoicesAgreeWithOracle compares the invoices of package invoice with those of the second
// implementation, after random submissions and operations.
func TestInvoicesAgreeWithOracle(t *testing.T) {
	t.Parallel()
	seed := *oracleSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	scenarios, seen := testenv.Scale(400, 2000), newCounts()
	if *oracleScenarios != 0 {
		scenarios = *oracleScenarios
	}
	for _, seed := range []uint64{fixedSeed, seed} {
		for number := range uint64(scenarios) {
			c := random(seed, number)
			if difference := compareBooks(c, scenario.New(c), seen); difference != "" {
				t.Fatalf("seed %d, scenario %d: %s", seed, number, difference)
			}
		}
	}
	for _, state := range invoiceStates {
		t.Logf("%-25s %8d", state, seen.of[state])
		if *oracleScenarios == 0 {
			seen.checkSeen(t, state)
		}
	}
}

// compareBooks applies submissions and operations and returns the difference between both
// implementations, or an empty text.
func compareBooks(c scenario.Choices, s scenario.Scenario, seen *counts) string {
	books, statements, err := applyBoth(c, s, seen)
	if err != nil {
		return err.Error()
	}
	operations, end := s.Operations(c)
	for _, op := range operations {
		books.Close(op.At)
		if err := statements.close(op.At); err != nil {
			return err.Error()
		}
		if difference := operate(books, statements, op, seen); difference != "" {
			return fmt.Sprintf("%+v: %s", op, difference)
		}
	}
	books.Close(end)
	if err := statements.close(end); err != nil {
		return err.Error()
	}
	countInvoices(books, s, seen)
	return statements.compare(books, end, seen)
}

// applyBoth decides random submissions by both implementations and returns what they owe.
func applyBoth(c scenario.Choices, s scenario.Scenario, seen *counts) (*oracle.Books, *statements, error) {
	g, o := scenario.NewGenerator(c, s), oracle.New(s.History, s.Clicks)
	owed := &statements{history: s.History, zone: s.Zone, closed: program.MonthOf(s.Start, s.Zone).Start(s.Zone), invoices: make(map[int64][]invoice.Record)}
	accepted := make(map[int64]time.Time)
	for step := range g.Steps() {
		o.Judge(step.Submission, ledger.ApplyContext{At: step.At, Update: g.Memory.LastUpdate + 1})
		change, err := g.Memory.Apply(step.Submission, step.At)
		if rejected := (*rejection.Rejection)(nil); err != nil && !errors.As(err, &rejected) {
			return nil, nil, err
		}
		accepted[step.Number] = step.Accepted
		for _, d := range change.Adjustments {
			owed.entries = append(owed.entries, d.Entry(change.Action))
		}
	}
	for _, a := range g.Memory.Actions {
		e, due := a.Entry(accepted[a.ID.Number], s.History[len(s.History)-1].Reference)
		if !due {
			seen.of["reversed action"]++
			continue
		}
		owed.entries = append(owed.entries, e)
	}
	return o.Books(s.Start), owed, nil
}

// operate does the operation in both books and returns the difference of the results.
func operate(books *oracle.Books, owed *statements, op scenario.Operation, seen *counts) string {
	before := len(books.Entries)
	switch op.Kind {
	case scenario.Bonus:
		books.Bonus(op.At, op.Partner, op.Campaign, int64(op.Amount))
	case scenario.WriteOff:
		if !books.WriteOff(op.At, op.Partner) {
			seen.of["nothing to write off"]++
		}
	case scenario.Force:
		want := books.Force(op.Partner)
		got, err := owed.issue(op.Partner, true)
		if err != nil || got != want {
			return fmt.Sprintf("invoice %q, oracle %q (%v)", got, want, err)
		}
		if want == "" {
			seen.of["nothing to force"]++
		}
	case scenario.Pay:
		id := invoice.ID{Partner: op.Partner, Number: op.Number}
		if books.Pay(id.String()) {
			owed.invoices[op.Partner][op.Number-1].Payment = &invoice.Payment{}
			seen.of["payment"]++
		}
	}
	for _, e := range books.Entries[before:] { // entries of operators are given
		owed.entries = append(owed.entries, invoice.Entry{
			Kind: invoice.Kind(e.Kind), ID: e.ID, Partner: e.Partner, Campaign: e.Campaign, Date: e.Date, EventDate: e.EventDate, Amount: money.Amount(e.Amount),
		})
	}
	return ""
}

// statements are what an account owes its partners, by the rules of package invoice.
type statements struct {
	history  oracle.History
	zone     *time.Location
	entries  []invoice.Entry
	invoices map[int64][]invoice.Record
	// closed is the end of the last closed period.
	closed time.Time
}

// close closes each period that has ended by an instant.
func (o *statements) close(at time.Time) error {
	for {
		end := program.MonthOf(o.closed, o.zone).End(o.zone)
		if end.After(at) {
			return nil
		}
		o.closed = end
		for partner := range o.history[0].Reference.Partners {
			if _, err := o.issue(partner, false); err != nil {
				return err
			}
		}
	}
}

// issue issues the partner's invoice of the last closed period and returns its id, or an empty
// text if there is none.
func (o *statements) issue(partner int64, force bool) (string, error) {
	var s invoice.Statement
	for _, e := range o.open(partner) {
		if err := s.Add(e, o.zone); err != nil {
			return "", err
		}
	}
	if force && s.Net()+o.writtenOff(partner) <= 0 {
		return "", nil
	}
	id := invoice.ID{Partner: partner, Number: int64(len(o.invoices[partner])) + 1}
	terms := invoice.TermsOf(o.history.At(o.closed), partner, o.history.RatesAt(o.closed))
	v, reason, err := s.Invoice(id, program.MonthOf(o.closed, o.zone).Add(-1), terms, force)
	if err != nil || reason != "" {
		return "", err
	}
	o.invoices[partner] = append(o.invoices[partner], invoice.Record{Invoice: v})
	return v.ID.String(), nil
}

// writtenOff returns the sum of the partner's write-offs of the open period.
func (o *statements) writtenOff(partner int64) (sum money.Amount) {
	for _, e := range o.entries {
		if e.Partner == partner && e.Kind == invoice.KindWriteOff && !e.Date.Before(o.closed) {
			sum += e.Amount
		}
	}
	return sum
}

// open returns the partner's entries of closed periods that are on no invoice, in their order.
func (o *statements) open(partner int64) (open []invoice.Entry) {
	var since time.Time
	if n := len(o.invoices[partner]); n > 0 {
		since = o.invoices[partner][n-1].Created
	}
	for _, e := range o.entries {
		if e.Partner == partner && !e.Date.Before(since) && e.Date.Before(o.closed) {
			open = append(open, e)
		}
	}
	slices.SortFunc(open, func(a, b invoice.Entry) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return open
}

// compare returns the difference from the oracle's books, or an empty text.
func (o *statements) compare(books *oracle.Books, at time.Time, seen *counts) string {
	byID := func(a, b invoice.Record) int { return cmp.Compare(a.ID.String(), b.ID.String()) }
	records := slices.SortedFunc(slices.Values(slices.Concat(slices.Collect(maps.Values(o.invoices))...)), byID)
	var got []oracle.Invoice
	for _, v := range records {
		got = append(got, oracle.ConvertInvoice(v))
	}
	want := slices.SortedFunc(slices.Values(books.Invoices), func(a, b oracle.Invoice) int { return cmp.Compare(a.ID, b.ID) })
	if diff := gocmp.Diff(want, got); diff != "" {
		return "invoices (-oracle +rules):\n" + diff
	}
	for i, v := range records {
		for _, at := range []time.Time{at, v.Created, v.Due, v.Due.Add(1)} {
			status, want := string(v.Status(at)), want[i].StatusAt(at)
			if status != want {
				return fmt.Sprintf("invoice %s is %s at %s, oracle %s", v.ID, status, at, want)
			}
			seen.of[want]++
		}
	}
	var entries []oracle.Entry
	for _, e := range o.entries {
		converted := oracle.ConvertEntry(e)
		settlement, _ := o.settlements(e.Partner, at).Find(e.Date)
		converted.Invoice = settlement.ID.String()
		entries = append(entries, converted)
	}
	byKey := func(a, b oracle.Entry) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }
	if diff := gocmp.Diff(slices.SortedFunc(slices.Values(books.Entries), byKey), slices.SortedFunc(slices.Values(entries), byKey)); diff != "" {
		return "entries (-oracle +rules):\n" + diff
	}
	return ""
}

func (o *statements) settlements(partner int64, at time.Time) (list invoice.Settlements) {
	for _, v := range o.invoices[partner] {
		list = append(list, invoice.Settlement{ID: v.ID, Created: v.Created, Status: v.Status(at)})
	}
	return list
}

// countInvoices counts what the invoices and entries cover.
func countInvoices(books *oracle.Books, s scenario.Scenario, seen *counts) {
	for _, e := range books.Entries {
		seen.of[e.Kind]++
	}
	for _, v := range books.Invoices {
		campaigns, negative := make(map[int64]bool), false
		for _, line := range v.Lines {
			campaigns[line.Campaign] = true
			negative = negative || line.VAT < 0
		}
		created := time.Unix(0, v.Created)
		var partner, number int64
		if _, err := fmt.Sscanf(v.ID, "%d-%d", &partner, &number); err != nil {
			panic(err)
		}
		other := s.History.At(created).Partners[partner].Currency
		for state, is := range map[string]bool{
			"forced invoice": v.Forced, "several lines": len(v.Lines) > 1, "several campaigns": len(campaigns) > 1, "VAT": v.VAT != 0,
			"VAT below zero": negative, "second invoice": number == 2, "converted total": v.Converted != oracle.Converted{},
			"total without a rate": v.Converted == oracle.Converted{} && other != "" && other != string(v.Currency),
		} {
			if is {
				seen.of[state]++
			}
		}
	}
	for _, partner := range slices.Sorted(maps.Keys(s.History[0].Reference.Partners)) {
		switch carried := books.Balance(partner, s.Start).Carried; {
		case carried > 0:
			seen.of["carried balance"]++
		case carried < 0:
			seen.of["negative balance"]++
		}
	}
}
