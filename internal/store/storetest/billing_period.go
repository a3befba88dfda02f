package storetest

import (
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var billingPeriodGuarantees = []guarantee{
	{"entries of the last and of the first instant of a month are in different invoices", func(f *fixture) {
		// The months have both changes of the clock, the end of a year and 29 February.
		month := program.Month{Year: 2027, Month: time.February}
		for ; month.Before(program.Month{Year: 2028, Month: time.April}); month = month.Add(1) {
			end := month.End(losAngeles)
			f.now = end.Add(-time.Microsecond)
			f.accept(f.lockedOrder("last of " + month.String()))
			f.now = end
			f.accept(f.lockedOrder("first after " + month.String()))
			f.apply() // both are applied in the next month
			f.bill(end.Add(time.Second))
			v := f.invoices()[month.Year*12+int(month.Month)-2027*12-2]
			entries := int64(2)
			if v.ID.Number == 1 {
				entries = 1
			}
			same(f, month.String(), v.Period.String(), "period")
			same(f, end.UTC(), v.Created, "creation")
			same(f, entries, v.Entries, "entries of "+month.String())
		}
	}},
	{"an invoice is converted at the rate that was recorded by the period's end", func(f *fixture) {
		change := reference(account)
		p := change.Reference.Partners[partner]
		p.Currency = "EUR"
		f.record(account, store.ReferenceChange{Reference: program.Reference{Partners: map[int64]program.Partner{partner: p}}})
		f.accept(f.order("a"))
		f.apply()
		end := firstOf(2027, 1)
		for i, rate := range []money.Rate{"1.25", "1.6"} { // the second one is recorded after the end
			f.now = end.Add(time.Duration(i) * time.Minute).Add(-time.Minute)
			f.recordRates(rateTable("2026-12-28", map[money.Currency]money.Rate{"USD": rate}))
		}
		f.bill(end.Add(time.Hour))
		v := f.invoices()[0]
		want := invoice.Converted{Currency: "EUR", Rate: "0.8", Total: (v.Total*8 + 5) / 10}
		same(f, &want, v.Converted, "converted total")
	}},
	{"an invoice shows the account's currency alone if there is no rate", func(f *fixture) {
		change := reference(account)
		p := change.Reference.Partners[partner]
		p.Currency = "EUR" // its last rate is of 1 November
		f.record(account, store.ReferenceChange{Reference: program.Reference{Partners: map[int64]program.Partner{partner: p}}})
		f.accept(f.order("a"))
		f.apply()
		f.bill(firstOf(2027, 1))
		same(f, (*invoice.Converted)(nil), f.invoices()[0].Converted, "converted total")
	}},
}

// lockedOrder is an order whose action is locked and has cleared when it is tracked. Its entry
// is dated by the acceptance.
func (f *fixture) lockedOrder(id string) ledger.Conversion {
	c := f.order(fmt.Sprintf("%s of %d", id, f.now.Unix()))
	c.EventDate = f.now.AddDate(0, -6, 0)
	return c
}
