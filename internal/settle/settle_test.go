package settle_test

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/settle"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// source has three invoices of partner 9, and counts the reads by partner.
type source struct {
	reads map[int64]int
	err   error
}

// day returns the first instant of a day of 2026 in the test's zone.
func day(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, wiretest.Zone("America/Los_Angeles")).UTC()
}

func number(n int64) invoice.ID { return invoice.ID{Partner: 9, Number: n} }

func (s source) Settlements(partner int64, _ time.Time) (invoice.Settlements, error) {
	s.reads[partner]++
	if partner != 9 {
		return nil, s.err
	}
	return invoice.Settlements{
		{Created: day(3, 15)},
		{ID: number(1), Created: day(4, 1), Status: invoice.Paid},
		{ID: number(2), Created: day(7, 1), Status: invoice.Overdue},
		{ID: number(3), Created: day(10, 1), Status: invoice.Pending},
	}, s.err
}

// Accepted returns the end of the second period, less a moment.
func (s source) Accepted(int64) (time.Time, error) { return day(7, 1).Add(-time.Microsecond), s.err }

func finder(t *testing.T, err error) (*settle.Finder, source) {
	s := source{make(map[int64]int), err}
	return settle.NewFinder(s, wiretest.Reference(t), wiretest.Now), s
}

func TestAnActionHasTheStatusOfItsInvoice(t *testing.T) {
	for name, c := range map[string]struct {
		locking time.Time // clears on the 20th of the next month
		change  func(a *ledger.Action)
		want    invoice.Status
		reads   int
	}{
		"a pending action reads nothing":            {day(10, 26), func(*ledger.Action) {}, "", 0},
		"a reversed action reads nothing":           {day(5, 1), func(a *ledger.Action) { a.Reversed = true }, "", 0},
		"on an invoice that was paid":               {day(2, 1), func(a *ledger.Action) { a.Created = day(1, 1) }, invoice.Paid, 1},
		"cleared before the ledger issued invoices": {day(1, 10), func(a *ledger.Action) { a.Created = day(1, 1) }, "", 1},
		"on an invoice that is overdue":             {day(5, 1), func(a *ledger.Action) { a.Created = day(4, 1) }, invoice.Overdue, 1},
		"on an invoice that is to be paid":          {day(8, 1), func(a *ledger.Action) { a.Created = day(7, 1) }, invoice.Pending, 1},
		"cleared after the last invoice":            {day(9, 30), func(a *ledger.Action) { a.Created = day(9, 1) }, "", 1},
		"applied after it cleared, in one period":   {day(5, 1), func(a *ledger.Action) { a.Created = day(6, 29) }, invoice.Overdue, 1},
		"accepted in the period before the one in which it was applied": {
			day(2, 1), func(a *ledger.Action) { a.Created = day(7, 1) }, invoice.Overdue, 1,
		},
		"a partner without invoices": {day(5, 1), func(a *ledger.Action) { a.Partner = 8 }, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			f, s := finder(t, nil)
			a := wiretest.Action()
			a.LockingDate = c.locking
			c.change(&a)
			for range 2 { // the second time from memory
				if got, err := f.Status(a); err != nil || got != c.want {
					t.Errorf("the status is %q, want %q (%v)", got, c.want, err)
				}
			}
			if s.reads[a.Partner] != c.reads {
				t.Errorf("%d reads, want %d", s.reads[a.Partner], c.reads)
			}
		})
	}
}

// one returns a sequence of a value, or of an error.
func one[T any](v T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { yield(v, err) }
}

func first[T any](t *testing.T, all iter.Seq2[T, error]) T {
	t.Helper()
	for v, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	t.Fatal("the sequence is empty")
	panic("unreachable")
}

func TestObjectsOfSequencesHaveTheirInvoices(t *testing.T) {
	f, _ := finder(t, nil)
	a := wiretest.Action()
	a.LockingDate, a.Created = day(5, 1), day(4, 1)
	if got := first(t, f.Actions(one(a, nil))); got.Status != invoice.Overdue || got.ID != a.ID {
		t.Errorf("the action is %+v", got)
	}
	d := store.AdjustmentView{Adjustment: ledger.Adjustment{Effective: day(4, 1)}, Partner: 9}
	if got := first(t, f.Adjustments(one(d, nil))); got.Invoice != number(2) || got.Partner != 9 {
		t.Errorf("the adjustment is %+v", got)
	}
	e := invoice.Entry{Partner: 9, Date: day(4, 1).Add(-time.Microsecond)}
	if got := first(t, f.Entries(one(e, nil))); got.Invoice != number(1) || got.Entry != e {
		t.Errorf("the entry is %+v", got)
	}
}

func TestErrorsEndASequence(t *testing.T) {
	unavailable := errors.New("unavailable")
	failing, _ := finder(t, unavailable)
	working, _ := finder(t, nil)
	for name, all := range map[string]iter.Seq2[settle.Entry, error]{
		"of the settlements": failing.Entries(one(invoice.Entry{Partner: 9}, nil)),
		"of the entries":     working.Entries(one(invoice.Entry{}, unavailable)),
	} {
		count := 0
		for _, err := range all {
			if count++; !errors.Is(err, unavailable) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if count != 1 {
			t.Errorf("%s: %d values", name, count)
		}
	}
	if _, err := failing.Narrow(number(1), new(int64), new(search.TimeRange)); !errors.Is(err, unavailable) {
		t.Errorf("narrowing a filter: %v", err)
	}
}

func TestAFilterIsNarrowedToTheEntriesOfAnInvoice(t *testing.T) {
	for name, c := range map[string]struct {
		id          invoice.ID
		partner     int64
		dates       search.TimeRange
		matches     bool
		wantPartner int64
		want        search.TimeRange
	}{
		"no invoice":                {invoice.ID{}, 7, search.TimeRange{Start: day(1, 1)}, true, 7, search.TimeRange{Start: day(1, 1)}},
		"an invoice":                {number(2), 0, search.TimeRange{}, true, 9, search.TimeRange{Start: day(4, 1), End: day(7, 1)}},
		"the first invoice":         {number(1), 9, search.TimeRange{}, true, 9, search.TimeRange{Start: day(3, 15), End: day(4, 1)}},
		"with a later start":        {number(2), 0, search.TimeRange{Start: day(5, 1)}, true, 9, search.TimeRange{Start: day(5, 1), End: day(7, 1)}},
		"with an earlier end":       {number(2), 0, search.TimeRange{End: day(5, 1)}, true, 9, search.TimeRange{Start: day(4, 1), End: day(5, 1)}},
		"with dates after it":       {number(2), 0, search.TimeRange{Start: day(7, 1)}, false, 0, search.TimeRange{}},
		"of another partner":        {number(2), 8, search.TimeRange{}, false, 0, search.TimeRange{}},
		"an unknown number":         {number(4), 0, search.TimeRange{}, false, 0, search.TimeRange{}},
		"a partner without any":     {invoice.ID{Partner: 8, Number: 1}, 0, search.TimeRange{}, false, 0, search.TimeRange{}},
		"a partner that is unknown": {invoice.ID{Partner: 1 << 50, Number: 1 << 50}, 0, search.TimeRange{}, false, 0, search.TimeRange{}},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := finder(t, nil)
			partner, dates := c.partner, c.dates
			matches, err := f.Narrow(c.id, &partner, &dates)
			if err != nil || matches != c.matches || matches && (partner != c.wantPartner || dates != c.want) {
				t.Errorf("%t: partner %d, dates %+v (%v)", matches, partner, dates, err)
			}
		})
	}
}
