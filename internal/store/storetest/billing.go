package storetest

import (
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var losAngeles = func() *time.Location {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	return zone
}()

// firstOf returns the first instant of a month in the test's zone.
func firstOf(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, losAngeles)
}

// Orders of November lock in November and clear on 20 December.
var billingGuarantees = []guarantee{
	{"an action is invoiced once the period in which it clears has ended", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		payout := f.action(1).Payout
		same(f, 0, len(f.bill(firstOf(2026, 12))), "invoices of November")
		same(f, 0, len(f.bill(firstOf(2027, 1).Add(-time.Second))), "invoices before the end of December")
		same(f, []invoice.ID{{Partner: partner, Number: 1}}, f.bill(firstOf(2027, 1)), "invoices of December")
		same(f, 0, len(f.bill(firstOf(2027, 1))), "invoices when it is done again")
		same(f, 0, len(f.bill(firstOf(2027, 3))), "later invoices")
		v := f.invoices()[0]
		same(f, invoice.Totals{Net: 2 * payout, Total: 2 * payout}, v.Totals, "totals")
		same(f, int64(2), v.Lines[0].Actions, "actions")
		same(f, "2026-12", v.Period.String(), "period")
		same(f, firstOf(2027, 1).UTC(), v.Created, "creation")
		same(f, time.Date(2027, 1, 21, 0, 0, 0, 0, losAngeles).UTC(), v.Due, "due date")
	}},
	{"an invoice has the payout at locking, and none of reversed actions", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		f.accept(setQuantity("a", "12345", 0), reverse("b"))
		f.apply()
		f.bill(firstOf(2027, 1))
		same(f, f.action(1).Payout, f.invoices()[0].Net, "net")
		same(f, int64(1), f.invoices()[0].Entries, "entries")
	}},
	{"a period is not closed while submissions that were accepted in it are queued", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		f.now = firstOf(2027, 1).Add(-time.Second)
		f.accept(f.order("late")) // an order of December
		same(f, 0, len(f.bill(firstOf(2027, 1))), "invoices")
		f.now = firstOf(2027, 1).Add(time.Minute)
		f.accept(f.order("next"))
		f.apply()
		same(f, 1, len(f.bill(f.now)), "invoices once it is applied")
		same(f, int64(1), f.invoices()[0].Entries, "entries")
	}},
	{"no submission is accepted with an instant in a closed period", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		same(f, 1, len(f.bill(firstOf(2027, 1))), "invoices")
		f.now = firstOf(2027, 1).Add(-time.Hour) // of a process whose clock is slow
		same(f, firstOf(2027, 1).UTC(), f.accept(f.order("b"))[0].Accepted, "acceptance")
		f.apply()
	}},
	{"an action that was locked when it was tracked is in the open period", func(f *fixture) {
		old := f.order("old")
		old.EventDate = f.now.AddDate(0, -6, 0)
		f.accept(old, f.order("a"))
		f.apply()
		same(f, []invoice.ID{{Partner: partner, Number: 1}}, f.bill(firstOf(2026, 12)), "invoices of November")
		same(f, "2026-05", f.invoices()[0].Lines[0].Month.String(), "month of the EventDate")
		same(f, []invoice.ID{{Partner: partner, Number: 2}}, f.bill(firstOf(2027, 1)), "invoices of December")
	}},
	{"a balance below the minimum is carried to a later invoice", func(f *fixture) {
		least := money.Whole(1)
		change := reference(account)
		p := change.Reference.Partners[partner]
		f.accept(f.order("a"))
		f.apply()
		p.MinimumPayout = new(money.Decimal(f.action(1).Payout)*100 + least)
		change.Reference = program.Reference{Partners: map[int64]program.Partner{partner: p}}
		f.record(account, change)
		same(f, 0, len(f.bill(firstOf(2027, 1))), "invoices of December")
		f.now = firstOf(2027, 1).Add(time.Hour)
		next := f.order("b")
		next.EventDate = f.now
		big := money.Whole(10_000)
		next.Lines[0].Amount, next.Lines[0].Price, next.Lines[0].SubTotal = &big, nil, nil
		f.accept(next)
		f.apply()
		same(f, []invoice.ID{{Partner: partner, Number: 1}}, f.bill(firstOf(2027, 3)), "invoices of January and February")
		v := f.invoices()[0]
		same(f, "2027-02", v.Period.String(), "period")
		same(f, int64(2), v.Entries, "entries")
	}},
	{"settings as of the period's end apply, whenever the invoice is issued", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		change := reference(account)
		p := change.Reference.Partners[partner]
		for _, rate := range []int64{20, 30} { // the first one at the period's end
			p.VATRate = money.Whole(rate)
			change.Reference = program.Reference{Partners: map[int64]program.Partner{partner: p}}
			f.now = firstOf(2027, 1).Add(time.Duration(rate-20) * time.Microsecond)
			f.record(account, change)
		}
		f.bill(firstOf(2027, 2))
		same(f, money.Whole(20), f.invoices()[0].VATRate, "rate")
	}},
	{"invoices are issued exactly once if several processes bill at once", func(f *fixture) {
		for range 8 {
			f.accept(f.order("a"+f.now.String()), f.order("b"+f.now.String()))
			f.now = f.now.Add(time.Hour)
		}
		f.apply()
		var processes sync.WaitGroup
		for range 4 {
			processes.Go(func() {
				for {
					billed, err := f.Bill(f.Context(), account, firstOf(2027, 1))
					if err != nil {
						f.Error(err)
					}
					if err != nil || !billed.Progress {
						return
					}
				}
			})
		}
		processes.Wait()
		same(f, 1, len(f.invoices()), "invoices")
		same(f, int64(16), f.invoices()[0].Entries, "entries")
	}},
}

// bill bills the account until nothing more is due, and returns the ids of the invoices.
func (f *fixture) bill(now time.Time) (issued []invoice.ID) {
	f.Helper()
	for {
		billed := must(f.Bill(f.Context(), account, now))(f)
		issued = append(issued, billed.Invoices...)
		if !billed.Progress {
			return issued
		}
	}
}

// invoices returns all invoices of the account.
func (f *fixture) invoices() (found []invoice.Invoice) {
	f.Helper()
	err := f.Scan(f.Context(), account, func(c store.Contents) error {
		b, err := c.Billing()
		if err != nil {
			return err
		}
		for v, err := range b.Invoices {
			if err != nil {
				return err
			}
			found = append(found, v.Invoice)
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	return found
}
